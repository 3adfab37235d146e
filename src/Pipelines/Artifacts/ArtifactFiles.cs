using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;
using Squero.RunnerProtocol;

namespace Squero.Pipelines;

/// <summary>Downloads of what jobs left. Their bytes are strangers': never shown as a page of this server.</summary>
internal static class ArtifactFiles
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var job = app.MapGroup("/project/{project}/jobs/{id:long}/artifacts").ForProject(Role.None, Scope.ReadApi);
        job.MapGet("/download", ArchiveAsync);
        job.MapGet("/file/{**path}", FileAsync);
        job.MapGet("/report/{type}", ReportAsync);
    }

    public static Task<IResult> ArchiveAsync(
        HttpContext context, ProjectAccess access, long id, JobStore jobs, ArtifactStore artifacts, BlobStore blobs, CancellationToken cancel) =>
        ReportAsync(context, access, id, ArtifactTypes.Archive, jobs, artifacts, blobs, cancel);

    private static async Task<IResult> ReportAsync(
        HttpContext context, ProjectAccess access, long id, string type, JobStore jobs, ArtifactStore artifacts, BlobStore blobs, CancellationToken cancel)
    {
        var artifact = await FindAsync(access, id, type, jobs, artifacts, cancel);
        Guard(context, artifact.Filename);
        return blobs.OpenRead(artifact.Hash) is { } stream
            ? Results.Stream(stream, type == ArtifactTypes.Archive ? "application/zip" : "application/octet-stream", enableRangeProcessing: true)
            : throw Refusal.NotFound("404 Artifact Not Found");
    }

    /// <summary>One file out of the archive, unpacked while it is sent and never longer than the archive's index says.</summary>
    public static async Task<IResult> FileAsync(
        HttpContext context, ProjectAccess access, long id, string path, JobStore jobs, ArtifactStore artifacts, BlobStore blobs, CancellationToken cancel)
    {
        var archive = await FindAsync(access, id, ArtifactTypes.Archive, jobs, artifacts, cancel);
        var file = await artifacts.FileAsync(archive.Id, path, cancel) ?? throw Refusal.NotFound("404 File Not Found");
        var stream = blobs.OpenRead(archive.Hash) ?? throw Refusal.NotFound("404 File Not Found");
        Guard(context, Path.GetFileName(file.Path));
        return Results.Stream(
            async target =>
            {
                await using (stream)
                {
                    using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
                    if (zip.GetEntry(file.Path) is { } entry)
                    {
                        await using var content = await entry.OpenAsync(cancel);
                        await CopyAsync(content, target, file.Size, cancel);
                    }
                }
            },
            "application/octet-stream");
    }

    private static async Task<Artifact> FindAsync(
        ProjectAccess access, long id, string type, JobStore jobs, ArtifactStore artifacts, CancellationToken cancel)
    {
        var job = await JobApi.FindAsync(access, jobs, id, cancel);
        return await artifacts.FindAsync(job.Id, type, cancel) ?? throw Refusal.NotFound("404 Artifact Not Found");
    }

    private static void Guard(HttpContext context, string filename)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(filename);
        context.Response.Headers.ContentDisposition = disposition.ToString();
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
    }

    private static async Task CopyAsync(Stream from, Stream to, long limit, CancellationToken cancel)
    {
        var buffer = new byte[64 * 1024];
        int read;
        while (limit > 0 && (read = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, limit)), cancel)) > 0)
        {
            await to.WriteAsync(buffer.AsMemory(0, read), cancel);
            limit -= read;
        }
    }
}
