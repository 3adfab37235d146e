using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Squero.Kernel;
using Squero.RunnerProtocol;

namespace Squero.Pipelines;

/// <summary>POST and GET /jobs/:id/artifacts: uploads of the running job, downloads of earlier ones of its project.</summary>
internal sealed class ArtifactCalls(JobStore jobs, JobReports reports, ArtifactStore artifacts, BlobStore blobs, PipelineOptions options)
{
    private const int FieldBytesMax = 16 * 1024;

    /// <summary>Streams: the length is not known before, and nothing is buffered.</summary>
    public async Task<IResult> UploadAsync(HttpContext context, long id, CancellationToken cancel)
    {
        var limit = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (limit is { IsReadOnly: false })
        {
            limit.MaxRequestBodySize = options.ArtifactBytesMax + (1024 * 1024);
        }

        var fields = context.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
        var boundary = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) ? HeaderUtilities.RemoveQuotes(type.Boundary).Value : null;
        if (string.IsNullOrEmpty(boundary))
        {
            throw Refusal.Invalid("file is missing: send the artifact as multipart/form-data.");
        }

        var reader = new MultipartReader(boundary, context.Request.Body);
        while (await reader.ReadNextSectionAsync(cancel) is { } section)
        {
            if (section.GetContentDispositionHeader() is not { } disposition)
            {
                continue;
            }

            var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
            if (disposition.IsFileDisposition() && name == ArtifactParameters.FilePart)
            {
                var job = await RunningAsync(context, id, fields, cancel);
                var filename = HeaderUtilities.RemoveQuotes(disposition.FileName).Value ?? "";
                await artifacts.PutAsync(job, UploadOf(fields, filename), section.Body, cancel);
                return Created(context, job);
            }

            fields[name] = await FieldAsync(section, cancel);
        }

        throw Refusal.Invalid("file is missing");
    }

    public async Task<IResult> DownloadAsync(HttpContext context, long id, CancellationToken cancel)
    {
        var token = RunnerCalls.TokenOf(context, null, RunnerHeaders.JobToken);
        var asking = await jobs.FindByTokenAsync(token, cancel) ?? throw RunnerCalls.Forbidden();
        var job = await jobs.FindAsync(asking.ProjectId, id, cancel);
        var archive = job is null ? null : await artifacts.FindAsync(id, ArtifactTypes.Archive, cancel);
        return archive is not null && blobs.OpenRead(archive.Hash) is { } stream
            ? Results.Stream(stream, "application/zip", archive.Filename, enableRangeProcessing: true)
            : throw Refusal.NotFound("404 Not found");
    }

    private async Task<Job> RunningAsync(HttpContext context, long id, Dictionary<string, string> fields, CancellationToken cancel)
    {
        var job = await reports.FindAsync(context, id, fields.GetValueOrDefault("token"), cancel);
        return job.Status is JobStatus.Running or JobStatus.Canceling ? job : throw RunnerCalls.Forbidden();
    }

    private static ArtifactUpload UploadOf(Dictionary<string, string> fields, string filename)
    {
        var type = fields.GetValueOrDefault(ArtifactParameters.Type) is { Length: > 0 } given ? given : ArtifactTypes.Archive;
        var format = fields.GetValueOrDefault(ArtifactParameters.Format) is { Length: > 0 } wanted ? wanted
            : type == ArtifactTypes.Archive ? ArtifactFormats.Zip : ArtifactFormats.Gzip;
        if (format is not (ArtifactFormats.Zip or ArtifactFormats.Gzip or ArtifactFormats.Raw)
            || (type == ArtifactTypes.Archive && format != ArtifactFormats.Zip))
        {
            throw Refusal.Invalid("artifact_format does not have a valid value");
        }

        var plain = new string([.. Path.GetFileName(filename.Replace('\\', '/')).Where(letter => !char.IsControl(letter) && letter != '"')]);
        return new ArtifactUpload(type, format, plain.Length is 0 or > 200 ? $"{type}.{format}" : plain, fields.GetValueOrDefault(ArtifactParameters.ExpireIn));
    }

    private static async Task<string> FieldAsync(MultipartSection section, CancellationToken cancel)
    {
        await using var buffer = new MemoryStream();
        await RunnerCalls.CopyAsync(section.Body, buffer, FieldBytesMax, cancel);
        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static IResult Created(HttpContext context, Job job)
    {
        context.Response.Headers[RunnerHeaders.JobStatus] = job.Status.ToWord();
        return Results.Json(new { message = "201 Created" }, statusCode: StatusCodes.Status201Created);
    }
}
