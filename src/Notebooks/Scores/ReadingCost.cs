namespace Squero.Notebooks;

/// <summary>
/// Lines that a reader has to look at, beside the fewest that could tell the change: changed source lines of the cells
/// that the ids pair, lines of cells that came and went, and one for each move, changed output and change of type.
/// </summary>
internal sealed record ReadingCost(int Shown, int Floor)
{
    /// <summary>One line is added to both, so that pairs without a change count as 1 and not as nothing.</summary>
    public double Ratio => (Shown + 1.0) / (Floor + 1.0);

    /// <summary>Null unless every cell of both sides has an id of its own.</summary>
    public static ReadingCost? Of(NotebookDiff diff)
    {
        var truth = CellIdentity.Of(diff.Before, diff.After);
        return truth.TellsAll(diff.Before, diff.After) ? new ReadingCost(Lines(diff), FloorOf(diff, truth)) : null;
    }

    private static int Lines(NotebookDiff diff) =>
        diff.LinesAdded + diff.LinesRemoved + diff.Counts.Moved + diff.Cells.Count(cell => cell.KindChanged);

    private static int FloorOf(NotebookDiff diff, CellIdentity truth)
    {
        var floor = truth.Moved.Count;
        var gone = Enumerable.Repeat(true, diff.Before.Cells.Count).ToArray();
        foreach (var now in diff.After.Cells)
        {
            if (truth.OldOf[now.Index] is var i && i < 0)
            {
                floor += now.Lines.Count;
                continue;
            }

            var old = diff.Before.Cells[i];
            gone[i] = false;
            floor += old.Kind == now.Kind ? 0 : 1;
            floor += old.Source == now.Source ? 0 : LineDiff.Between(old.Lines, now.Lines, int.MaxValue / 4).Sum(hunk => hunk.RemovedCount + hunk.AddedCount);
            floor += OutputAlignment.Between(old.Outputs, now.Outputs).Count(output => output.Change != OutputChange.Unchanged);
        }

        return floor + diff.Before.Cells.Where(cell => gone[cell.Index]).Sum(cell => cell.Lines.Count);
    }
}
