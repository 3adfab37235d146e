using System.Collections.Concurrent;
using Squero.Notebooks;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>How many cells of a notebook a change touches, remembered by the two blobs. Notebooks over 8 MB are not counted.</summary>
internal sealed class NotebookCounts
{
    private const int Remembered = 500;
    private const long SizeMax = 8 * 1024 * 1024;
    private readonly ConcurrentDictionary<(string?, string?), CellCounts?> known = new();

    /// <summary>Null when the notebook is too large to say.</summary>
    public async Task<CellCounts?> CountAsync(GitRepository repository, FileChange file, CancellationToken cancel)
    {
        if (known.TryGetValue((file.OldOid, file.NewOid), out var counts))
        {
            return counts;
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

    private static CellCounts Describe(NotebookDiff diff)
    {
        if (!diff.Readable)
        {
            return new CellCounts("cannot be read as a notebook", null);
        }

        var counts = diff.Counts;
        var parts = new[]
        {
            (counts.Edited, "edited"), (counts.Added, "added"), (counts.Removed, "removed"), (counts.Moved, "moved"),
        }.Where(part => part.Item1 > 0).ToList();
        var words = parts.Select((part, index) => index == 0 ? $"{part.Item1} {(part.Item1 == 1 ? "cell" : "cells")} {part.Item2}" : $"{part.Item1} {part.Item2}");
        var outputs = counts.Outputs == 0 ? [] : new[] { counts.Outputs == 1 ? "1 output changed" : $"{counts.Outputs} outputs changed" };
        var warnings = NotebookWarnings.Of(diff).Select(warning => (warning.Cell, warning.Kind)).Distinct().Count();
        var damaged = diff.After.State == NotebookState.Repaired && diff.Before.State != NotebookState.Repaired ? ["the new file is damaged"] : Array.Empty<string>();
        var warned = warnings == 0 ? [] : new[] { warnings == 1 ? "1 warning" : $"{warnings} warnings" };
        var all = damaged.Concat(words).Concat(outputs).Concat(warned).ToList();
        return new CellCounts(
            all.Count == 0 ? "nothing that shows" : string.Join(", ", all), diff.Cells.Count(cell => cell.Moved || cell.Change != CellChange.Unchanged))
        {
            LinesAdded = diff.LinesAdded,
            LinesRemoved = diff.LinesRemoved,
            Warnings = warnings,
        };
    }
}

/// <summary>"2 cells edited, 1 moved", and how many cells that are; no number when the file cannot be read.</summary>
internal sealed record CellCounts(string Sentence, int? Touched)
{
    /// <summary>As the clean view shows them.</summary>
    public int LinesAdded { get; init; }

    public int LinesRemoved { get; init; }

    public int Warnings { get; init; }
}
