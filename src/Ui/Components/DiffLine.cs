namespace Squero.Ui;

/// <summary>What became of a line; a hunk is the heading of a stretch, a note a sentence between lines.</summary>
public enum DiffKind
{
    Same,
    Added,
    Removed,
    Moved,
    Hunk,
    Note,
}

/// <summary>A stretch within a line, in UTF-16 units, that is what really changed.</summary>
public readonly record struct Mark(int Start, int Length);

/// <summary>One line of a text diff; with an anchor it can be commented on.</summary>
public sealed record DiffLine(
    DiffKind Kind,
    int? Old,
    int? New,
    string Text,
    string? Anchor = null,
    IReadOnlyList<Mark>? Marks = null);

/// <summary>How the lines are drawn.</summary>
public sealed record DiffHtmlOptions
{
    /// <summary>Offers a comment button on every line that has an anchor.</summary>
    public bool CanComment { get; init; }

    /// <summary>Old on the left and new on the right instead of one column.</summary>
    public bool Split { get; init; }

    /// <summary>Where the button leads without JavaScript; `?comment=anchor` when absent.</summary>
    public Func<string, string>? CommentHref { get; init; }
}
