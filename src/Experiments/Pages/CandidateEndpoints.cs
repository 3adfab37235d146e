using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Experiments;

/// <summary>What the pages fetch besides themselves: curves, downloads, pictures.</summary>
internal static class CandidateEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/project/{project}/candidates/{iid:long}").ForProject(Role.None, Scope.ReadApi);
        group.MapGet("/curves/{**metric}", CurveEndpoint.AnswerAsync);
        group.MapGet("/files/{**path}", DownloadAsync);
        group.MapGet("/pictures/{**path}", PictureAsync);
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
}
