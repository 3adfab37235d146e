namespace Squero.Notebooks;

/// <summary>A picture to be linked. Side tells in which of the two files it is.</summary>
public readonly record struct NotebookImage(string Sha256, string MediaType, NotebookSide Side);

/// <summary>What the page around the notebook contributes.</summary>
public sealed record NotebookViewOptions
{
    /// <summary>Address of a picture; the view escapes it.</summary>
    public required Func<NotebookImage, string> ImageUrl { get; init; }

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
