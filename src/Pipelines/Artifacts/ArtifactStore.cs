using System.Text.RegularExpressions;
using Squero.Kernel;
using Squero.RunnerProtocol;

namespace Squero.Pipelines;

public sealed partial class ArtifactStore
{
    private const string Columns = "id, job_id, type, format, filename, hash, size, created_us, expires_us";
    private readonly Database database;
    private readonly BlobStore blobs;
    private readonly PipelineOptions options;
    private readonly TimeProvider time;

    internal ArtifactStore(Database database, BlobStore blobs, PipelineOptions options, TimeProvider time) =>
        (this.database, this.blobs, this.options, this.time) = (database, blobs, options, time);

    /// <summary>What a job left and is still kept, the archive first.</summary>
    public Task<IReadOnlyList<Artifact>> ListAsync(long jobId, CancellationToken cancel) => ListAsync([jobId], cancel);

    public async Task<IReadOnlyList<Artifact>> ListAsync(IReadOnlyCollection<long> jobIds, CancellationToken cancel) =>
        jobIds.Count == 0
            ? []
            : await database.ReadAsync(
                session => session.ListAsync<Artifact>(
                    $"""
                    SELECT {Columns} FROM pipelines_artifacts WHERE job_id IN @jobIds AND (expires_us IS NULL OR expires_us > @now)
                    ORDER BY job_id, CASE type WHEN 'archive' THEN 0 ELSE 1 END, id
                    """,
                    new { jobIds, now = time.NowMicros() }),
                cancel);

    public async Task<Artifact?> FindAsync(long jobId, string type, CancellationToken cancel) =>
        (await ListAsync(jobId, cancel)).FirstOrDefault(artifact => artifact.Type == type);

    /// <summary>The files of an archive by path; at most so many.</summary>
    public Task<IReadOnlyList<ArtifactFile>> FilesAsync(long artifactId, int take, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.ListAsync<ArtifactFile>(
                "SELECT path, size FROM pipelines_artifact_files WHERE artifact_id = @artifactId ORDER BY path LIMIT @take", new { artifactId, take }),
            cancel);

    public Task<ArtifactFile?> FileAsync(long artifactId, string path, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.FirstAsync<ArtifactFile>(
                "SELECT path, size FROM pipelines_artifact_files WHERE artifact_id = @artifactId AND path = @path", new { artifactId, path }),
            cancel);

    /// <summary>Takes an upload in. The same bytes once more are fine; others of the same type are refused.</summary>
    internal async Task PutAsync(Job job, ArtifactUpload upload, Stream content, CancellationToken cancel)
    {
        if (!TypePattern().IsMatch(upload.Type))
        {
            throw Refusal.Invalid("artifact_type does not have a valid value");
        }

        var blob = await blobs.PutAsync(content, options.ArtifactBytesMax, cancel);
        IReadOnlyList<ArtifactFile> files = [];
        if (upload.Type == ArtifactTypes.Archive)
        {
            await using var zip = blobs.OpenRead(blob.Hash)!;
            files = ArchiveIndex.Read(zip, blob.Size);
        }

        IReadOnlyList<KeyValuePair<string, string>> dotenv = [];
        if (upload.Type == ArtifactTypes.Dotenv)
        {
            await using var report = blobs.OpenRead(blob.Hash)!;
            dotenv = await DotenvReport.ReadAsync(report, upload.Format == ArtifactFormats.Gzip, cancel);
        }

        await database.WriteAsync(session => InsertAsync(session, job, upload, blob, files, dotenv), cancel);
    }

    private static async Task InsertAsync(
        WriteSession session, Job job, ArtifactUpload upload, Blob blob, IReadOnlyList<ArtifactFile> files, IReadOnlyList<KeyValuePair<string, string>> dotenv)
    {
        var known = await session.FirstAsync<string>(
            "SELECT hash FROM pipelines_artifacts WHERE job_id = @Id AND type = @Type", new { job.Id, upload.Type });
        if (known is not null)
        {
            if (known != blob.Hash)
            {
                throw Refusal.Invalid($"another artifact of the same type already exists");
            }

            return;
        }

        var lifetime = upload.ExpireIn is { } text && Durations.ParseSeconds(text) is { } seconds ? seconds : (int?)null;
        var id = await session.InsertAsync(
            """
            INSERT INTO pipelines_artifacts (job_id, type, format, filename, hash, size, created_us, expires_us)
            VALUES (@Id, @Type, @Format, @Filename, @Hash, @Size, @NowMicros, @expires) RETURNING id
            """,
            new
            {
                job.Id,
                upload.Type,
                upload.Format,
                upload.Filename,
                blob.Hash,
                blob.Size,
                session.NowMicros,
                expires = lifetime is { } span ? session.NowMicros + span * 1_000_000L : (long?)null,
            });
        foreach (var file in files)
        {
            await session.ExecuteAsync(
                "INSERT INTO pipelines_artifact_files (artifact_id, path, size) VALUES (@id, @Path, @Size)", new { id, file.Path, file.Size });
        }

        for (var position = 0; position < dotenv.Count; position++)
        {
            await session.ExecuteAsync(
                "INSERT INTO pipelines_dotenv (job_id, position, key, value) VALUES (@Id, @position, @Key, @Value)",
                new { job.Id, position, dotenv[position].Key, dotenv[position].Value });
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,39}$", RegexOptions.CultureInvariant)]
    private static partial Regex TypePattern();
}

/// <summary>What a runner says about the file it sends.</summary>
internal sealed record ArtifactUpload(string Type, string Format, string Filename, string? ExpireIn);
