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

    private NotebookDiff(Notebook before, Notebook after, List<CellDiff> cells)
    {
        Before = before;
        After = after;
        Cells = cells;
        Counts = DiffCounts.Of(cells);
        NotebookMetadataDiffers = before != Notebook.Absent && after != Notebook.Absent
            && !JsonMeaning.Same(before.Json, before.MetadataSlice, after.Json, after.MetadataSlice);
    }

    public Notebook Before { get; }

    public Notebook After { get; }

    public IReadOnlyList<CellDiff> Cells { get; }

    public DiffCounts Counts { get; }

    /// <summary>Source lines that the clean view shows as added, and one for each output that changed or came.</summary>
    public int LinesAdded => Counts.LinesAdded;

    /// <summary>Source lines that the clean view shows as removed, and one for each output that went.</summary>
    public int LinesRemoved => Counts.LinesRemoved;

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
        var (stayed, kept) = Places(oldOf, before.Count);
        var cells = new List<CellDiff>(Math.Max(before.Count, after.Count));
        var next = 0;
        for (var j = 0; j < after.Count; j++)
        {
            if (oldOf[j] < 0)
            {
                cells.Add(new CellDiff(null, after[j], CellChange.Added));
                continue;
            }

            if (stayed[j])
            {
                AddRemoved(before, kept, ref next, oldOf[j], cells);
            }

            var cell = CellComparison.Between(before[oldOf[j]], after[j]);
            cell.Moved = !stayed[j];
            cells.Add(cell);
        }

        AddRemoved(before, kept, ref next, before.Count, cells);
        return cells;
    }

    /// <summary>Which new cells kept their order, and which old ones are still there.</summary>
    private static (bool[] Stayed, bool[] Kept) Places(int[] oldOf, int olds)
    {
        var (stayed, kept) = (new bool[oldOf.Length], new bool[olds]);
        List<int> known = new(oldOf.Length), places = new(oldOf.Length);
        for (var j = 0; j < oldOf.Length; j++)
        {
            if (oldOf[j] >= 0)
            {
                known.Add(j);
                places.Add(oldOf[j]);
                kept[oldOf[j]] = true;
            }
        }

        foreach (var at in IncreasingSequence.Longest(places))
        {
            stayed[known[at]] = true;
        }

        return (stayed, kept);
    }

    // Removed cells stand before the new ones that took their place.
    private static void AddRemoved(IReadOnlyList<Cell> before, bool[] kept, ref int next, int end, List<CellDiff> cells)
    {
        var place = cells.Count;
        while (place > 0 && cells[place - 1].Change == CellChange.Added)
        {
            place--;
        }

        var added = cells.Count - place;
        for (; next < end; next++)
        {
            if (!kept[next])
            {
                cells.Add(new CellDiff(before[next], null, CellChange.Removed));
            }
        }

        if (added > 0 && cells.Count > place + added)
        {
            var came = cells.GetRange(place, added);
            cells.RemoveRange(place, added);
            cells.AddRange(came);
        }
    }
}
