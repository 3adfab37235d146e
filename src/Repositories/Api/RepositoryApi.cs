using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>REST v4 below /projects/:id/repository: reading for who may read code, writing for developers.</summary>
internal static class RepositoryApi
{
    private const string Root = "/api/v4/projects/{project}/repository";

    public static void Map(IEndpointRouteBuilder app)
    {
        var read = app.MapGroup(Root).ForProject(Role.None, Scope.ReadApi);
        var write = app.MapGroup(Root).ForProject(Role.Developer, Scope.Api);
        BranchApi.Map(read, write);
        TagApi.Map(read, write);
        TreeApi.Map(read);
        FileApi.Map(read, write);
        CommitApi.Map(read, write);
        CompareApi.Map(read);
    }
}
