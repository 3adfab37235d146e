namespace Squero.Notebooks;

/// <summary>Lines of a merged source, or a place where somebody must choose.</summary>
internal sealed record SourceStretch(IReadOnlyList<string> Lines, MergeConflict? Conflict = null)
{
    public static IReadOnlyList<SourceStretch> Whole(Cell cell) => [new(cell.Lines)];

    /// <summary>The lines of a source, with markers as git writes them where nobody chose.</summary>
    public static List<string> Join(IReadOnlyList<SourceStretch> stretches, IReadOnlyDictionary<string, MergeChoice> choices, MergeLabels labels)
    {
        var lines = new List<string>();
        foreach (var stretch in stretches)
        {
            if (stretch.Conflict is not { Hunk: { } hunk } conflict)
            {
                lines.AddRange(stretch.Lines);
            }
            else if (choices.TryGetValue(conflict.Id, out var choice))
            {
                lines.AddRange(choice == MergeChoice.Theirs ? [] : hunk.Ours);
                lines.AddRange(choice == MergeChoice.Ours ? [] : hunk.Theirs);
            }
            else
            {
                lines.AddRange(ConflictText.Marked(hunk.Ours, hunk.Theirs, labels));
            }
        }

        return lines;
    }
}
