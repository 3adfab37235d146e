using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Notebooks;
using Squero.Projects;

namespace Squero.MergeRequests;

/// <summary>REST: what collides in a merge request, and settling it. See docs/api/merge_requests.md.</summary>
internal static class ConflictApi
{
    private const int ChoicesMax = JudgeConflicts.CountMax;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(MergeRequestApi.One + "/conflicts", ListAsync).ForProject(Role.None, Scope.ReadApi);
        app.MapPost(MergeRequestApi.One + "/conflicts", SettleAsync).ForProject(Role.Developer, Scope.Api);
    }

    private static async Task<IResult> ListAsync(
        ProjectAccess access, long iid, MergeRequestStore requests, LoadConflicts conflicts, CancellationToken cancel)
    {
        var request = await RequestForms.FindAsync(requests, access, iid, cancel);
        return Results.Ok(ApiConflicts.Of(request, await conflicts.LoadAsync(access.Project, request, cancel)));
    }

    private static async Task<IResult> SettleAsync(
        HttpContext context, ProjectAccess access, long iid, MergeRequestStore requests, LoadConflicts conflicts, ResolveConflicts resolve, CancellationToken cancel)
    {
        MergeRequestRules.RequireWriter(access, Role.Developer, "settle conflicts");
        var input = await ApiInput.ReadAsync(context, cancel);
        var request = await RequestForms.FindAsync(requests, access, iid, cancel);
        var choices = ChoicesOf(input);
        if (await conflicts.LoadAsync(access.Project, request, cancel) is { } sheet && choices.Keys.FirstOrDefault(key => !sheet.Conflicts.Any(conflict => conflict.Key == key)) is { } strange)
        {
            throw Refusal.Conflict($"There is no conflict {strange}; look again at what collides. Nothing was changed.");
        }

        var wish = new ResolveWish(access.PersonId, input.Required("sha"), choices) { Digest = input.Text("digest"), Message = input.Text("commit_message") };
        return await resolve.ResolveAsync(access.Project, request, wish, cancel) switch
        {
            ResolveOutcome.Resolved done => Results.Created((string?)null, new ApiResolved(done.CommitSha, done.Count, done.Files)),
            ResolveOutcome.Moved moved => throw Refusal.Conflict($"{moved.Sentence} Nothing was changed."),
            ResolveOutcome.Undecided open => throw new Refusal(RefusalKind.Unprocessable, $"{open.Left} conflicts are not decided. Nothing was changed."),
            ResolveOutcome.Refused refused => throw new Refusal(RefusalKind.Unprocessable, $"{refused.Sentence} Nothing was changed."),
            var other => throw new InvalidOperationException($"Unknown outcome {other}."),
        };
    }

    private static Dictionary<string, MergeChoice> ChoicesOf(ApiInput input)
    {
        var decisions = input.Objects("decisions");
        if (decisions.Count > ChoicesMax)
        {
            throw Refusal.Invalid($"{decisions.Count} decisions are too many; at most {ChoicesMax}.");
        }

        var choices = new Dictionary<string, MergeChoice>(StringComparer.Ordinal);
        foreach (var decision in decisions)
        {
            choices[decision.Required("id")] = ChoiceWords.Parse(decision.Required("take")) ?? throw new MissingParameter("take does not have a valid value");
        }

        return choices;
    }
}
