using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Experiments;

/// <summary>REST: removing for good what is deleted. Maintainers alone: nobody brings it back.</summary>
internal static class RemovalApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v4/projects/{project}/ml").ForProject(Role.Maintainer, Scope.Api);
        group.MapDelete("/candidates/{uid}", CandidateAsync);
        group.MapDelete("/experiments/{iid:long}", ExperimentAsync);
    }

    private static async Task<IResult> CandidateAsync(ProjectAccess access, CandidateStore candidates, RemoveForGood removal, string uid, CancellationToken cancel)
    {
        var candidate = await candidates.FindAsync(access.Project.Id, uid, cancel) ?? throw Refusal.NotFound("This project has no such candidate.");
        await removal.CandidateAsync(candidate, cancel);
        return Results.NoContent();
    }

    private static async Task<IResult> ExperimentAsync(ProjectAccess access, ExperimentStore experiments, RemoveForGood removal, long iid, CancellationToken cancel)
    {
        var experiment = await experiments.FindAsync(access.Project.Id, iid, cancel) ?? throw Refusal.NotFound("This project has no such experiment.");
        await removal.ExperimentAsync(experiment, cancel);
        return Results.NoContent();
    }
}
