using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.MergeRequests;

/// <summary>REST: list, open, read, change and merge. See docs/api/merge_requests.md.</summary>
internal static class MergeRequestApi
{
    public const string All = "/api/v4/projects/{project}/merge_requests";
    public const string One = All + "/{iid:long}";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(All, ListAsync).ForProject(Role.None, Scope.ReadApi);
        app.MapPost(All, OpenAsync).ForProject(Role.Developer, Scope.Api);
        app.MapGet(One, FindAsync).ForProject(Role.None, Scope.ReadApi);
        app.MapPut(One, EditAsync).ForProject(Role.Guest, Scope.Api);
        app.MapPut(One + "/merge", MergeAsync).ForProject(Role.Developer, Scope.Api);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, ProjectAccess access, MergeRequestStore requests, PersonStore people, ShapeRequest shape, ServerAddress address, CancellationToken cancel)
    {
        var input = await ApiInput.ReadAsync(context, cancel);
        var author = input.Number("author_id")
            ?? (input.Text("author_username") is { Length: > 0 } name ? (await people.FindAsync(name, cancel))?.Id ?? 0 : null);
        if (input.Text("scope") == "created_by_me")
        {
            author = access.Caller.PersonId ?? 0;
        }

        var filter = new RequestFilter(access.Project.Id)
        {
            States = States(input.Text("state")),
            Source = input.Text("source_branch"),
            Target = input.Text("target_branch"),
            Search = input.Text("search"),
            PersonId = author,
            Iids = input.List("iids")?.Select(text => long.TryParse(text, CultureInfo.InvariantCulture, out var iid) ? iid : throw new MissingParameter("iids is invalid")).ToList(),
            ByUpdate = input.Text("order_by") == "updated_at",
            OldestFirst = input.Text("sort") == "asc",
        };
        var page = await requests.ListAsync(filter, ApiPage.Request(context), cancel);
        var rows = (await shape.ListAsync(access, page.Rows, cancel)).ToDictionary(row => row.Id);
        return Results.Ok(ApiPage.Write(context, address, page, request => rows[request.Id]));
    }

    private static async Task<IResult> OpenAsync(
        HttpContext context, ProjectAccess access, OpenMergeRequest open, ShapeRequest shape, CancellationToken cancel)
    {
        MergeRequestRules.RequireWriter(access, Role.Developer, "open merge requests");
        var input = await ApiInput.ReadAsync(context, cancel);
        var missing = new[] { "source_branch", "target_branch", "title" }.Where(name => string.IsNullOrEmpty(input.Text(name))).ToList();
        if (missing.Count > 0)
        {
            throw new MissingParameter(string.Join(", ", missing.Select(name => $"{name} is missing")));
        }

        if (input.Number("target_project_id") is { } target && target != access.Project.Id)
        {
            throw Refusal.Invalid("A merge request stays within its project: there are no forks here.");
        }

        try
        {
            var request = await open.OpenAsync(
                new OpenRequest(access.Project, access.PersonId, input.Required("source_branch"), input.Required("target_branch"))
                {
                    Title = input.Required("title"),
                    Description = input.Text("description"),
                },
                cancel);
            return Results.Created((string?)null, await shape.WholeAsync(access, request, cancel));
        }
        catch (Refusal refusal) when (refusal.Kind == RefusalKind.Conflict)
        {
            return Results.Json(new { message = new[] { refusal.Sentence } }, statusCode: StatusCodes.Status409Conflict);
        }
    }

    private static async Task<IResult> FindAsync(ProjectAccess access, long iid, MergeRequestStore requests, ShapeRequest shape, CancellationToken cancel) =>
        Results.Ok(await shape.WholeAsync(access, await RequestForms.FindAsync(requests, access, iid, cancel), cancel));

    private static async Task<IResult> EditAsync(
        HttpContext context, ProjectAccess access, long iid, MergeRequestStore requests, EditMergeRequest edit, ShapeRequest shape, CancellationToken cancel)
    {
        var input = await ApiInput.ReadAsync(context, cancel);
        var request = await RequestForms.FindAsync(requests, access, iid, cancel);
        MergeRequestRules.RequireEdit(access, request);
        if (input.Text("title") is not null || input.Text("description") is not null)
        {
            request = await edit.EditAsync(request, access.PersonId, input.Text("title"), input.Text("description"), cancel);
        }

        request = input.Text("state_event") switch
        {
            null or "" => request,
            "close" => await edit.CloseAsync(request, access.PersonId, cancel),
            "reopen" => await edit.ReopenAsync(request, access.PersonId, cancel),
            _ => throw new MissingParameter("state_event does not have a valid value"),
        };
        return Results.Ok(await shape.WholeAsync(access, request, cancel));
    }

    private static async Task<IResult> MergeAsync(
        HttpContext context, ProjectAccess access, long iid, MergeBranches merge, ShapeRequest shape, CancellationToken cancel)
    {
        MergeRequestRules.RequireWriter(access, Role.Developer, "merge");
        var input = await ApiInput.ReadAsync(context, cancel);
        var wish = new MergeWish(access.PersonId)
        {
            Sha = input.Text("sha"),
            Method = input.Text("method") switch
            {
                null or "" or "merge" => MergeMethod.MergeCommit,
                "ff" => MergeMethod.FastForward,
                _ => throw new MissingParameter("method does not have a valid value"),
            },
            Message = input.Text("merge_commit_message"),
            RemoveSource = input.Flag("should_remove_source_branch") ?? false,
        };
        return await merge.MergeAsync(access.Project, iid, wish, cancel) switch
        {
            MergeOutcome.Merged done => Results.Ok(await shape.WholeAsync(access, done.Request, cancel)),
            MergeOutcome.Conflicting conflict => throw new Refusal(
                RefusalKind.Unprocessable, $"Branch cannot be merged: both branches changed {CheckMergeability.Names(conflict.Files)}."),
            MergeOutcome.HeadMoved moved => throw Refusal.Conflict($"SHA does not match HEAD of source branch: {moved.Head}"),
            MergeOutcome.Blocked blocked => throw new Refusal(RefusalKind.NotAllowed, $"405 Method Not Allowed: {blocked.Reason}"),
            var other => throw new InvalidOperationException($"Unknown outcome {other}."),
        };
    }

    private static IReadOnlyList<MergeRequestState>? States(string? word) =>
        word switch
        {
            null or "" or "all" => null,
            "opened" => [MergeRequestState.Opened, MergeRequestState.Merging],
            "merged" => [MergeRequestState.Merged],
            "closed" => [MergeRequestState.Closed],
            "locked" => [MergeRequestState.Merging],
            _ => throw new MissingParameter("state does not have a valid value"),
        };
}
