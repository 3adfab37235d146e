namespace Squero.Notebooks;

/// <summary>How a notebook or its change is drawn.</summary>
public enum NotebookLook
{
    /// <summary>The default: what changed and little else.</summary>
    Clean,

    /// <summary>Prose, charts and pictures as a reader of the notebook sees them; in a change old beside new.</summary>
    Rich,

    /// <summary>As Rich, with the new below the old.</summary>
    Inline,

    /// <summary>Prose and figures for people who review the result; code is folded.</summary>
    Report,
}

/// <summary>A picture to be linked. Side tells in which of the two files it is.</summary>
public readonly record struct NotebookImage(string Sha256, string MediaType, NotebookSide Side);

/// <summary>One output of one file. Cell and output count from 0.</summary>
public readonly record struct OutputPlace(NotebookSide Side, int Cell, int Output);

/// <summary>A stretch of cells (of entries, in a change), counted from 0; End is the first that is not shown.</summary>
public readonly record struct CellRange(int Start, int End);

/// <summary>What the page around the notebook contributes.</summary>
public sealed record NotebookViewOptions
{
    /// <summary>Address of a picture; the view escapes it.</summary>
    public required Func<NotebookImage, string> ImageUrl { get; init; }

    public NotebookLook Look { get; init; }

    /// <summary>Address of a page that shows one output alone, to be framed in a sandbox: charts, full HTML. None, no frames.</summary>
    public Func<OutputPlace, string>? FrameUrl { get; init; }

    /// <summary>Address of the page that says which cells and files an output was made from.</summary>
    public Func<OutputPlace, string>? OriginUrl { get; init; }

    /// <summary>Address (a query) of the same page with these cells. None: all cells are drawn at once.</summary>
    public Func<CellRange, string>? RangeUrl { get; init; }

    /// <summary>Where to begin, when the reader asked for later cells.</summary>
    public int Start { get; init; }

    /// <summary>Begins the ids of elements, so that several notebooks stand on one page. None: no element gets an id.</summary>
    public string? IdPrefix { get; init; }

    /// <summary>Anchor to trusted HTML that stands after that line, output or cell (threads), or null.</summary>
    public Func<string, string?>? Slot { get; init; }

    /// <summary>Anchor of a picture to trusted HTML that lies over it (outlines of regions), or null.</summary>
    public Func<string, string?>? Overlay { get; init; }

    /// <summary>Anchor to the address of the comment link of a line; none, no links.</summary>
    public Func<string, string>? CommentUrl { get; init; }

    /// <summary>Relative path in a Markdown link to an address, or null to leave it text.</summary>
    public Func<string, string?>? FileUrl { get; init; }

    /// <summary>The file's name, for labels.</summary>
    public string? Name { get; init; }
}
