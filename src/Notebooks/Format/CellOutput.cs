namespace Squero.Notebooks;

public enum OutputKind
{
    Stream,
    Display,
    Result,
    Error,
    Unknown,
}

/// <summary>
/// What a code cell printed, drew or failed with. Neighbouring pieces of one stream are one output, because the
/// kernel cuts streams by time and not by meaning.
/// </summary>
public sealed class CellOutput
{
    private List<MimeValue>? _more;

    internal CellOutput(int index, OutputKind kind, string name, IReadOnlyList<MimeValue> data, JsonSlice whole)
    {
        Index = index;
        Kind = kind;
        Name = name;
        Data = data;
        Whole = whole;
    }

    /// <summary>Counted from 0 after joining stream pieces.</summary>
    public int Index { get; }

    public OutputKind Kind { get; }

    /// <summary>stdout or stderr of a stream, the exception's name of an error, else empty.</summary>
    public string Name { get; }

    /// <summary>The forms it comes in. Streams and errors have one: text/plain.</summary>
    public IReadOnlyList<MimeValue> Data { get; }

    /// <summary>The message of an error, without traceback.</summary>
    public string Message { get; internal init; } = "";

    /// <summary>Further pieces of the same stream.</summary>
    internal IReadOnlyList<MimeValue> More => _more ?? (IReadOnlyList<MimeValue>)[];

    internal JsonSlice Whole { get; set; }

    internal JsonSlice ExecutionCount { get; init; }

    internal JsonSlice Metadata { get; init; }

    internal void Join(IReadOnlyList<MimeValue> pieces) => (_more ??= []).AddRange(pieces);

    public MimeValue? Find(string mime)
    {
        foreach (var value in Data)
        {
            if (value.Mime == mime)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>The form that is a picture, if there is one.</summary>
    public MimeValue? Picture()
    {
        foreach (var value in Data)
        {
            if (value.IsPicture)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>The text of a stream, error or plain result.</summary>
    public string Text()
    {
        if (Find("text/plain") is not { } first)
        {
            return "";
        }

        if (Kind == OutputKind.Error)
        {
            var trace = JsonText.ReadTrace(first.Json, first.Value);
            return trace.Length > 0 ? trace : $"{Name}: {Message}";
        }

        return More.Count == 0 ? first.Text() : first.Text() + string.Concat(More.Select(piece => piece.Text()));
    }
}
