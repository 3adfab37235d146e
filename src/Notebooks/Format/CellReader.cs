namespace Squero.Notebooks;

/// <summary>Reads one cell in the words of any nbformat: input or source, prompt_number or execution_count, heading.</summary>
internal struct CellReader(ReadOnlyMemory<byte> bytes, int index)
{
    private CellKind? _kind;
    private bool _isHeading;
    private int _level = 1;
    private JsonSlice _id;
    private int? _count;
    private bool _hasOutputs;
    private JsonSlice _source;
    private JsonSlice _metadata;
    private JsonSlice _attachments;
    private IReadOnlyList<CellOutput>? _outputs;

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
            ReadType(walker.Value());
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
            _id = walker.Value();
        }
        else if (key.SequenceEqual("\"metadata\""u8))
        {
            _metadata = walker.Value();
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

    private void ReadType(JsonSlice value)
    {
        var type = value.Of(bytes.Span);
        _isHeading = type.SequenceEqual("\"heading\""u8);
        _kind = type.SequenceEqual("\"code\""u8) ? CellKind.Code
            : _isHeading || type.SequenceEqual("\"markdown\""u8) || type.SequenceEqual("\"html\""u8) ? CellKind.Markdown
            : CellKind.Raw;
    }

    /// <summary>Colab keeps ids in the metadata.</summary>
    private JsonSlice ColabId()
    {
        var found = default(JsonSlice);
        if (_metadata.Of(bytes.Span).IndexOf("\"id\""u8) < 0)
        {
            return found;
        }

        var inner = new JsonWalker(bytes.Span[.._metadata.End], _metadata.Start);
        inner.Enter((byte)'{');
        while (inner.NextKey(out var key))
        {
            var value = inner.Value();
            if (key.Of(bytes.Span).SequenceEqual("\"id\""u8) && value.IsPresent && bytes.Span[value.Start] == '"')
            {
                found = value;
            }
        }

        return found;
    }

    private Cell Make(JsonSlice whole)
    {
        Upgraded |= _isHeading;
        Mended |= _kind is null || !_source.IsPresent || _kind == CellKind.Code && !_hasOutputs;
        return new Cell(index, _kind ?? CellKind.Raw, bytes, whole)
        {
            IdSlice = _id.Length > "\"\"".Length ? _id : ColabId(),
            ExecutionCount = _count,
            Outputs = _outputs ?? [],
            Attachments = AttachmentReader.Read(bytes, _attachments),
            HeadingLevel = _isHeading ? _level : 0,
            SourceSlice = _source,
            MetadataSlice = _metadata,
            AttachmentsSlice = _attachments,
        };
    }
}
