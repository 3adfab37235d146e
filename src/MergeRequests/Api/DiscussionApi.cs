using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Discussions;
using Squero.Kernel;
using Squero.Notebooks;
using Squero.Projects;

namespace Squero.MergeRequests;

/// <summary>REST: discussions of a merge request. Positions are raw lines; <c>anchor</c> with <c>path</c> is ours.</summary>
internal static class DiscussionApi
{
    private const string All = MergeRequestApi.One + "/discussions";
    private const string One = All + "/{uid}";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(All, ListAsync).ForProject(Role.None, Scope.ReadApi);
        app.MapPost(All, StartAsync).ForProject(Role.Guest, Scope.Api);
        app.MapGet(One, FindAsync).ForProject(Role.None, Scope.ReadApi);
        app.MapPut(One, ChangeAsync).ForProject(Role.Guest, Scope.Api);
        app.MapPost(One + "/notes", ReplyAsync).ForProject(Role.Guest, Scope.Api);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, ProjectAccess access, long iid, MergeRequestStore requests, ThreadStore threads, ShapeThread shape, ServerAddress address,
        CancellationToken cancel)
    {
        var request = await RequestForms.FindAsync(requests, access, iid, cancel);
        var all = await threads.ListAsync(request.Subject, cancel);
        var wanted = ApiPage.Request(context);
        var page = new Page<DiscussionThread>([.. all.Skip(wanted.Skip).Take(wanted.Size)], all.Count, wanted);
        var shaped = await shape.ThreadsAsync(access.Project, request, page.Rows, cancel);
        return Results.Ok(ApiPage.Write(context, address, page, thread => shaped[thread.Id]));
    }

    private static async Task<IResult> FindAsync(
        ProjectAccess access, long iid, string uid, MergeRequestStore requests, ThreadStore threads, ShapeThread shape, CancellationToken cancel)
    {
        var (request, thread) = await SeekAsync(access, iid, uid, requests, threads, cancel);
        return Results.Ok((await shape.ThreadsAsync(access.Project, request, [thread], cancel))[thread.Id]);
    }

    private static async Task<IResult> StartAsync(
        HttpContext context, ProjectAccess access, long iid, MergeRequestStore requests, StartReview review, FindPlace places, ShapeThread shape,
        CancellationToken cancel)
    {
        MergeRequestRules.RequireWriter(access, Role.Guest, "comment");
        var input = await ApiInput.ReadAsync(context, cancel);
        var request = await RequestForms.FindAsync(requests, access, iid, cancel);
        var said = NewReview.Of(access, input.Required("body"), input.Text("kind"), input.Flag("blocking") == true);
        var versions = await requests.VersionsAsync(request.Id, cancel);
        DiscussionThread thread;
        if (input.Text("anchor") is { Length: > 0 } anchor)
        {
            var version = Version(versions, input.Text("head_sha"));
            thread = await review.OnAnchorAsync(access.Project, request, version, input.Required("path"), anchor, Wish(input), said, cancel);
        }
        else if (input.Nested("position") is { } position)
        {
            var version = Version(versions, position.Text("head_sha"));
            var found = await places.AtLinesAsync(
                access.Project, version, position.Text("old_path"), position.Text("new_path"), Line(position, "old_line"), Line(position, "new_line"), cancel)
                ?? throw Refusal.Invalid("400 Bad request - Note {:line_code=>[\"can't be blank\", \"must be a valid line code\"]}");
            thread = await review.OnPlaceAsync(request, found, said, cancel);
        }
        else
        {
            thread = await review.OnWholeAsync(request, said, cancel);
        }

        return Results.Created((string?)null, (await shape.ThreadsAsync(access.Project, request, [thread], cancel))[thread.Id]);
    }

    private static async Task<IResult> ChangeAsync(
        HttpContext context, ProjectAccess access, long iid, string uid, MergeRequestStore requests, ThreadStore threads, ResolveThread resolve,
        BlockThread block, ShapeThread shape, CancellationToken cancel)
    {
        MergeRequestRules.RequireWriter(access, Role.Guest, "resolve threads");
        var input = await ApiInput.ReadAsync(context, cancel);
        var (request, thread) = await SeekAsync(access, iid, uid, requests, threads, cancel);
        var (resolved, blocking) = (input.Flag("resolved"), input.Flag("blocking"));
        if (resolved is null && blocking is null)
        {
            throw new MissingParameter("resolved is missing");
        }

        if (blocking is { } blocks)
        {
            MergeRequestRules.RequireBlock(access);
            await block.SetAsync(thread, blocks, access.PersonId, cancel);
            thread = thread with { IsResolvable = thread.IsResolvable || blocks };
        }

        if (resolved is { } settled)
        {
            ThreadForms.RequireResolve(access, request, thread);
            await resolve.SetAsync(thread, settled, access.PersonId, cancel);
        }

        var now = (await threads.FindAsync(request.Subject, uid, cancel))!;
        return Results.Ok((await shape.ThreadsAsync(access.Project, request, [now], cancel))[now.Id]);
    }

    private static async Task<IResult> ReplyAsync(
        HttpContext context, ProjectAccess access, long iid, string uid, MergeRequestStore requests, ThreadStore threads, ReplyToThread reply,
        ShapeThread shape, CancellationToken cancel)
    {
        MergeRequestRules.RequireWriter(access, Role.Guest, "comment");
        var input = await ApiInput.ReadAsync(context, cancel);
        var (request, thread) = await SeekAsync(access, iid, uid, requests, threads, cancel);
        var id = await reply.ReplyAsync(thread, access.PersonId, input.Required("body"), cancel);
        var now = (await threads.FindAsync(request.Subject, uid, cancel))!;
        return Results.Created((string?)null, (await shape.ThreadsAsync(access.Project, request, [now], cancel))[now.Id].Notes.First(note => note.Id == id));
    }

    private static async Task<(MergeRequest Request, DiscussionThread Thread)> SeekAsync(
        ProjectAccess access, long iid, string uid, MergeRequestStore requests, ThreadStore threads, CancellationToken cancel)
    {
        var request = await RequestForms.FindAsync(requests, access, iid, cancel);
        return (request, await threads.FindAsync(request.Subject, uid, cancel) ?? throw Refusal.NotFound("404 Discussion Not Found"));
    }

    private static RequestVersion Version(IReadOnlyList<RequestVersion> versions, string? head) =>
        head is not { Length: > 0 } ? versions[0]
            : versions.FirstOrDefault(version => version.HeadSha == head)
                ?? throw Refusal.Invalid($"No version of this merge request has the head `{head}`.");

    /// <summary>Ours: a range of lines that ends at the anchor's or is given whole, and a region of a picture as fractions.</summary>
    private static PlaceWish? Wish(ApiInput input)
    {
        var region = input.Nested("region") is not { } box ? (PictureRegion?)null
            : PictureRegion.Parse(string.Join(',', new[] { "x", "y", "width", "height" }.Select(box.Required)))
                ?? throw Refusal.Invalid("A region is four fractions of the picture: x, y, width and height, from 0 to 1.");
        var (first, last) = (Line(input, "line"), Line(input, "end_line"));
        return region is null && first is null && last is null ? null : new PlaceWish(first, last, region);
    }

    private static int? Line(ApiInput position, string name) => position.Number(name) is { } number ? (int)Math.Clamp(number, 0, int.MaxValue) : null;
}
