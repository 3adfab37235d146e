using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
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
        app.MapGet(Threads + "/new", FormAsync).ForProject(Role.Guest, Scope.ReadApi);
        app.MapPost(Threads, StartAsync).ForProject(Role.Guest, Scope.Api);
        app.MapPost(Threads + "/{threadId:long}/comments", ReplyAsync).ForProject(Role.Guest, Scope.Api);
        app.MapPost(Threads + "/{threadId:long}/resolved", ResolveAsync).ForProject(Role.Guest, Scope.Api);
        app.MapPost(Threads + "/{threadId:long}/blocking", BlockAsync).ForProject(Role.Reporter, Scope.Api);
    }

    /// <summary>The form for one place, as a fragment: the page's script asks for it, without scripts the page draws it.</summary>
    private static async Task<IResult> FormAsync(
        HttpContext context, ProjectAccess access, long iid, MergeRequestStore requests, PrepareComment prepare, CancellationToken cancel)
    {
        MergeRequestRules.RequireWriter(access, Role.Guest, "comment");
        var request = await RequestForms.FindAsync(requests, access, iid, cancel);
        var query = context.Request.Query;
        var version = VersionOf(await requests.VersionsAsync(request.Id, cancel), query["version"]);
        var draft = await prepare.DraftAsync(access, request, version, query["file"].ToString(), CommentWish.Of(query), cancel);
        return new RazorComponentResult<CommentForm>(new Dictionary<string, object?> { [nameof(CommentForm.Draft)] = draft });
    }

    private static async Task<IResult> StartAsync(
        HttpContext context, ProjectAccess access, long iid, MergeRequestStore requests, StartReview review, CancellationToken cancel)
    {
        MergeRequestRules.RequireWriter(access, Role.Guest, "comment");
        var form = await context.Request.ReadFormAsync(cancel);
        var request = await RequestForms.FindAsync(requests, access, iid, cancel);
        var said = NewReview.Of(access, form["text"].ToString(), form["meant"], form["blocking"] == "true");
        DiscussionThread thread;
        if (form["anchor"].ToString() is { Length: > 0 } anchor)
        {
            var versions = await requests.VersionsAsync(request.Id, cancel);
            var version = VersionOf(versions, form["version"]);
            thread = await review.OnAnchorAsync(access.Project, request, version, form["path"].ToString(), anchor, CommentWish.Narrowed(form), said, cancel);
        }
        else
        {
            thread = await review.OnWholeAsync(request, said with { IsResolvable = form["kind"] == "thread" }, cancel);
        }

        return Back(context, access, request, form, thread.Id);
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

        return Back(context, access, request, form, threadId);
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
        return Back(context, access, request, form, threadId);
    }

    private static async Task<IResult> BlockAsync(
        HttpContext context, ProjectAccess access, long iid, long threadId, MergeRequestStore requests, ThreadStore threads, BlockThread block,
        CancellationToken cancel)
    {
        MergeRequestRules.RequireBlock(access);
        var form = await context.Request.ReadFormAsync(cancel);
        var (request, thread) = await FindAsync(requests, threads, access, iid, threadId, cancel);
        await block.SetAsync(thread, form["blocking"] != "false", access.PersonId, cancel);
        return Back(context, access, request, form, threadId);
    }

    private static RequestVersion VersionOf(IReadOnlyList<RequestVersion> versions, string? number) =>
        versions.FirstOrDefault(version => version.Number.ToString(CultureInfo.InvariantCulture) == number) ?? versions[0];

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

    private static IResult Back(HttpContext context, ProjectAccess access, MergeRequest request, IFormCollection form, long threadId) =>
        Results.Redirect(string.Create(CultureInfo.InvariantCulture, $"{ReturnAddress.Of(context.Request, access.Project, request, form)}#thread-{threadId}"));
}
