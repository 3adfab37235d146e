using System.Security.Cryptography;
using System.Text;

namespace Squero.Notebooks;

public enum CellKind
{
    Code,
    Markdown,
    Raw,
}

/// <summary>One cell: a source, and for code the outputs of its last execution. Immutable; content is read from the file's bytes.</summary>
public sealed class Cell
{
    private readonly ReadOnlyMemory<byte> _json;
    private string? _source;
    private string? _id;
    private string[]? _lines;
    private string? _key;
    private ulong _print;

    internal Cell(int index, CellKind kind, ReadOnlyMemory<byte> json, JsonSlice whole)
    {
        Index = index;
        Kind = kind;
        _json = json;
        Whole = whole;
    }

    /// <summary>Counted from 0. People see it plus one.</summary>
    public int Index { get; }

    public CellKind Kind { get; }

    /// <summary>nbformat 4.5's id, or Colab's.</summary>
    public string? Id => _id ??= IdSlice.IsPresent && JsonText.Read(Json, IdSlice) is { Length: > 0 } id ? id : null;

    public int? ExecutionCount { get; internal init; }

    /// <summary>Read at the first question: most cells of two versions are the same bytes.</summary>
    public string Source => _source ??= ReadSource();

    /// <summary>The source cut at line feeds; a trailing line feed gives a last empty line, no source gives no line.</summary>
    public IReadOnlyList<string> Lines => _lines ??= Source.Length == 0 ? [] : Source.Split('\n');

    public IReadOnlyList<CellOutput> Outputs { get; internal init; } = [];

    /// <summary>Pictures pasted into a Markdown cell, by file name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<MimeValue>> Attachments { get; internal init; } = NoAttachments;

    /// <summary>What the cell is called in anchors: its id where it has a plain one, else a digest of its content.</summary>
    public string Key => _key ??= MakeKey();

    internal static IReadOnlyDictionary<string, IReadOnlyList<MimeValue>> NoAttachments { get; } = new Dictionary<string, IReadOnlyList<MimeValue>>();

    internal JsonSlice Whole { get; }

    internal JsonSlice IdSlice { get; init; }

    internal JsonSlice SourceSlice { get; init; }

    /// <summary>1 to 6 for a heading of nbformat 3, which becomes Markdown; else 0.</summary>
    internal int HeadingLevel { get; init; }

    internal JsonSlice MetadataSlice { get; init; }

    internal JsonSlice AttachmentsSlice { get; init; }

    internal ReadOnlyMemory<byte> Bytes => _json;

    internal ReadOnlySpan<byte> Json => _json.Span;

    /// <summary>The same for cells of one kind and source, and for hardly any others.</summary>
    internal ulong ContentPrint => _print != 0 ? _print : _print = ((ulong)JsonMeaning.Fingerprint(Source.AsSpan()) * 3) + (ulong)Kind + 1;

    internal bool HasSource => Source.Length > 0;

    internal bool SameSource(Cell other) => Kind == other.Kind && (HasSameSourceBytes(other) || Source == other.Source);

    internal bool HasSameBytes(Cell other) => Whole.Of(Json).SequenceEqual(other.Whole.Of(other.Json));

    private bool HasSameSourceBytes(Cell other) =>
        HeadingLevel == other.HeadingLevel && SourceSlice.Of(Json).SequenceEqual(other.SourceSlice.Of(other.Json));

    private string ReadSource()
    {
        var text = JsonText.Read(Json, SourceSlice);
        return HeadingLevel == 0 ? text : new string('#', HeadingLevel) + " " + text.Replace('\n', ' ');
    }

    private string MakeKey()
    {
        if (Id is { Length: > 0 and <= 64 } id && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            return "i" + id;
        }

        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{Kind}\n{Source}"));
        return "h" + Convert.ToHexStringLower(digest.AsSpan(0, 8));
    }
}
