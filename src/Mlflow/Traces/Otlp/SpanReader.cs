namespace Squero.Mlflow;

/// <summary>
/// Reads the spans of an ExportTraceServiceRequest
/// (https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto).
/// </summary>
internal static class SpanReader
{
    /// <summary>So many spans one request may hold.</summary>
    public const int MaxSpans = 10_000;

    public static List<OtlpSpan> Read(ReadOnlySpan<byte> request)
    {
        var spans = new List<OtlpSpan>();
        var resources = new WireReader(request);
        while (resources.Next())
        {
            if (!resources.Is(1, WireReader.Bytes))
            {
                resources.Skip();
                continue;
            }

            var scopes = new WireReader(resources.Message());
            while (scopes.Next())
            {
                if (scopes.Is(2, WireReader.Bytes))
                {
                    ReadScope(scopes.Message(), spans);
                }
                else
                {
                    scopes.Skip();
                }
            }
        }

        return spans;
    }

    private static void ReadScope(ReadOnlySpan<byte> message, List<OtlpSpan> spans)
    {
        var scope = new WireReader(message);
        while (scope.Next())
        {
            if (!scope.Is(2, WireReader.Bytes))
            {
                scope.Skip();
                continue;
            }

            spans.Add(ReadSpan(scope.Message()).Check());
            if (spans.Count > MaxSpans)
            {
                throw new FormatException($"a request holds at most {MaxSpans} spans");
            }
        }
    }

    private static OtlpSpan ReadSpan(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        var attributes = new List<Attribute>();
        var events = new List<OtlpEvent>();
        var links = new List<OtlpLink>();
        var span = new OtlpSpan { Attributes = attributes, Events = events, Links = links };
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1 when reader.Is(1, WireReader.Bytes):
                    span = span with { TraceId = reader.Message().ToArray() };
                    break;
                case 2 when reader.Is(2, WireReader.Bytes):
                    span = span with { SpanId = reader.Message().ToArray() };
                    break;
                case 4 when reader.Is(4, WireReader.Bytes):
                    span = span with { ParentId = reader.Message().ToArray() };
                    break;
                case 5 when reader.Is(5, WireReader.Bytes):
                    span = span with { Name = reader.Text() };
                    break;
                case 7 when reader.Is(7, WireReader.Fixed):
                    span = span with { StartedNs = reader.Nanoseconds() };
                    break;
                case 8 when reader.Is(8, WireReader.Fixed):
                    span = span with { EndedNs = reader.Nanoseconds() };
                    break;
                case 9 when reader.Is(9, WireReader.Bytes):
                    attributes.Add(ReadAttribute(reader.Message(), 0));
                    break;
                case 11 when reader.Is(11, WireReader.Bytes):
                    events.Add(ReadEvent(reader.Message()));
                    break;
                case 13 when reader.Is(13, WireReader.Bytes):
                    links.Add(ReadLink(reader.Message()));
                    break;
                case 15 when reader.Is(15, WireReader.Bytes):
                    span = ReadStatus(reader.Message(), span);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return span;
    }

    private static OtlpEvent ReadEvent(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        var (name, at, attributes) = ("", 0L, new List<Attribute>());
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1 when reader.Is(1, WireReader.Fixed):
                    at = reader.Nanoseconds();
                    break;
                case 2 when reader.Is(2, WireReader.Bytes):
                    name = reader.Text();
                    break;
                case 3 when reader.Is(3, WireReader.Bytes):
                    attributes.Add(ReadAttribute(reader.Message(), 0));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new OtlpEvent(name, at, attributes);
    }

    private static OtlpLink ReadLink(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        byte[] traceId = [], spanId = [];
        var attributes = new List<Attribute>();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1 when reader.Is(1, WireReader.Bytes):
                    traceId = reader.Message().ToArray();
                    break;
                case 2 when reader.Is(2, WireReader.Bytes):
                    spanId = reader.Message().ToArray();
                    break;
                case 4 when reader.Is(4, WireReader.Bytes):
                    attributes.Add(ReadAttribute(reader.Message(), 0));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new OtlpLink(traceId, spanId, attributes);
    }

    private static OtlpSpan ReadStatus(ReadOnlySpan<byte> message, OtlpSpan span)
    {
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Is(2, WireReader.Bytes))
            {
                span = span with { StatusMessage = reader.Text() };
            }
            else if (reader.Is(3, WireReader.Number))
            {
                span = span with { StatusCode = (long)Math.Min(reader.Varint(), 3) };
            }
            else
            {
                reader.Skip();
            }
        }

        return span;
    }

    private static Attribute ReadAttribute(ReadOnlySpan<byte> message, int depth)
    {
        var reader = new WireReader(message);
        var (key, value) = ("", (AnyValue)new AnyValue.None());
        while (reader.Next())
        {
            if (reader.Is(1, WireReader.Bytes))
            {
                key = reader.Text();
            }
            else if (reader.Is(2, WireReader.Bytes))
            {
                value = ReadValue(reader.Message(), depth);
            }
            else
            {
                reader.Skip();
            }
        }

        return new Attribute(key, value);
    }

    private static AnyValue ReadValue(ReadOnlySpan<byte> message, int depth)
    {
        if (depth > AnyValue.MaxDepth)
        {
            throw new FormatException($"the values of an attribute are at most {AnyValue.MaxDepth} deep");
        }

        var reader = new WireReader(message);
        AnyValue value = new AnyValue.None();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1 when reader.Is(1, WireReader.Bytes):
                    value = new AnyValue.Text(reader.Text());
                    break;
                case 2 when reader.Is(2, WireReader.Number):
                    value = new AnyValue.Flag(reader.Varint() != 0);
                    break;
                case 3 when reader.Is(3, WireReader.Number):
                    value = new AnyValue.Whole(unchecked((long)reader.Varint()));
                    break;
                case 4 when reader.Is(4, WireReader.Fixed):
                    value = new AnyValue.Real(BitConverter.UInt64BitsToDouble(reader.Fixed64()));
                    break;
                case 5 when reader.Is(5, WireReader.Bytes):
                    value = ReadList(reader.Message(), depth);
                    break;
                case 6 when reader.Is(6, WireReader.Bytes):
                    value = ReadMap(reader.Message(), depth);
                    break;
                case 7 when reader.Is(7, WireReader.Bytes):
                    value = new AnyValue.Raw(reader.Message().ToArray());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return value;
    }

    private static AnyValue.List ReadList(ReadOnlySpan<byte> message, int depth)
    {
        var reader = new WireReader(message);
        var values = new List<AnyValue>();
        while (reader.Next())
        {
            if (reader.Is(1, WireReader.Bytes))
            {
                values.Add(ReadValue(reader.Message(), depth + 1));
            }
            else
            {
                reader.Skip();
            }
        }

        return new AnyValue.List(values);
    }

    private static AnyValue.Map ReadMap(ReadOnlySpan<byte> message, int depth)
    {
        var reader = new WireReader(message);
        var values = new List<Attribute>();
        while (reader.Next())
        {
            if (reader.Is(1, WireReader.Bytes))
            {
                values.Add(ReadAttribute(reader.Message(), depth + 1));
            }
            else
            {
                reader.Skip();
            }
        }

        return new AnyValue.Map(values);
    }
}
