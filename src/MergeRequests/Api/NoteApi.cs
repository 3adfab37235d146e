using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Discussions;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.MergeRequests;

/// <summary>REST: single comments, in their discussions and all in one list.</summary>
internal static class NoteApi
{
    private const string All = MergeRequestApi.One + "/notes";
    private const string InThread = MergeRequestApi.One + "/discussions/{uid}/notes/{noteId:long}";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(All, ListAsync).ForProject(Role.None, Scope.ReadApi);
        app.MapPost(All, AddAsync).ForProject(Role.Guest, Scope.Api);
        app.MapGet(All + "/{noteId:long}", FindAsync).ForProject(Role.None, Scope.ReadApi);
        app.MapPut(All + "/{noteId:long}", EditAsync).ForProject(Role.Guest, Scope.Api);
        app.MapDelete(All + "/{noteId:long}", DeleteAsync).ForProject(Role.Guest, Scope.Api);
        app.MapGet(InThread, FindAsync).ForProject(Role.None, Scope.ReadApi);
        app.MapPut(InThread, EditAsync).ForProject(Role.Guest, Scope.Api);
        app.MapDelete(InThread, DeleteAsync).ForProject(Role.Guest, Scope.Api);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, ProjectAccess access, long iid, MergeRequestStore requests, ThreadStore threads, ShapeThread shape, ServerAddress address,
        CancellationToken cancel)
    {
        var request = await RequestForms.FindAsync(requests, access, iid, cancel);
        var shaped = await shape.ThreadsAsync(access.Project, request, await threads.ListAsync(request.Subject, cancel), cancel);
        var notes = shaped.Values.SelectMany(thread => thread.Notes);
        var all = (context.Request.Query["sort"] == "asc" ? notes.OrderBy(note => note.Id) : notes.OrderByDescending(note => note.Id)).ToList();
        var wanted = ApiPage.Request(context);
        var page = new Page<ApiNote>([.. all.Skip(wanted.Skip).Take(wanted.Size)], all.Count, wanted);
        return Results.Ok(ApiPage.Write(context, address, page, note => note));
    }

    private static async Task<IResult> AddAsync(
        HttpContext context, ProjectAccess access, long iid, MergeRequestStore requests, StartReview review, ShapeThread shape, CancellationToken cancel)
    {
        MergeRequestRules.RequireWriter(access, Role.Guest, "comment");
        var input = await ApiInput.ReadAsync(context, cancel);
        var request = await RequestForms.FindAsync(requests, access, iid, cancel);
        var thread = await review.OnWholeAsync(request, new NewReview(access.PersonId, input.Required("body")) { IsResolvable = false }, cancel);
        return Results.Created((string?)null, (await shape.ThreadsAsync(access.Project, request, [thread], cancel))[thread.Id].Notes[0]);
    }

    private static async Task<IResult> FindAsync(
        ProjectAccess access, long iid, long noteId, MergeRequestStore requests, ThreadStore threads, ShapeThread shape, CancellationToken cancel)
    {
        var (request, thread, _) = await SeekAsync(access, iid, noteId, requests, threads, cancel);
        return Results.Ok((await shape.ThreadsAsync(access.Project, request, [thread], cancel))[thread.Id].Notes.First(note => note.Id == noteId));
    }

    private static async Task<IResult> EditAsync(
        HttpContext context, ProjectAccess access, long iid, long noteId, MergeRequestStore requests, ThreadStore threads, ReplyToThread reply,
        ResolveThread resolve, ShapeThread shape, CancellationToken cancel)
    {
        MergeRequestRules.RequireWriter(access, Role.Guest, "comment");
        var input = await ApiInput.ReadAsync(context, cancel);
        var (request, thread, comment) = await SeekAsync(access, iid, noteId, requests, threads, cancel);
        if (input.Flag("resolved") is { } resolved)
        {
            ThreadForms.RequireResolve(access, request, thread);
            await resolve.SetAsync(thread, resolved, access.PersonId, cancel);
        }
        else
        {
            RequireWriter(access, comment, "edit");
            await reply.EditAsync(comment, input.Required("body"), cancel);
        }

        return await FindAsync(access, iid, noteId, requests, threads, shape, cancel);
    }

    private static async Task<IResult> DeleteAsync(
        ProjectAccess access, long iid, long noteId, MergeRequestStore requests, ThreadStore threads, ReplyToThread reply, CancellationToken cancel)
    {
        MergeRequestRules.RequireWriter(access, Role.Guest, "comment");
        var (_, _, comment) = await SeekAsync(access, iid, noteId, requests, threads, cancel);
        if (!access.Can(Role.Maintainer))
        {
            RequireWriter(access, comment, "delete");
        }

        await reply.DeleteAsync(comment, cancel);
        return Results.NoContent();
    }

    private static void RequireWriter(ProjectAccess access, Comment comment, string act)
    {
        if (access.Caller.PersonId != comment.PersonId)
        {
            throw Refusal.Forbidden($"Only its writer may {act} a comment.");
        }
    }

    private static async Task<(MergeRequest Request, DiscussionThread Thread, Comment Comment)> SeekAsync(
        ProjectAccess access, long iid, long noteId, MergeRequestStore requests, ThreadStore threads, CancellationToken cancel)
    {
        var request = await RequestForms.FindAsync(requests, access, iid, cancel);
        var thread = await threads.FindByCommentAsync(request.Subject, noteId, cancel) ?? throw Refusal.NotFound("404 Note Not Found");
        return (request, thread, thread.Comments.First(comment => comment.Id == noteId));
    }
}
