namespace Squero.Notebooks;

/// <summary>
/// How well cells were aligned with their ids hidden. Paired counts the pairs made of cells that both have an id of their own, Right
/// those that the ids confirm, True the pairs that the ids make; the moves likewise.
/// </summary>
internal sealed record AlignmentScore(int Paired, int Right, int True, int MovesShown, int MovesRight, int MovesTrue, bool Hard)
{
    /// <summary>Null when the ids of the pair tell nothing.</summary>
    public static AlignmentScore? Of(NotebookDiff withoutIds)
    {
        var truth = CellIdentity.Of(withoutIds.Before, withoutIds.After);
        if (!truth.Tells)
        {
            return null;
        }

        var pairs = withoutIds.Cells.Where(truth.Judges).ToList();
        var moves = pairs.Where(cell => cell.Moved).Select(cell => cell.After!.Index).ToList();
        return new AlignmentScore(
            pairs.Count,
            pairs.Count(cell => truth.OldOf[cell.After!.Index] == cell.Before!.Index),
            truth.Pairs,
            moves.Count,
            moves.Count(truth.Moved.Contains),
            truth.Moved.Count,
            IsHard(withoutIds, truth));
    }

    /// <summary>Cells moved, came or went, or three were edited.</summary>
    private static bool IsHard(NotebookDiff diff, CellIdentity truth)
    {
        if (truth.Moved.Count > 0 || truth.Pairs != diff.Before.Cells.Count || truth.Pairs != diff.After.Cells.Count)
        {
            return true;
        }

        return truth.OldOf.Select((i, j) => i >= 0 && !diff.Before.Cells[i].SameSource(diff.After.Cells[j])).Count(edited => edited) >= 3;
    }
}
