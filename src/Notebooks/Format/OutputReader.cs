namespace Squero.Notebooks;

/// <summary>Reads the outputs of a code cell, in the words of nbformat 4 or of 2 and 3 (pyout, pyerr, png, text).</summary>
internal struct OutputReader(ReadOnlyMemory<byte> bytes)
{
    private readonly List<MimeValue> _data = new(1);
    private OutputKind _kind = OutputKind.Unknown;
    private string _name = "";
    private string _exception = "";
    private string _message = "";
    private JsonSlice _text;
    private JsonSlice _trace;
    private JsonSlice _count;
    private JsonSlice _metadata;

    public static IReadOnlyList<CellOutput> ReadAll(ReadOnlyMemory<byte> bytes, ref JsonWalker walker)
    {
        List<CellOutput>? outputs = null;
        if (!walker.Enter((byte)'['))
        {
            walker.Value();
            return [];
        }

        while (walker.NextItem())
        {
            if (!walker.IsAt((byte)'{'))
            {
                walker.Value();
                continue;
            }

            outputs ??= new List<CellOutput>(1);
            var reader = new OutputReader(bytes);
            var output = reader.Read(ref walker, outputs.Count);
            if (outputs.Count > 0 && outputs[^1] is { Kind: OutputKind.Stream } last && output.Kind == OutputKind.Stream && last.Name == output.Name)
            {
                last.Join(output.Data);
                last.Whole = new JsonSlice(last.Whole.Start, output.Whole.End);
                continue;
            }

            outputs.Add(output);
        }

        return outputs ?? (IReadOnlyList<CellOutput>)[];
    }

    /// <summary>An object from media type to content.</summary>
    public static List<MimeValue> ReadBundle(ReadOnlyMemory<byte> bytes, ref JsonWalker walker)
    {
        var values = new List<MimeValue>();
        ReadBundle(bytes, ref walker, values);
        return values;
    }

    private static void ReadBundle(ReadOnlyMemory<byte> bytes, ref JsonWalker walker, List<MimeValue> values)
    {
        if (!walker.Enter((byte)'{'))
        {
            walker.Value();
            return;
        }

        while (walker.NextKey(out var key))
        {
            values.Add(new MimeValue(MimeName(bytes.Span, key), bytes, walker.Value()));
        }
    }

    private CellOutput Read(ref JsonWalker walker, int index)
    {
        walker.Enter((byte)'{');
        var start = walker.At - 1;
        while (walker.NextKey(out var key))
        {
            if (!ReadMember(key.Of(bytes.Span), ref walker))
            {
                ReadOldMember(key.Of(bytes.Span), ref walker);
            }
        }

        return Make(index, new JsonSlice(start, walker.At));
    }

    private bool ReadMember(ReadOnlySpan<byte> key, ref JsonWalker walker)
    {
        var json = bytes.Span;
        if (key.SequenceEqual("\"data\""u8))
        {
            ReadBundle(bytes, ref walker, _data);
        }
        else if (key.SequenceEqual("\"output_type\""u8))
        {
            _kind = KindOf(walker.Value().Of(json));
        }
        else if (key.SequenceEqual("\"text\""u8))
        {
            _text = walker.Value();
        }
        else if (key.SequenceEqual("\"name\""u8) || key.SequenceEqual("\"stream\""u8))
        {
            _name = StreamName(json, walker.Value());
        }
        else if (key.SequenceEqual("\"ename\""u8))
        {
            _exception = JsonText.Read(json, walker.Value());
        }
        else if (key.SequenceEqual("\"evalue\""u8))
        {
            _message = JsonText.Read(json, walker.Value());
        }
        else if (key.SequenceEqual("\"traceback\""u8))
        {
            _trace = walker.Value();
        }
        else if (key.SequenceEqual("\"metadata\""u8))
        {
            _metadata = walker.Value();
        }
        else if (key.SequenceEqual("\"execution_count\""u8) || key.SequenceEqual("\"prompt_number\""u8))
        {
            _count = walker.Value();
        }
        else
        {
            return false;
        }

        return true;
    }

    private void ReadOldMember(ReadOnlySpan<byte> key, ref JsonWalker walker)
    {
        var mime = key switch
        {
            _ when key.SequenceEqual("\"png\""u8) => "image/png",
            _ when key.SequenceEqual("\"jpeg\""u8) => "image/jpeg",
            _ when key.SequenceEqual("\"svg\""u8) => "image/svg+xml",
            _ when key.SequenceEqual("\"html\""u8) => "text/html",
            _ when key.SequenceEqual("\"latex\""u8) => "text/latex",
            _ when key.SequenceEqual("\"json\""u8) => "application/json",
            _ when key.SequenceEqual("\"javascript\""u8) => "application/javascript",
            _ => null,
        };
        var value = walker.Value();
        if (mime is not null)
        {
            _data.Add(new MimeValue(mime, bytes, value));
        }
    }

    private CellOutput Make(int index, JsonSlice whole)
    {
        if (_kind == OutputKind.Error)
        {
            _data.Clear();
            _data.Add(new MimeValue("text/plain", bytes, _trace));
        }
        else if (_text.IsPresent && (_data.Count == 0 || _data.TrueForAll(value => value.Mime != "text/plain")))
        {
            _data.Add(new MimeValue("text/plain", bytes, _text));
        }

        var name = _kind == OutputKind.Stream ? _name.Length > 0 ? _name : "stdout" : _exception;
        return new CellOutput(index, _kind, name, _data, whole) { Message = _message, ExecutionCount = _count, Metadata = _metadata };
    }

    private static OutputKind KindOf(ReadOnlySpan<byte> type) => type switch
    {
        _ when type.SequenceEqual("\"stream\""u8) => OutputKind.Stream,
        _ when type.SequenceEqual("\"display_data\""u8) || type.SequenceEqual("\"update_display_data\""u8) => OutputKind.Display,
        _ when type.SequenceEqual("\"execute_result\""u8) || type.SequenceEqual("\"pyout\""u8) => OutputKind.Result,
        _ when type.SequenceEqual("\"error\""u8) || type.SequenceEqual("\"pyerr\""u8) => OutputKind.Error,
        _ => OutputKind.Unknown,
    };

    private static string StreamName(ReadOnlySpan<byte> json, JsonSlice value) =>
        value.Of(json).SequenceEqual("\"stdout\""u8) ? "stdout" : JsonText.Read(json, value);

    private static string MimeName(ReadOnlySpan<byte> json, JsonSlice key) => key.Of(json) switch
    {
        var raw when raw.SequenceEqual("\"text/plain\""u8) => "text/plain",
        var raw when raw.SequenceEqual("\"image/png\""u8) => "image/png",
        var raw when raw.SequenceEqual("\"text/html\""u8) => "text/html",
        _ => JsonText.ReadString(json, key).ToLowerInvariant(),
    };
}
