using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Discussions;
using Squero.Kernel;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>REST: applying suggestions. The paths name no project: the suggestion's own is entered, as its caller may.</summary>
internal static class SuggestionApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPut("/api/v4/suggestions/{id:long}/apply", ApplyOneAsync).ForSignedIn(Scope.Api);
        app.MapPut("/api/v4/suggestions/batch_apply", ApplyManyAsync).ForSignedIn(Scope.Api);
    }

    private static async Task<IResult> ApplyOneAsync(HttpContext context, long id, ApplyThroughApi apply, CancellationToken cancel) =>
        Results.Ok((await apply.ApplyAsync(context.Caller(), [id], await ApiInput.ReadAsync(context, cancel), cancel))[0]);

    private static async Task<IResult> ApplyManyAsync(HttpContext context, ApplyThroughApi apply, CancellationToken cancel)
    {
        var input = await ApiInput.ReadAsync(context, cancel);
        var ids = (input.List("ids") ?? throw new MissingParameter("ids is missing"))
            .Select(text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw new MissingParameter("ids is invalid"));
        return Results.Ok(await apply.ApplyAsync(context.Caller(), [.. ids.Distinct()], input, cancel));
    }
}

/// <summary>Finds the merge request of suggestions that a client names by number alone, and applies them there.</summary>
internal sealed class ApplyThroughApi(
    ThreadStore threads, MergeRequestStore requests, ProjectStore projects, ProjectDoor door, ApplySuggestions apply, FindSuggestions find)
{
    public async Task<IReadOnlyList<ApiSuggestion>> ApplyAsync(Caller caller, IReadOnlyList<long> ids, ApiInput input, CancellationToken cancel)
    {
        if (ids.Count is 0 or > ApplySuggestions.MaxBatch)
        {
            throw Refusal.Invalid($"Name 1 to {ApplySuggestions.MaxBatch} suggestions.");
        }

        var (access, request) = await EnterAsync(caller, ids[0], cancel);
        MergeRequestRules.RequireWriter(access, Role.Developer, "apply suggestions");
        switch (await apply.ApplyAsync(access.Project, request, ids, input.Text("sha"), input.Text("commit_message"), access.PersonId, cancel))
        {
            case ApplyOutcome.HeadMoved:
                throw Refusal.Conflict("The branch has moved. Nothing was changed; look again.");
            case ApplyOutcome.Refused refused:
                throw Refusal.Invalid(refused.Sentence);
        }

        var now = (await requests.FindByIdAsync(request.Id, cancel))!;
        var said = await threads.ListAsync(now.Subject, cancel);
        var all = (await find.LoadAsync(access.Project, now, await requests.VersionsAsync(now.Id, cancel), said, cancel)).Values.SelectMany(some => some);
        return [.. all.Where(one => ids.Contains(one.Id)).Select(one => ShapeThread.Suggestion(one, now.State == MergeRequestState.Opened))];
    }

    /// <summary>What the caller may not see is not there.</summary>
    private async Task<(ProjectAccess Access, MergeRequest Request)> EnterAsync(Caller caller, long id, CancellationToken cancel)
    {
        var thread = await threads.FindByCommentAsync(Suggestion.CommentOf(id), cancel);
        var request = thread is not null && MergeRequest.IdOfSubject(thread.Subject) is { } requestId ? await requests.FindByIdAsync(requestId, cancel) : null;
        var project = request is null ? null : await projects.FindAsync(request.ProjectId, cancel);
        var access = project is null ? null : await door.EnterAsync(project, caller, cancel);
        if (access is null)
        {
            throw Refusal.NotFound("404 Suggestion Not Found");
        }

        access.RequireCode();
        return (access, request!);
    }
}
