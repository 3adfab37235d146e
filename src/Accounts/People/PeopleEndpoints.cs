using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Squero.Accounts;

/// <summary>The form of the people page: an administrator makes an account and gets a one-time link for its owner.</summary>
internal static class PeopleEndpoints
{
    public static readonly object Invitation = new();

    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/-/admin/people", CreateAsync).ForAdmins();

    private static async Task<IResult> CreateAsync(HttpContext context, CreatePerson create, SetupLink links, CancellationToken cancel)
    {
        var form = await context.Request.ReadFormAsync(cancel);
        var person = await create.CreateAsync(
            form["username"].ToString().Trim(), form["name"], form["email"], null, form["admin"] == "true", cancel);
        context.Items[Invitation] = await links.ForAsync(person, cancel);
        context.Response.Headers.CacheControl = "no-store";
        return new RazorComponentResult<PeoplePage>();
    }
}
