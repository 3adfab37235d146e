using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>A stored artifact: its path within the candidate, the hash of its bytes, its size.</summary>
public sealed record CandidateFile
{
    public string Path { get; init; } = "";

    public string Hash { get; init; } = "";

    public long Size { get; init; }

    public string FileName => Path[(Path.LastIndexOf('/') + 1)..];
}

/// <summary>An entry of a listing: a file, or a folder that exists because files lie below it.</summary>
public sealed record FileEntry(string Path, bool IsFolder, long Size)
{
    public string FileName => Path[(Path.LastIndexOf('/') + 1)..];
}

/// <summary>
/// Artifacts: paths that point at blobs. Candidate 0 of a project holds files that belong to no candidate.
/// Every path goes through <see cref="ArtifactPath"/>.
/// </summary>
public sealed class CandidateFiles(Database database, BlobStore blobs)
{
    public const long MaxFileBytes = 20L * 1024 * 1024 * 1024;
    public const int MaxEntries = 10_000;
    private const string Columns = "path, hash, size";

    /// <summary>Files and folders directly below a folder ("" is the root), in order of name; at most 10,000. Empty for a file.</summary>
    public async Task<IReadOnlyList<FileEntry>> ListAsync(long projectId, long candidateId, string folder, CancellationToken cancel)
    {
        var start = ArtifactPath.Parse(folder) is { Length: > 0 } path ? path + "/" : "";
        var names = await database.ReadAsync(
            session => session.ListAsync<EntryRow>(
                $"""
                SELECT CASE WHEN slash > 0 THEN substr(rest, 1, slash - 1) ELSE rest END AS name,
                       max(CASE WHEN slash > 0 THEN 1 ELSE 0 END) AS is_folder, CAST(sum(size) AS BIGINT) AS size
                FROM (SELECT substr(path, length(@start) + 1) AS rest, {database.Dialect.PositionOf("'/'", "substr(path, length(@start) + 1)")} AS slash, size
                      FROM experiments_files
                      WHERE project_id = @projectId AND candidate_id = @candidateId AND path >= @start AND path < @end) AS below
                GROUP BY 1 ORDER BY 1 LIMIT {MaxEntries}
                """,
                new { projectId, candidateId, start, end = start + char.ConvertFromUtf32(0x10FFFF) }),
            cancel);
        return [.. names.Select(row => new FileEntry(start + row.Name, row.IsFolder, row.Size))];
    }

    public Task<CandidateFile?> FindAsync(long projectId, long candidateId, string path, CancellationToken cancel)
    {
        var checkedPath = ArtifactPath.Parse(path);
        return database.ReadAsync(
            session => session.FirstAsync<CandidateFile>(
                $"SELECT {Columns} FROM experiments_files WHERE project_id = @projectId AND candidate_id = @candidateId AND path = @checkedPath",
                new { projectId, candidateId, checkedPath }),
            cancel);
    }

    /// <summary>Every file of a candidate, in order of path; at most 10,000.</summary>
    public Task<IReadOnlyList<CandidateFile>> AllAsync(long projectId, long candidateId, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.ListAsync<CandidateFile>(
                $"SELECT {Columns} FROM experiments_files WHERE project_id = @projectId AND candidate_id = @candidateId ORDER BY path LIMIT {MaxEntries}",
                new { projectId, candidateId }),
            cancel);

    /// <summary>Every file below a folder ("" is the root), at any depth, in order of path; at most 10,000.</summary>
    public Task<IReadOnlyList<CandidateFile>> BelowAsync(long projectId, long candidateId, string folder, CancellationToken cancel)
    {
        var start = ArtifactPath.Parse(folder) is { Length: > 0 } path ? path + "/" : "";
        return database.ReadAsync(
            session => session.ListAsync<CandidateFile>(
                $"""
                SELECT {Columns} FROM experiments_files
                WHERE project_id = @projectId AND candidate_id = @candidateId AND path >= @start AND path < @end ORDER BY path LIMIT {MaxEntries}
                """,
                new { projectId, candidateId, start, end = start + char.ConvertFromUtf32(0x10FFFF) }),
            cancel);
    }

    /// <summary>Streams a file in, in place of one of the same path. A path below a file, or of a folder, is refused.</summary>
    public async Task<CandidateFile> PutAsync(long projectId, long candidateId, string path, Stream content, CancellationToken cancel)
    {
        var file = ArtifactPath.ParseFile(path);
        var blob = await blobs.PutAsync(content, MaxFileBytes, cancel);
        await database.WriteAsync(
            async session =>
            {
                var above = Enumerable.Range(0, file.Length).Where(index => file[index] == '/').Select(index => file[..index]).ToList();
                var clash = await session.CountAsync(
                    "SELECT count(*) FROM experiments_files WHERE project_id = @projectId AND candidate_id = @candidateId AND (path IN @above OR (path >= @below AND path < @end))",
                    new { projectId, candidateId, above, below = file + "/", end = file + "/" + char.ConvertFromUtf32(0x10FFFF) });
                if (clash > 0)
                {
                    throw Refusal.Invalid($"Invalid path: `{file}` would be a file and a folder at once.");
                }

                await session.ExecuteAsync(
                    """
                    INSERT INTO experiments_files (project_id, candidate_id, path, hash, size, created_us)
                    VALUES (@projectId, @candidateId, @file, @Hash, @Size, @NowMicros)
                    ON CONFLICT (project_id, candidate_id, path) DO UPDATE SET hash = excluded.hash, size = excluded.size, created_us = excluded.created_us
                    """,
                    new { projectId, candidateId, file, blob.Hash, blob.Size, session.NowMicros });
            },
            cancel);
        return new CandidateFile { Path = file, Hash = blob.Hash, Size = blob.Size };
    }

    /// <summary>Removes a file, or a folder with all below it; says how many files went.</summary>
    public Task<int> DeleteAsync(long projectId, long candidateId, string path, CancellationToken cancel)
    {
        var file = ArtifactPath.Parse(path);
        return database.WriteAsync(
            session => session.ExecuteAsync(
                "DELETE FROM experiments_files WHERE project_id = @projectId AND candidate_id = @candidateId AND (path = @file OR (path >= @below AND path < @end))",
                new { projectId, candidateId, file, below = file + "/", end = file + "/" + char.ConvertFromUtf32(0x10FFFF) }),
            cancel);
    }

    /// <summary>The bytes, or null when the blob is gone.</summary>
    public Stream? OpenRead(CandidateFile file) => blobs.OpenRead(file.Hash);

    private sealed record EntryRow
    {
        public string Name { get; init; } = "";

        public bool IsFolder { get; init; }

        public long Size { get; init; }
    }
}
