namespace Squero.Notebooks;

public enum NotebookState
{
    Ok,

    /// <summary>Written in an older format; shown as if it were a current one.</summary>
    Upgraded,

    /// <summary>Something is missing or broken; what could be read is shown, and Reason says what could not.</summary>
    Repaired,

    /// <summary>No notebook; Reason says why.</summary>
    Unreadable,
}

/// <summary>
/// A notebook as it was pushed: an ordered list of cells over the untouched bytes of its file. A cell has a source and
/// outputs; an output has one or more forms (MIME values). Nothing here is ever written back.
/// </summary>
public sealed class Notebook
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private LineMap? _lines;

    internal Notebook(ReadOnlyMemory<byte> bytes, IReadOnlyList<Cell> cells, NotebookState state, string? reason)
    {
        _bytes = bytes;
        Cells = cells;
        State = state;
        Reason = reason;
    }

    /// <summary>The missing side of an added or deleted file.</summary>
    public static Notebook Absent { get; } = new(ReadOnlyMemory<byte>.Empty, [], NotebookState.Ok, null);

    public NotebookState State { get; }

    /// <summary>A sentence for people when something is wrong with the file.</summary>
    public string? Reason { get; }

    public IReadOnlyList<Cell> Cells { get; }

    /// <summary>The kernel's language in lower case.</summary>
    public string Language { get; internal init; } = "python";

    public int FormatMajor { get; internal init; } = 4;

    public int FormatMinor { get; internal init; }

    internal JsonSlice MetadataSlice { get; init; }

    internal ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>The file as it came: in Bytes, markers of an unfinished merge are blanked.</summary>
    internal ReadOnlyMemory<byte> File { get; private set; }

    internal ReadOnlySpan<byte> Json => _bytes.Span;

    /// <summary>Never throws; keeps the bytes without copying them, so they must not change afterwards.</summary>
    public static Notebook Parse(ReadOnlyMemory<byte> utf8)
    {
        var notebook = NotebookReader.Read(utf8);
        notebook.File = utf8;
        return notebook;
    }

    /// <summary>1-based line of the raw file.</summary>
    internal int RawLine(int offset) => (_lines ??= new LineMap(Json)).LineOf(offset);
}
