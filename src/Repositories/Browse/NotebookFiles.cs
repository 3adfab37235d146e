using Microsoft.Extensions.Caching.Memory;
using Squero.Notebooks;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>
/// Notebooks by the id of their blob, read and parsed once: a page, its later cells and its pictures all come from the same bytes.
/// Bounded by bytes; several requests for one notebook wait for one reading.
/// </summary>
internal sealed class NotebookFiles(GitRepositories repositories) : IDisposable
{
    /// <summary>Larger notebooks are offered for download only.</summary>
    public const long SizeMax = 128L * 1024 * 1024;

    private const long KeptMax = 320L * 1024 * 1024;
    private const int Overhead = 4096;
    private const int Doors = 32;

    private static readonly Dictionary<int, string> NoLines = [];
    private readonly MemoryCache kept = new(new MemoryCacheOptions { SizeLimit = KeptMax, CompactionPercentage = 0.4 });
    private readonly SemaphoreSlim[] doors = [.. Enumerable.Range(0, Doors).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Null when there is no such blob or it is too large.</summary>
    public Task<Notebook?> ReadAsync(Project project, string blobOid, CancellationToken cancel) =>
        GetAsync(
            $"{project.Id}:{blobOid}",
            async () => await repositories.Open(project).BytesAsync(blobOid, SizeMax, cancel) is { } bytes ? (Notebook.Parse(bytes), bytes.Length + Overhead) : (null, Overhead),
            cancel);

    /// <summary>Null when a side is too large.</summary>
    public Task<NotebookDiff?> CompareAsync(Project project, FileChange change, CancellationToken cancel) =>
        GetAsync(
            $"{project.Id}:{change.OldOid}:{change.NewOid}",
            async () =>
            {
                var before = change.OldOid is null ? Notebook.Absent : await ReadAsync(project, change.OldOid, cancel);
                var after = change.NewOid is null ? Notebook.Absent : await ReadAsync(project, change.NewOid, cancel);
                return before is null || after is null
                    ? ((NotebookDiff?)null, Overhead)
                    : (NotebookDiff.Between(before, after), (before.Cells.Count + after.Cells.Count + 1L) * Overhead);
            },
            cancel);

    /// <summary>Lines of the file with a credential in an output, as they are shown; none of what is no notebook.</summary>
    public async Task<IReadOnlyDictionary<int, string>> MaskedLinesAsync(Project project, string? blobOid, CancellationToken cancel) =>
        blobOid is not null && await ReadAsync(project, blobOid, cancel) is { } notebook
            ? await GetAsync($"{project.Id}:masks:{blobOid}", () => Task.FromResult(Measured(MaskedLines.Of(notebook))), cancel) ?? NoLines
            : NoLines;

    public void Dispose()
    {
        kept.Dispose();
        Array.ForEach(doors, door => door.Dispose());
    }

    private static (IReadOnlyDictionary<int, string>? Lines, long Bytes) Measured(IReadOnlyDictionary<int, string> lines) =>
        (lines, Overhead + lines.Sum(line => 2L * line.Value.Length));

    private async Task<T?> GetAsync<T>(string key, Func<Task<(T? Value, long Bytes)>> make, CancellationToken cancel)
        where T : class
    {
        if (kept.TryGetValue(key, out var found))
        {
            return (T?)found;
        }

        // A comparison waits for its two sides, never the other way round, and their doors are others.
        var door = doors[(uint)key.GetHashCode(StringComparison.Ordinal) % (Doors / 2) + (typeof(T) == typeof(Notebook) ? 0 : Doors / 2)];
        await door.WaitAsync(cancel);
        try
        {
            if (kept.TryGetValue(key, out found))
            {
                return (T?)found;
            }

            var (value, bytes) = await make();
            using var entry = kept.CreateEntry(key);
            entry.Value = value;
            entry.Size = bytes;
            entry.SlidingExpiration = TimeSpan.FromMinutes(15);
            return value;
        }
        finally
        {
            door.Release();
        }
    }
}
