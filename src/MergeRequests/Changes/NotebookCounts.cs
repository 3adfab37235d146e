using System.Collections.Concurrent;
using Squero.Notebooks;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>How many cells of a notebook a change touches, remembered by the two blobs. Notebooks over 8 MB are not counted.</summary>
internal sealed class NotebookCounts
{
    private const int Remembered = 500;
    private const long SizeMax = 8 * 1024 * 1024;
    private readonly ConcurrentDictionary<(string?, string?), string?> known = new();

    /// <summary>"2 cells edited, 1 moved"; null when nothing can be said.</summary>
    public async Task<string?> DescribeAsync(GitRepository repository, FileChange file, CancellationToken cancel)
    {
        if (known.TryGetValue((file.OldOid, file.NewOid), out var sentence))
        {
            return sentence;
        }

        if (known.Count >= Remembered)
        {
            known.Clear();
        }

        var before = await ReadAsync(repository, file.OldOid, cancel);
        var after = await ReadAsync(repository, file.NewOid, cancel);
        return known[(file.OldOid, file.NewOid)] = before is null || after is null ? null : Describe(NotebookDiff.Between(before, after));
    }

    private static async Task<Notebook?> ReadAsync(GitRepository repository, string? oid, CancellationToken cancel) =>
        oid is null ? Notebook.Absent : await repository.BytesAsync(oid, SizeMax, cancel) is { } bytes ? Notebook.Parse(bytes) : null;

    private static string? Describe(NotebookDiff diff)
    {
        if (!diff.Readable)
        {
            return "cannot be read as a notebook";
        }

        var counts = diff.Counts;
        var parts = new[]
        {
            (counts.Edited, "edited"), (counts.Added, "added"), (counts.Removed, "removed"), (counts.Moved, "moved"),
        }.Where(part => part.Item1 > 0).ToList();
        var words = parts.Select((part, index) => index == 0 ? $"{part.Item1} {(part.Item1 == 1 ? "cell" : "cells")} {part.Item2}" : $"{part.Item1} {part.Item2}");
        var outputs = counts.Outputs == 0 ? [] : new[] { counts.Outputs == 1 ? "1 output new" : $"{counts.Outputs} outputs new" };
        var all = words.Concat(outputs).ToList();
        return all.Count == 0 ? "nothing that shows" : string.Join(", ", all);
    }
}
