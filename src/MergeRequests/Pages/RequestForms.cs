using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;
using Squero.Repositories;
using Squero.Ui;

namespace Squero.MergeRequests;

/// <summary>What the pages post about the merge request itself; threads are in <see cref="ThreadForms"/>.</summary>
internal static class RequestForms
{
    private const string One = "/project/{project}/merge_requests/{iid:long}";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/project/{project}/merge_requests", OpenAsync).ForProject(Role.Developer, Scope.Api);
        app.MapPost(One + "/edit", EditAsync).ForProject(Role.Guest, Scope.Api);
        app.MapPost(One + "/state", SetStateAsync).ForProject(Role.Guest, Scope.Api);
        app.MapPost(One + "/merge", MergeAsync).ForProject(Role.Developer, Scope.Api);
        app.MapPost(One + "/choice", ChooseAsync).ForProject(Role.Developer, Scope.Api);
        app.MapPost(One + "/choice/withdraw", WithdrawAsync).ForProject(Role.Developer, Scope.Api);
        app.MapGet(One + "/strip", StripAsync).ForProject(Role.None, Scope.ReadApi);
    }

    private static async Task<IResult> OpenAsync(HttpContext context, ProjectAccess access, OpenMergeRequest open, CancellationToken cancel)
    {
        MergeRequestRules.RequireWriter(access, Role.Developer, "open merge requests");
        var form = await context.Request.ReadFormAsync(cancel);
        var request = await open.OpenAsync(
            new OpenRequest(access.Project, access.PersonId, form["source_branch"].ToString(), form["target_branch"].ToString())
            {
                Title = form["title"],
                Description = form["description"].ToString() is { Length: > 0 } text ? text : null,
            },
            cancel);
        return Results.Redirect(request.Href(access.Project));
    }

    private static async Task<IResult> EditAsync(
        HttpContext context, ProjectAccess access, long iid, MergeRequestStore requests, EditMergeRequest edit, CancellationToken cancel)
    {
        var form = await context.Request.ReadFormAsync(cancel);
        var request = await FindAsync(requests, access, iid, cancel);
        MergeRequestRules.RequireEdit(access, request);
        await edit.EditAsync(
            request, access.PersonId, form.ContainsKey("title") ? form["title"].ToString() : null,
            form.ContainsKey("description") ? form["description"].ToString() : null, cancel);
        Flash.Leave(context, "Saved.");
        return Results.Redirect(request.Href(access.Project));
    }

    private static async Task<IResult> SetStateAsync(
        HttpContext context, ProjectAccess access, long iid, MergeRequestStore requests, EditMergeRequest edit, CancellationToken cancel)
    {
        var form = await context.Request.ReadFormAsync(cancel);
        var request = await FindAsync(requests, access, iid, cancel);
        MergeRequestRules.RequireEdit(access, request);
        _ = form["event"].ToString() switch
        {
            "close" => await edit.CloseAsync(request, access.PersonId, cancel),
            "reopen" => await edit.ReopenAsync(request, access.PersonId, cancel),
            var word => throw Refusal.Invalid($"`{word}` is no event of a merge request: close or reopen it."),
        };
        return Results.Redirect(request.Href(access.Project));
    }

    private static async Task<IResult> MergeAsync(
        HttpContext context, ProjectAccess access, long iid, MergeRequestStore requests, MergeBranches merge, CancellationToken cancel)
    {
        MergeRequestRules.RequireWriter(access, Role.Developer, "merge");
        var form = await context.Request.ReadFormAsync(cancel);
        var request = await FindAsync(requests, access, iid, cancel);
        var wish = new MergeWish(access.PersonId)
        {
            Sha = form["sha"],
            Method = form["method"] == "ff" ? MergeMethod.FastForward : MergeMethod.MergeCommit,
            RemoveSource = form["remove_source"] == "true",
        };
        var (sentence, tone) = await merge.MergeAsync(access.Project, iid, wish, cancel) switch
        {
            MergeOutcome.Merged done => ($"Merged {done.Request.Label} into {done.Request.TargetBranch}.", Tone.Ok),
            MergeOutcome.Conflicting conflict => ($"Not merged: both branches changed {CheckMergeability.Names(conflict.Files)}.", Tone.Bad),
            MergeOutcome.HeadMoved => ("Not merged: somebody pushed while you looked. See what is new, then merge.", Tone.Warn),
            MergeOutcome.Blocked blocked => ($"Not merged: {blocked.Reason}", Tone.Warn),
            var other => throw new InvalidOperationException($"Unknown outcome {other}."),
        };
        Flash.Leave(context, sentence, tone);
        return Results.Redirect(request.Href(access.Project));
    }

    private static async Task<IResult> ChooseAsync(
        HttpContext context, ProjectAccess access, long iid, MergeRequestStore requests, ChooseCandidate choose, CancellationToken cancel)
    {
        MergeRequestRules.RequireWriter(access, Role.Developer, "choose a candidate for production");
        var form = await context.Request.ReadFormAsync(cancel);
        var request = await FindAsync(requests, access, iid, cancel);
        var candidate = await choose.FindAsync(access.Project.Id, form["candidate"].ToString(), cancel);
        var choice = await choose.ChooseAsync(request, candidate, form["model"], access.PersonId, cancel);
        Flash.Leave(context, $"{choice.Label} goes to production as {choice.ModelName} when this is merged.");
        return Results.Redirect(request.Href(access.Project, "candidates"));
    }

    private static async Task<IResult> WithdrawAsync(
        ProjectAccess access, long iid, MergeRequestStore requests, ChooseCandidate choose, CancellationToken cancel)
    {
        MergeRequestRules.RequireWriter(access, Role.Developer, "take a choice back");
        var request = await FindAsync(requests, access, iid, cancel);
        await choose.WithdrawAsync(request, access.PersonId, cancel);
        return Results.Redirect(request.Href(access.Project, "candidates"));
    }

    private static async Task<IResult> StripAsync(ProjectAccess access, long iid, LoadRequest load, CancellationToken cancel) =>
        new RazorComponentResult<StripPart>(new Dictionary<string, object?> { ["Frame"] = await load.LoadAsync(access, iid, null, cancel) });

    /// <summary>A merge request shows code, quotes it and places comments on it: who may not read code may not open one.</summary>
    internal static async Task<MergeRequest> FindAsync(MergeRequestStore requests, ProjectAccess access, long iid, CancellationToken cancel)
    {
        access.RequireCode();
        return await requests.FindAsync(access.Project.Id, iid, cancel) ?? throw Refusal.NotFound("404 Merge Request Not Found");
    }
}
