using System.Buffers;

namespace Squero.Notebooks;

/// <summary>
/// What changed between two versions of a notebook, cell by cell in the reading order of the new one. A moved cell is
/// there once, with its edits inside. What a mere re-run changes (counts, ids, tool metadata) is counted, not shown.
/// </summary>
public sealed class NotebookDiff
{
    private Dictionary<int, CellDiff>? _byOld;
    private Dictionary<int, CellDiff>? _byNew;

    private NotebookDiff(Notebook before, Notebook after, IReadOnlyList<CellDiff> cells)
    {
        Before = before;
        After = after;
        Cells = cells;
        Counts = Count(cells);
        (LinesAdded, LinesRemoved) = CountLines(cells);
        NotebookMetadataDiffers = before != Notebook.Absent && after != Notebook.Absent
            && !JsonMeaning.Same(before.Json, before.MetadataSlice, after.Json, after.MetadataSlice);
    }

    public Notebook Before { get; }

    public Notebook After { get; }

    public IReadOnlyList<CellDiff> Cells { get; }

    public DiffCounts Counts { get; }

    /// <summary>Source lines that the clean view shows as added, and one for each output that changed or came.</summary>
    public int LinesAdded { get; }

    /// <summary>Source lines that the clean view shows as removed, and one for each output that went.</summary>
    public int LinesRemoved { get; }

    /// <summary>Kernel, language version or other metadata of the whole file differs.</summary>
    public bool NotebookMetadataDiffers { get; }

    /// <summary>False when a side is no notebook: show the raw text diff and the reason.</summary>
    public bool Readable => Before.State != NotebookState.Unreadable && After.State != NotebookState.Unreadable;

    /// <summary>What people should know about the files, or null.</summary>
    public string? Reason => (Before.Reason, After.Reason) switch
    {
        (null, null) => null,
        (null, { } now) => now,
        ({ } old, null) => $"Before the change: {old}",
        ({ } old, { } now) => old == now ? now : $"{now} Before the change: {old}",
    };

    public bool IsEmpty => !NotebookMetadataDiffers && Cells.All(cell => cell is { Change: CellChange.Unchanged, Moved: false, CountNoise: false, MetadataNoise: false, Reencoded: false });

    public static NotebookDiff Between(Notebook before, Notebook after, DiffOptions? options = null)
    {
        var oldOf = CellAlignment.Between(before.Cells, after.Cells, (options ?? DiffOptions.Default).IgnoreIds);
        var cells = InReadingOrder(before.Cells, after.Cells, oldOf);
        CellKin.Find(cells);
        return new NotebookDiff(before, after, cells);
    }

    /// <summary>What became of an old cell, by its index.</summary>
    public CellDiff? CellOfOld(int index) =>
        (_byOld ??= Cells.Where(cell => cell.Before is not null).ToDictionary(cell => cell.Before!.Index)).GetValueOrDefault(index);

    /// <summary>What a new cell came from, by its index.</summary>
    public CellDiff? CellOfNew(int index) =>
        (_byNew ??= Cells.Where(cell => cell.After is not null).ToDictionary(cell => cell.After!.Index)).GetValueOrDefault(index);

    /// <summary>The documented JSON, version 1, patch included (docs/api/notebook-diff.md).</summary>
    public void WriteJson(IBufferWriter<byte> to) => NotebookDiffJson.Write(this, to);

    /// <summary>The patch alone: what rebuilds the new file from the old one, byte for byte.</summary>
    public void WritePatch(IBufferWriter<byte> to) => NotebookPatch.Write(this, to);

    private static List<CellDiff> InReadingOrder(IReadOnlyList<Cell> before, IReadOnlyList<Cell> after, int[] oldOf)
    {
        var pairs = Enumerable.Range(0, after.Count).Where(j => oldOf[j] >= 0).ToList();
        var stayed = IncreasingSequence.Longest(pairs.ConvertAll(j => oldOf[j])).Select(at => pairs[at]).ToHashSet();
        var kept = new bool[before.Count];
        pairs.ForEach(j => kept[oldOf[j]] = true);
        var cells = new List<CellDiff>(Math.Max(before.Count, after.Count));
        var next = 0;
        for (var j = 0; j < after.Count; j++)
        {
            if (oldOf[j] < 0)
            {
                cells.Add(new CellDiff(null, after[j], CellChange.Added));
                continue;
            }

            if (stayed.Contains(j))
            {
                AddRemoved(before, kept, ref next, oldOf[j], cells);
            }

            var cell = CellComparison.Between(before[oldOf[j]], after[j]);
            cell.Moved = !stayed.Contains(j);
            cells.Add(cell);
        }

        AddRemoved(before, kept, ref next, before.Count, cells);
        return cells;
    }

    // Removed cells stand before the new ones that took their place.
    private static void AddRemoved(IReadOnlyList<Cell> before, bool[] kept, ref int next, int end, List<CellDiff> cells)
    {
        var place = cells.Count;
        while (place > 0 && cells[place - 1].Change == CellChange.Added)
        {
            place--;
        }

        var removed = new List<CellDiff>();
        for (; next < end; next++)
        {
            if (!kept[next])
            {
                removed.Add(new CellDiff(before[next], null, CellChange.Removed));
            }
        }

        cells.InsertRange(place, removed);
    }

    private static DiffCounts Count(IReadOnlyList<CellDiff> cells)
    {
        int Cells(CellChange change) => cells.Count(cell => cell.Change == change);
        return new DiffCounts(
            Cells(CellChange.Added),
            Cells(CellChange.Removed),
            Cells(CellChange.Edited),
            cells.Count(cell => cell.Moved),
            cells.Sum(cell => cell.Outputs.Count(output => output.Change != OutputChange.Unchanged)),
            Cells(CellChange.Metadata),
            cells.Count(cell => cell.CountNoise),
            cells.Count(cell => cell.MetadataNoise),
            Cells(CellChange.Unchanged),
            cells.Count(cell => cell.Reencoded));
    }

    private static (int Added, int Removed) CountLines(IReadOnlyList<CellDiff> cells)
    {
        int added = 0, removed = 0;
        foreach (var cell in cells)
        {
            added += cell.Change == CellChange.Added ? cell.Shown.Lines.Count : cell.Source.Sum(hunk => hunk.AddedCount);
            removed += cell.Change == CellChange.Removed ? cell.Shown.Lines.Count : cell.Source.Sum(hunk => hunk.RemovedCount);
            added += cell.Outputs.Count(output => output.Change is OutputChange.Changed or OutputChange.Added);
            removed += cell.Outputs.Count(output => output.Change == OutputChange.Removed);
        }

        return (added, removed);
    }
}
