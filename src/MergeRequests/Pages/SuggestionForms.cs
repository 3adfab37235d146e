using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;
using Squero.Ui;

namespace Squero.MergeRequests;

/// <summary>What the pages post to apply suggestions: one, or those that were collected.</summary>
internal static class SuggestionForms
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/project/{project}/merge_requests/{iid:long}/suggestions", ApplyAsync).ForProject(Role.Developer, Scope.Api);

    private static async Task<IResult> ApplyAsync(
        HttpContext context, ProjectAccess access, long iid, MergeRequestStore requests, ApplySuggestions apply, CancellationToken cancel)
    {
        MergeRequestRules.RequireWriter(access, Role.Developer, "apply suggestions");
        var form = await context.Request.ReadFormAsync(cancel);
        var request = await RequestForms.FindAsync(requests, access, iid, cancel);
        var ids = form["suggestion"].Select(text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw Refusal.Invalid("A suggestion is named by its number.")).Distinct().ToList();
        Flash.Leave(context, await apply.ApplyAsync(access.Project, request, ids, form["sha"], null, access.PersonId, cancel) switch
        {
            ApplyOutcome.Applied done => Sentence(done, request),
            ApplyOutcome.HeadMoved => throw Refusal.Conflict("Nothing was applied: the branch moved while you looked. Load the page again, see what is new, then apply."),
            ApplyOutcome.Refused refused => throw Refusal.Conflict($"Nothing was applied. {refused.Sentence}"),
            var other => throw new InvalidOperationException($"Unknown outcome {other}."),
        });

        // What was applied is in the newest version.
        return Results.Redirect(ReturnAddress.OfNewest(context.Request, access.Project, request, form));
    }

    private static string Sentence(ApplyOutcome.Applied done, MergeRequest request) =>
        $"Applied {(done.Count == 1 ? "a suggestion" : $"{done.Count} suggestions")} to {string.Join(", ", done.Files.Take(3))}{(done.Files.Count > 3 ? " and others" : "")} as {done.CommitSha[..8]} on {request.SourceBranch}.";
}
