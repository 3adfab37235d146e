using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;

namespace Squero.Projects;

/// <summary>REST: which API this server speaks. Clients parse the number as that of the REST API's own releases.</summary>
internal static class VersionApi
{
    private const string SpokenVersion = "18.5.0";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v4/version", () => Results.Ok(new { Version = SpokenVersion, Revision = "squero" })).ForSignedIn(Scope.ReadUser);
        app.MapGet("/api/v4/metadata", () => Results.Ok(new { Version = SpokenVersion, Revision = "squero", Enterprise = false })).ForSignedIn(Scope.ReadUser);
        app.MapGet("/api/v4", () => Results.NotFound(new { Message = "404 Not Found" })).OpenToAll();
    }
}
