namespace Squero.Notebooks;

/// <summary>Reads one cell in the words of any nbformat: input or source, prompt_number or execution_count, heading.</summary>
internal sealed class CellReader(ReadOnlyMemory<byte> bytes, int index)
{
    private string _type = "";
    private int _level = 1;
    private string? _id;
    private string? _colabId;
    private int? _count;
    private bool _hasOutputs;
    private JsonSlice _source;
    private JsonSlice _metadata;
    private JsonSlice _attachments;
    private List<CellOutput>? _outputs;

    /// <summary>Whether something that the format demands was missing.</summary>
    public bool Mended { get; private set; }

    /// <summary>Whether it was written in the words of an older format.</summary>
    public bool Upgraded { get; private set; }

    public Cell Read(ref JsonWalker walker)
    {
        walker.Enter((byte)'{');
        var start = walker.At - 1;
        while (walker.NextKey(out var key))
        {
            ReadMember(key.Of(bytes.Span), ref walker);
        }

        return Make(new JsonSlice(start, walker.At));
    }

    private void ReadMember(ReadOnlySpan<byte> key, ref JsonWalker walker)
    {
        var json = bytes.Span;
        if (key.SequenceEqual("\"cell_type\""u8))
        {
            _type = JsonText.Read(json, walker.Value());
        }
        else if (key.SequenceEqual("\"source\""u8) || key.SequenceEqual("\"input\""u8))
        {
            Upgraded |= key[1] == 'i';
            _source = walker.Value();
        }
        else if (key.SequenceEqual("\"outputs\""u8))
        {
            _hasOutputs = true;
            _outputs = OutputReader.ReadAll(bytes, ref walker);
        }
        else if (key.SequenceEqual("\"execution_count\""u8) || key.SequenceEqual("\"prompt_number\""u8))
        {
            _count = NotebookReader.Number(json, walker.Value());
        }
        else if (key.SequenceEqual("\"id\""u8))
        {
            _id = NullIfEmpty(JsonText.Read(json, walker.Value()));
        }
        else if (key.SequenceEqual("\"metadata\""u8))
        {
            ReadMetadata(ref walker);
        }
        else if (key.SequenceEqual("\"attachments\""u8))
        {
            _attachments = walker.Value();
        }
        else if (key.SequenceEqual("\"level\""u8))
        {
            _level = Math.Clamp(NotebookReader.Number(json, walker.Value()) ?? 1, 1, 6);
        }
        else
        {
            walker.Value();
        }
    }

    private void ReadMetadata(ref JsonWalker walker)
    {
        _metadata = walker.Value();
        var inner = new JsonWalker(bytes.Span[.._metadata.End], _metadata.Start);
        if (!inner.Enter((byte)'{'))
        {
            return;
        }

        while (inner.NextKey(out var key))
        {
            var value = inner.Value();
            if (key.Of(bytes.Span).SequenceEqual("\"id\""u8) && value.IsPresent && bytes.Span[value.Start] == '"')
            {
                _colabId = NullIfEmpty(JsonText.ReadString(bytes.Span, value));
            }
        }
    }

    private Cell Make(JsonSlice whole)
    {
        var kind = _type switch
        {
            "code" => CellKind.Code,
            "markdown" or "heading" or "html" => CellKind.Markdown,
            _ => CellKind.Raw,
        };
        var source = JsonText.Read(bytes.Span, _source);
        if (_type == "heading")
        {
            Upgraded = true;
            source = new string('#', _level) + " " + source.Replace('\n', ' ');
        }

        Mended |= _type.Length == 0 || !_source.IsPresent || kind == CellKind.Code && !_hasOutputs;
        return new Cell(index, kind, source, bytes, whole)
        {
            Id = _id ?? _colabId,
            ExecutionCount = _count,
            Outputs = _outputs ?? (IReadOnlyList<CellOutput>)[],
            Attachments = AttachmentReader.Read(bytes, _attachments),
            SourceSlice = _source,
            MetadataSlice = _metadata,
            AttachmentsSlice = _attachments,
        };
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
