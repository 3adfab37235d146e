namespace Squero.Notebooks;

/// <summary>
/// Replaces lines of one cell's source. Lines count from 1, as in anchors, and both ends are meant; a Last of First - 1
/// inserts before First. In Text every line is ended or divided by a line feed: "" takes the lines away, "\n" is one
/// empty line, "a" and "a\n" are the same line.
/// </summary>
public sealed record SourceEdit(int First, int Last, string Text)
{
    /// <summary>Counted from 0, as in anchors. Used when there is no id.</summary>
    public int Cell { get; init; } = -1;

    /// <summary>The cell's id in the file.</summary>
    public string? CellId { get; init; }

    /// <summary>What the lines said when the edit was thought of; when they say something else now, it is refused.</summary>
    public string? Was { get; init; }

    internal IReadOnlyList<string> NewLines => Cut(Text);

    internal bool StillFits(IReadOnlyList<string> lines) =>
        Was is null || Cut(Was).SequenceEqual(lines.Skip(First - 1).Take(Last - First + 1).Select(line => line.TrimEnd('\r')), StringComparer.Ordinal);

    // A form feed or a separator of Unicode ends no line of a notebook.
    private static IReadOnlyList<string> Cut(string text)
    {
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        return lines.Length == 0 ? [] : (lines.EndsWith('\n') ? lines[..^1] : lines).Split('\n');
    }
}

/// <summary>How a batch of edits ended: all of them were made, or none.</summary>
public abstract record EditOutcome
{
    private EditOutcome()
    {
    }

    public sealed record Edited(byte[] Bytes) : EditOutcome;

    /// <summary>Nothing was changed; Sentence tells people why.</summary>
    public sealed record Refused(string Sentence) : EditOutcome;
}
