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
    private string[]? _lines;
    private string? _key;

    internal Cell(int index, CellKind kind, string source, ReadOnlyMemory<byte> json, JsonSlice whole)
    {
        Index = index;
        Kind = kind;
        Source = source;
        _json = json;
        Whole = whole;
    }

    /// <summary>Counted from 0. People see it plus one.</summary>
    public int Index { get; }

    public CellKind Kind { get; }

    /// <summary>nbformat 4.5's id, or Colab's.</summary>
    public string? Id { get; internal init; }

    public int? ExecutionCount { get; internal init; }

    public string Source { get; }

    /// <summary>The source cut at line feeds; a trailing line feed gives a last empty line, no source gives no line.</summary>
    public IReadOnlyList<string> Lines => _lines ??= Source.Length == 0 ? [] : Source.Split('\n');

    public IReadOnlyList<CellOutput> Outputs { get; internal init; } = [];

    /// <summary>Pictures pasted into a Markdown cell, by file name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<MimeValue>> Attachments { get; internal init; } = NoAttachments;

    /// <summary>What the cell is called in anchors: its id where it has a plain one, else a digest of its content.</summary>
    public string Key => _key ??= MakeKey();

    internal static IReadOnlyDictionary<string, IReadOnlyList<MimeValue>> NoAttachments { get; } = new Dictionary<string, IReadOnlyList<MimeValue>>();

    internal JsonSlice Whole { get; }

    internal JsonSlice SourceSlice { get; init; }

    internal JsonSlice MetadataSlice { get; init; }

    internal JsonSlice AttachmentsSlice { get; init; }

    internal ReadOnlyMemory<byte> Bytes => _json;

    internal ReadOnlySpan<byte> Json => _json.Span;

    internal bool SameSource(Cell other) => Kind == other.Kind && Source == other.Source;

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
