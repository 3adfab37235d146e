namespace Squero.Notebooks;

/// <summary>
/// How large a patch may be: the bytes of changed and added cells and outputs, a fifth more, and 4 KB; 1 KB where nothing
/// at all changed.
/// </summary>
internal static class PatchBound
{
    public static long Of(NotebookDiff diff) =>
        diff.Before.File.Span.SequenceEqual(diff.After.File.Span) ? 1_024 : (diff.Cells.Sum(IsUpgraded(diff) ? Whole : Bytes) * 6 / 5) + 4_096;

    /// <summary>Another major format has other names for nearly everything in a cell: all of them changed, whatever they say to people.</summary>
    private static bool IsUpgraded(NotebookDiff diff) => (diff.Before.State == NotebookState.Upgraded) != (diff.After.State == NotebookState.Upgraded);

    private static long Whole(CellDiff cell) => cell.After?.Whole.Length ?? 0;

    private static long Bytes(CellDiff cell) => cell switch
    {
        { After: null } => 0,
        { Change: CellChange.Added or CellChange.Edited } => cell.After.Whole.Length,
        _ => cell.Outputs.Where(output => output.Change != OutputChange.Unchanged).Sum(output => (long?)output.After?.Whole.Length ?? 0),
    };
}
