using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Discussions;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.MergeRequests;

/// <summary>What the pages post about threads: starting, answering, resolving.</summary>
internal static class ThreadForms
{
    private const string Threads = "/project/{project}/merge_requests/{iid:long}/threads";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost(Threads, StartAsync).ForProject(Role.Guest, Scope.Api);
        app.MapPost(Threads + "/{threadId:long}/comments", ReplyAsync).ForProject(Role.Guest, Scope.Api);
        app.MapPost(Threads + "/{threadId:long}/resolved", ResolveAsync).ForProject(Role.Guest, Scope.Api);
    }

    private static async Task<IResult> StartAsync(
        HttpContext context, ProjectAccess access, long iid, MergeRequestStore requests, StartReview review, CancellationToken cancel)
    {
        MergeRequestRules.RequireWriter(access, Role.Guest, "comment");
        var form = await context.Request.ReadFormAsync(cancel);
        var request = await RequestForms.FindAsync(requests, access, iid, cancel);
        var text = form["text"].ToString();
        DiscussionThread thread;
        if (form["anchor"].ToString() is { Length: > 0 } anchor)
        {
            var versions = await requests.VersionsAsync(request.Id, cancel);
            var version = versions.FirstOrDefault(version => version.Number.ToString(CultureInfo.InvariantCulture) == form["version"]) ?? versions[0];
            thread = await review.OnAnchorAsync(access.Project, request, version, access.PersonId, form["path"].ToString(), anchor, text, cancel);
        }
        else
        {
            thread = await review.OnWholeAsync(request, access.PersonId, text, form["kind"] == "thread", cancel);
        }

        return Back(access, request, form, thread.Id);
    }

    private static async Task<IResult> ReplyAsync(
        HttpContext context, ProjectAccess access, long iid, long threadId, MergeRequestStore requests, ThreadStore threads, ReplyToThread reply,
        ResolveThread resolve, CancellationToken cancel)
    {
        MergeRequestRules.RequireWriter(access, Role.Guest, "comment");
        var form = await context.Request.ReadFormAsync(cancel);
        var (request, thread) = await FindAsync(requests, threads, access, iid, threadId, cancel);
        await reply.ReplyAsync(thread, access.PersonId, form["text"].ToString(), cancel);
        if (form["resolve"] == "true" && MergeRequestRules.MayResolve(access, request, thread.PersonId))
        {
            await resolve.SetAsync(thread with { IsResolvable = true }, true, access.PersonId, cancel);
        }

        return Back(access, request, form, threadId);
    }

    private static async Task<IResult> ResolveAsync(
        HttpContext context, ProjectAccess access, long iid, long threadId, MergeRequestStore requests, ThreadStore threads, ResolveThread resolve,
        CancellationToken cancel)
    {
        MergeRequestRules.RequireWriter(access, Role.Guest, "resolve threads");
        var form = await context.Request.ReadFormAsync(cancel);
        var (request, thread) = await FindAsync(requests, threads, access, iid, threadId, cancel);
        RequireResolve(access, request, thread);
        await resolve.SetAsync(thread, form["resolved"] != "false", access.PersonId, cancel);
        return Back(access, request, form, threadId);
    }

    internal static void RequireResolve(ProjectAccess access, MergeRequest request, DiscussionThread thread)
    {
        if (!MergeRequestRules.MayResolve(access, request, thread.PersonId))
        {
            throw Refusal.Forbidden("Only the author, whoever started the thread, and developers of the project resolve it.");
        }
    }

    private static async Task<(MergeRequest Request, DiscussionThread Thread)> FindAsync(
        MergeRequestStore requests, ThreadStore threads, ProjectAccess access, long iid, long threadId, CancellationToken cancel)
    {
        var request = await RequestForms.FindAsync(requests, access, iid, cancel);
        return (request, await threads.FindAsync(request.Subject, threadId, cancel) ?? throw Refusal.NotFound("404 Discussion Not Found"));
    }

    private static IResult Back(ProjectAccess access, MergeRequest request, IFormCollection form, long threadId)
    {
        var isChanges = form["tab"] == "changes";
        var version = isChanges && int.TryParse(form["version"], CultureInfo.InvariantCulture, out var number)
            ? string.Create(CultureInfo.InvariantCulture, $"?version={number}")
            : "";
        return Results.Redirect(string.Create(
            CultureInfo.InvariantCulture, $"{request.Href(access.Project, isChanges ? "changes" : "")}{version}#thread-{threadId}"));
    }
}
