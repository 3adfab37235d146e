using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Notebooks;
using Squero.Projects;
using Squero.Ui;

namespace Squero.Experiments;

/// <summary>What the pages fetch besides themselves: curves, downloads, pictures.</summary>
internal static class CandidateEndpoints
{
    internal const int MaxNote = 8_000;

    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/project/{project}/candidates/{iid:long}").ForProject(Role.None, Scope.ReadApi);
        group.MapGet("/curves/{**metric}", CurveEndpoint.AnswerAsync);
        group.MapGet("/events", EventsAsync);
        group.MapGet("/files/{**path}", DownloadAsync);
        group.MapGet("/figures/{sha256}/{**path}", FigureAsync);
        group.MapGet("/pictures/{**path}", PictureAsync);
        app.MapPost("/project/{project}/candidates/{iid:long}/note", NoteAsync).ForProject(Role.Developer, Scope.Api);
    }

    private static async Task EventsAsync(
        HttpContext context, ProjectAccess access, CandidateStore store, FollowCandidate follow, long iid, CancellationToken cancel) =>
        await follow.AnswerAsync(context, access, await FindAsync(access, store, iid, cancel), cancel);

    /// <summary>A note is a tag, so that clients read and write it too; an empty one is none.</summary>
    private static async Task<IResult> NoteAsync(
        HttpContext context, ProjectAccess access, CandidateStore store, CandidateLog log, CandidateEdits edits, TagMeanings meanings, long iid, CancellationToken cancel)
    {
        var candidate = await FindAsync(access, store, iid, cancel);
        var text = (await context.Request.ReadFormAsync(cancel))["note"].ToString().ReplaceLineEndings("\n").Trim();
        if (meanings.Note is not { } name || text.Contains('\0', StringComparison.Ordinal))
        {
            throw Refusal.Invalid("This note cannot be kept.");
        }

        if (text.Length > MaxNote)
        {
            throw Refusal.Invalid($"A note has at most {MaxNote:N0} characters; this one has {text.Length:N0}.");
        }

        if (text.Length == 0)
        {
            await edits.DeleteTagAsync(candidate, name, cancel);
        }
        else
        {
            await log.WriteAsync(LogEntry.OfTag(candidate, new NamedText(name, text)), cancel);
        }

        Flash.Leave(context, text.Length == 0 ? "The note is gone." : "The note is saved.");
        return Results.Redirect(candidate.Href(access.Project) + "#note");
    }

    /// <summary>A picture of an output of a notebook among the artifacts.</summary>
    private static async Task<IResult> FigureAsync(
        HttpContext context, ProjectAccess access, CandidateStore store, CandidateFiles files, long iid, string sha256, string path, CancellationToken cancel)
    {
        var candidate = await FindAsync(access, store, iid, cancel);
        var file = await files.FindAsync(access.Project.Id, candidate.Id, path, cancel);
        var picture = file is not null && await NotebookPreview.ReadAsync(files, file, cancel) is { } notebook ? NotebookImages.Find(notebook, sha256) : null;
        if (picture is null)
        {
            throw Refusal.NotFound("There is no such picture.");
        }

        ArtifactHeaders.Write(context.Response, "figure", inline: true);
        context.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        return Results.Bytes(picture.Bytes, picture.MediaType);
    }

    private static Task DownloadAsync(
        HttpContext context, ProjectAccess access, CandidateStore store, CandidateFiles files, BlobStore blobs, long iid, string path, CancellationToken cancel) =>
        SendAsync(context, access, store, files, blobs, iid, path, picture: false, cancel);

    private static Task PictureAsync(
        HttpContext context, ProjectAccess access, CandidateStore store, CandidateFiles files, BlobStore blobs, long iid, string path, CancellationToken cancel) =>
        SendAsync(context, access, store, files, blobs, iid, path, picture: true, cancel);

    private static async Task SendAsync(
        HttpContext context, ProjectAccess access, CandidateStore store, CandidateFiles files, BlobStore blobs, long iid, string path, bool picture, CancellationToken cancel)
    {
        var candidate = await store.FindByIidAsync(access.Project.Id, iid, cancel);
        var file = candidate is null ? null : await files.FindAsync(access.Project.Id, candidate.Id, path, cancel);
        var type = file is null ? null : picture ? ArtifactHeaders.PictureTypeOf(file.FileName) : ArtifactHeaders.DownloadTypeOf(file.FileName);
        if (file is null || type is null)
        {
            throw Refusal.NotFound($"There is no such file: {path}");
        }

        ArtifactHeaders.Write(context.Response, file.FileName, inline: picture);
        context.Response.ContentType = type;
        context.Response.ContentLength = file.Size;
        await context.Response.SendFileAsync(blobs.PathOf(file.Hash), cancel);
    }

    private static async Task<Candidate> FindAsync(ProjectAccess access, CandidateStore store, long iid, CancellationToken cancel) =>
        await store.FindByIidAsync(access.Project.Id, iid, cancel) ?? throw Refusal.NotFound($"This project has no candidate c-{iid}.");
}
