using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Notebooks;
using Squero.Projects;
using Squero.Ui;

namespace Squero.MergeRequests;

/// <summary>What somebody chose on the page of conflicts, kept while it is drawn again.</summary>
internal sealed record PostedChoices(IReadOnlyDictionary<string, MergeChoice> Choices)
{
    /// <summary>Why nothing was committed.</summary>
    public string? Sentence { get; init; }

    public bool WantsPreview { get; init; }
}

/// <summary>What the page of conflicts posts: a wish to see the result, or to commit it.</summary>
internal static class ConflictForms
{
    private static readonly object Posted = new();

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/project/{project}/merge_requests/{iid:long}/conflicts", SettleAsync).ForProject(Role.Developer, Scope.Api);

    /// <summary>Null when the page was not posted.</summary>
    public static PostedChoices? PostedTo(HttpContext http) => http.Items[Posted] as PostedChoices;

    private static async Task<IResult> SettleAsync(
        HttpContext context, ProjectAccess access, string project, long iid, MergeRequestStore requests, ResolveConflicts resolve, CancellationToken cancel)
    {
        MergeRequestRules.RequireWriter(access, Role.Developer, "settle conflicts");
        var form = await context.Request.ReadFormAsync(cancel);
        var request = await RequestForms.FindAsync(requests, access, iid, cancel);
        var choices = ChoicesOf(form);
        if (form["act"] == "preview")
        {
            return Again(context, project, iid, new PostedChoices(choices) { WantsPreview = true }, StatusCodes.Status200OK);
        }

        var wish = new ResolveWish(access.PersonId, form["sha"].ToString(), choices) { Digest = form["digest"] };
        switch (await resolve.ResolveAsync(access.Project, request, wish, cancel))
        {
            case ResolveOutcome.Resolved done:
                Flash.Leave(context, $"Merged {request.TargetBranch} into {request.SourceBranch} as {done.CommitSha[..8]}{(done.Count == 0 ? "." : done.Count == 1 ? ", with the conflict decided as you chose." : $", with {done.Count} conflicts decided as you chose.")}");
                return Results.Redirect(request.Href(access.Project));
            case ResolveOutcome.Moved moved:
                return Again(context, project, iid, new PostedChoices(choices) { Sentence = $"Nothing was committed: {moved.Sentence} What you chose is kept where it still fits." }, StatusCodes.Status409Conflict);
            case ResolveOutcome.Undecided open:
                return Again(
                    context, project, iid, new PostedChoices(choices) { Sentence = $"Nothing was committed: {(open.Left == 1 ? "one conflict is" : $"{open.Left} conflicts are")} not decided yet. What you chose is kept." },
                    StatusCodes.Status422UnprocessableEntity);
            case ResolveOutcome.Refused refused:
                return Again(context, project, iid, new PostedChoices(choices) { Sentence = $"Nothing was committed: {refused.Sentence}" }, StatusCodes.Status422UnprocessableEntity);
            case var other:
                throw new InvalidOperationException($"Unknown outcome {other}.");
        }
    }

    private static Dictionary<string, MergeChoice> ChoicesOf(IFormCollection form)
    {
        var choices = new Dictionary<string, MergeChoice>(StringComparer.Ordinal);
        foreach (var (name, values) in form.Where(field => field.Key.StartsWith(ChoiceWords.Prefix, StringComparison.Ordinal)))
        {
            if (ChoiceWords.Parse(values[0]) is { } choice)
            {
                choices[name[ChoiceWords.Prefix.Length..]] = choice;
            }
        }

        return choices;
    }

    private static RazorComponentResult<ConflictsPage> Again(HttpContext context, string project, long iid, PostedChoices posted, int status)
    {
        context.Items[Posted] = posted;
        return new RazorComponentResult<ConflictsPage>(new Dictionary<string, object?> { [nameof(ConflictsPage.Project)] = project, [nameof(ConflictsPage.Iid)] = iid }) { StatusCode = status };
    }
}
