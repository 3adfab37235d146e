namespace Squero.Notebooks;

/// <summary>Which cells of two versions of a table differ, so that a moved number need not be searched for.</summary>
internal static class TableMarks
{
    private static readonly HashSet<int> None = [];

    /// <summary>Numbers of cells, counted as <see cref="StrictHtml"/> counts them. Empty when marks would help nobody.</summary>
    public static (IReadOnlySet<int> Old, IReadOnlySet<int> New) Between(string old, string now)
    {
        var before = StrictHtml.Rows(old);
        var after = StrictHtml.Rows(now);
        HashSet<int> oldMarks = [], newMarks = [];
        var oldAt = Starts(before);
        var newAt = Starts(after);
        foreach (var hunk in LineDiff.Between(Texts(before), Texts(after)))
        {
            var paired = Math.Min(hunk.RemovedCount, hunk.AddedCount);
            for (var k = 0; k < Math.Max(hunk.RemovedCount, hunk.AddedCount); k++)
            {
                var (i, j) = (hunk.Before + k, hunk.After + k);
                if (k < paired && before[i].Count == after[j].Count)
                {
                    MarkCells(before[i], after[j], oldAt[i], newAt[j], oldMarks, newMarks);
                    continue;
                }

                MarkRow(k < hunk.RemovedCount ? before[i].Count : 0, k < hunk.RemovedCount ? oldAt[i] : 0, oldMarks);
                MarkRow(k < hunk.AddedCount ? after[j].Count : 0, k < hunk.AddedCount ? newAt[j] : 0, newMarks);
            }
        }

        // A table of which all is new is no table with marks in it.
        return oldMarks.Count < oldAt[^1] || newMarks.Count < newAt[^1] ? (oldMarks, newMarks) : (None, None);
    }

    private static void MarkCells(IReadOnlyList<string> old, IReadOnlyList<string> now, int oldAt, int newAt, HashSet<int> oldMarks, HashSet<int> newMarks)
    {
        for (var column = 0; column < old.Count; column++)
        {
            if (old[column] != now[column])
            {
                oldMarks.Add(oldAt + column);
                newMarks.Add(newAt + column);
            }
        }
    }

    private static void MarkRow(int count, int at, HashSet<int> marks)
    {
        for (var column = 0; column < count; column++)
        {
            marks.Add(at + column);
        }
    }

    private static List<string> Texts(IReadOnlyList<IReadOnlyList<string>> rows) => [.. rows.Select(row => string.Join('\u001f', row))];

    private static int[] Starts(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var starts = new int[rows.Count + 1];
        for (var i = 0; i < rows.Count; i++)
        {
            starts[i + 1] = starts[i] + rows[i].Count;
        }

        return starts;
    }
}
