namespace Squero.Notebooks;

/// <summary>
/// Finds cells that came out of another one, or went into one: most of their lines are what the neighbour lost, or
/// gained. Only neighbours count, because lines are copied all over a notebook.
/// </summary>
internal static class CellKin
{
    private const double Most = 0.7;

    /// <summary>Shorter cells share their few characters with anything.</summary>
    private const int Telling = 8;

    public static void Find(List<CellDiff> cells)
    {
        for (var at = 0; at < cells.Count; at++)
        {
            if (cells[at].Change is CellChange.Added)
            {
                cells[at].SplitFrom = Neighbours(cells, at).FirstOrDefault(kin => Holds(cells[at].Shown, Lost(kin)))?.Before!.Index;
            }
            else if (cells[at].Change is CellChange.Removed)
            {
                cells[at].MergedInto = Neighbours(cells, at).FirstOrDefault(kin => Holds(cells[at].Shown, Gained(kin)))?.After!.Index;
            }
        }
    }

    /// <summary>The nearest cells before and after that both sides have, where their text changed.</summary>
    private static IEnumerable<CellDiff> Neighbours(List<CellDiff> cells, int at)
    {
        foreach (var step in new[] { -1, 1 })
        {
            var next = at + step;
            while (next >= 0 && next < cells.Count && cells[next].Change is CellChange.Added or CellChange.Removed)
            {
                next += step;
            }

            if (next >= 0 && next < cells.Count && cells[next].Source.Count > 0)
            {
                yield return cells[next];
            }
        }
    }

    private static IEnumerable<string> Lost(CellDiff cell) => cell.Source.SelectMany(hunk => cell.Before!.Lines.Skip(hunk.Before).Take(hunk.RemovedCount));

    private static IEnumerable<string> Gained(CellDiff cell) => cell.Source.SelectMany(hunk => cell.After!.Lines.Skip(hunk.After).Take(hunk.AddedCount));

    private static bool Holds(Cell cell, IEnumerable<string> lines)
    {
        var there = Words(lines).ToHashSet(StringComparer.Ordinal);
        var wanted = Words(cell.Lines).ToList();
        var size = wanted.Sum(line => line.Length);
        return size >= Telling && wanted.Where(there.Contains).Sum(line => line.Length) >= Most * size;
    }

    private static IEnumerable<string> Words(IEnumerable<string> lines) => lines.Select(line => line.Trim()).Where(line => line.Length > 1);
}
