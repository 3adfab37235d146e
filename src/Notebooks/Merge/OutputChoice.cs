namespace Squero.Notebooks;

internal enum OutputChoice
{
    Ours,
    Theirs,

    /// <summary>All three files hold the same; the text is nobody's, so that the execution count goes.</summary>
    Agreed,

    /// <summary>They belong to another text.</summary>
    None,
}

/// <summary>
/// Whose outputs a merged code cell keeps, whole, with their execution count: those of the side whose source it is. When
/// both ran the same source again, ours. What comes of both sides' edits was never run: it has no outputs, rather than
/// ones that look fresh.
/// </summary>
internal static class OutputRule
{
    public static OutputChoice For(CellTriple triple, string source)
    {
        var (ours, theirs) = (triple.Ours, triple.Theirs);
        if (ours is null || theirs is null)
        {
            return triple.IsRemovedAgainstEdit || (ours ?? theirs)!.Source == source ? ours is null ? OutputChoice.Theirs : OutputChoice.Ours : OutputChoice.None;
        }

        var fitsOurs = ours.Kind == CellKind.Code && ours.Source == source;
        var fitsTheirs = theirs.Kind == CellKind.Code && theirs.Source == source;
        if (fitsOurs && fitsTheirs)
        {
            var left = triple.Base is { } old ? SameRun(old, ours) : ours.Outputs.Count == 0;
            return left ? OutputChoice.Theirs : OutputChoice.Ours;
        }

        if (fitsOurs || fitsTheirs)
        {
            return fitsOurs ? OutputChoice.Ours : OutputChoice.Theirs;
        }

        return triple.Base is { } was && SameOutputs(was, ours) && SameOutputs(was, theirs) ? OutputChoice.Agreed : OutputChoice.None;
    }

    public static bool SameRun(Cell one, Cell other) => one.ExecutionCount == other.ExecutionCount && SameOutputs(one, other);

    private static bool SameOutputs(Cell one, Cell other) => CellPart.Outputs(one).Same(CellPart.Outputs(other));
}
