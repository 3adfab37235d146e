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
    private Dictionary<string, JsonSlice>? _widgets;
    private Dictionary<string, MimeValue>? _pictures;

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

    /// <summary>The saved models of widgets by their id. Colab writes them without the envelope that Jupyter uses.</summary>
    internal IReadOnlyDictionary<string, JsonSlice> Widgets => _widgets ??= FindWidgets();

    /// <summary>Every picture of outputs and attachments by the hash of its content. Made at the first question: it decodes all of them.</summary>
    internal IReadOnlyDictionary<string, MimeValue> Pictures => _pictures ??= FindPictures();

    /// <summary>Whether an output or a pasted picture has this content.</summary>
    public bool HasPicture(string sha256) => Pictures.ContainsKey(sha256);

    /// <summary>1-based line of the raw file.</summary>
    internal int RawLine(int offset) => (_lines ??= new LineMap(Json)).LineOf(offset);

    private Dictionary<string, JsonSlice> FindWidgets()
    {
        var all = JsonMember.All(Json, JsonMember.Find(Json, MetadataSlice, "widgets"));
        return all.TryGetValue("application/vnd.jupyter.widget-state+json", out var envelope)
            ? JsonMember.All(Json, JsonMember.Find(Json, envelope, "state"))
            : all;
    }

    private Dictionary<string, MimeValue> FindPictures()
    {
        var found = new Dictionary<string, MimeValue>(StringComparer.Ordinal);
        foreach (var cell in Cells)
        {
            foreach (var value in cell.Outputs.SelectMany(output => output.Data).Concat(cell.Attachments.Values.SelectMany(values => values)))
            {
                if (value.IsPicture)
                {
                    found.TryAdd(NotebookPicture.Sha256Of(value), value);
                }
            }
        }

        return found;
    }
}
