using System.Security.Cryptography;
using System.Text;
using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>A file that is being sent in parts. The key is in the addresses of its parts: who has one may send that upload's parts.</summary>
public sealed record FileUpload(string Id, string Key, string Path, int Parts);

/// <summary>A part as the sender knows it: its number from 1, and the hash that answered it.</summary>
public sealed record FilePart(int Number, string Hash);

/// <summary>
/// Large files in parts, sent side by side and repeated one by one when a connection breaks. Nothing of them is visible before
/// all are there and put together; what nobody finishes is thrown away after a day.
/// </summary>
public sealed class FileUploads(Database database, DataFolder data, CandidateFiles files, TimeProvider time)
{
    public const int MaxParts = 10_000;

    /// <summary>Of one project at once.</summary>
    public const int MaxOpen = 200;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    public async Task<FileUpload> BeginAsync(long projectId, long candidateId, string path, long parts, CancellationToken cancel)
    {
        if (parts is < 1 or > MaxParts)
        {
            throw Refusal.Invalid($"Invalid value {parts} for parameter 'num_parts': an upload has 1 to {MaxParts} parts.");
        }

        await ForgetOldAsync(cancel);
        var upload = new FileUpload(RandomNumberGenerator.GetHexString(32, true), RandomNumberGenerator.GetHexString(64, true), ArtifactPath.ParseFile(path), (int)parts);
        await database.WriteAsync(
            async session =>
            {
                if (await session.CountAsync("SELECT count(*) FROM experiments_uploads WHERE project_id = @projectId", new { projectId }) >= MaxOpen)
                {
                    throw new Refusal(RefusalKind.TooMany, $"The project has {MaxOpen} uploads that were begun and neither completed nor aborted. Wait until some are.");
                }

                await session.ExecuteAsync(
                    """
                    INSERT INTO experiments_uploads (id, project_id, candidate_id, path, key_hash, parts, created_us)
                    VALUES (@Id, @projectId, @candidateId, @Path, @keyHash, @Parts, @NowMicros)
                    """,
                    new { upload.Id, projectId, candidateId, upload.Path, keyHash = HashOf(upload.Key), upload.Parts, session.NowMicros });
            },
            cancel);
        return upload;
    }

    /// <summary>Keeps a part in place of one of the same number. Null when there is no such upload, or the key is not its.</summary>
    public async Task<FilePart?> PutPartAsync(string id, string key, int number, Stream content, CancellationToken cancel)
    {
        var upload = await database.ReadAsync(session => FindAsync(session, id), cancel);
        if (upload is null || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(key)), Encoding.ASCII.GetBytes(upload.KeyHash)))
        {
            return null;
        }

        if (number < 1 || number > upload.Parts)
        {
            throw Refusal.Invalid($"The upload has the parts 1 to {upload.Parts}; there is no part {number}.");
        }

        var hash = await PartsOf(id).PutAsync(number, content, CandidateFiles.MaxFileBytes, cancel);
        return new FilePart(number, hash);
    }

    /// <summary>Makes the file of its parts. All of them must be named as they were answered; otherwise the upload stays as it is.</summary>
    public async Task<CandidateFile> CompleteAsync(
        long projectId, long candidateId, string path, string id, IReadOnlyCollection<FilePart> parts, CancellationToken cancel)
    {
        var upload = await FindAsync(projectId, candidateId, path, id, cancel);
        var kept = PartsOf(id);
        for (var number = 1; number <= upload.Parts; number++)
        {
            var told = parts.LastOrDefault(part => part.Number == number)?.Hash;
            if (told is null || told != kept.HashOf(number))
            {
                throw Refusal.Invalid(told is null ? $"Part {number} of {upload.Parts} is missing: nothing was put together." : $"Part {number} is not there as it is named: send it again.");
            }
        }

        await using var whole = kept.Read(upload.Parts);
        var file = await files.PutAsync(projectId, candidateId, upload.Path, whole, cancel);
        await RemoveAsync([id], CancellationToken.None);
        return file;
    }

    public async Task AbortAsync(long projectId, long candidateId, string path, string id, CancellationToken cancel)
    {
        await FindAsync(projectId, candidateId, path, id, cancel);
        await RemoveAsync([id], cancel);
    }

    private async Task<Row> FindAsync(long projectId, long candidateId, string path, string id, CancellationToken cancel) =>
        await database.ReadAsync(session => FindAsync(session, id), cancel) is { } upload
        && upload.ProjectId == projectId && upload.CandidateId == candidateId && upload.Path == ArtifactPath.ParseFile(path)
            ? upload
            : throw Refusal.NotFound($"There is no upload `{id}` of `{path}`: it was completed, aborted, or begun more than a day ago.");

    private static Task<Row?> FindAsync(Session session, string id) =>
        session.FirstAsync<Row>("SELECT project_id, candidate_id, path, key_hash, parts FROM experiments_uploads WHERE id = @id", new { id });

    private async Task ForgetOldAsync(CancellationToken cancel)
    {
        var before = time.NowMicros() - (long)Lifetime.TotalMicroseconds;
        var old = await database.ReadAsync(
            session => session.ListAsync<string>("SELECT id FROM experiments_uploads WHERE created_us < @before ORDER BY created_us LIMIT 100", new { before }), cancel);
        if (old.Count > 0)
        {
            await RemoveAsync(old, cancel);
        }
    }

    /// <summary>The rows last: a folder without one would never be found again.</summary>
    private async Task RemoveAsync(IReadOnlyCollection<string> ids, CancellationToken cancel)
    {
        foreach (var id in ids)
        {
            PartsOf(id).Remove();
        }

        await database.WriteAsync(session => session.ExecuteAsync("DELETE FROM experiments_uploads WHERE id IN @ids", new { ids }), cancel);
    }

    private PartFolder PartsOf(string id) => new(Path.Combine(data.Folder("uploads"), id));

    private static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private sealed record Row
    {
        public long ProjectId { get; init; }

        public long CandidateId { get; init; }

        public string Path { get; init; } = "";

        public string KeyHash { get; init; } = "";

        public int Parts { get; init; }
    }
}
