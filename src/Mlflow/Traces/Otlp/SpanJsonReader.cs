using System.Text.Json;

namespace Squero.Mlflow;

/// <summary>
/// Reads the spans of an export request in OTLP's JSON: names in camel case, ids in hexadecimal digits, 64-bit integers as texts or numbers
/// (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
/// </summary>
internal static class SpanJsonReader
{
    public static List<OtlpSpan> Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            // Each level of an attribute is three levels of JSON; values count their own depth below.
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 1000 });
            var spans = new List<OtlpSpan>();
            foreach (var span in Entries(document.RootElement, "resourceSpans").SelectMany(resource => Entries(resource, "scopeSpans")).SelectMany(scope => Entries(scope, "spans")))
            {
                spans.Add(Span(span).Check());
                if (spans.Count > SpanReader.MaxSpans)
                {
                    throw new FormatException($"a request holds at most {SpanReader.MaxSpans} spans");
                }
            }

            return spans;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new FormatException(error.Message.Split(" LineNumber", 2)[0], error);
        }
    }

    private static OtlpSpan Span(JsonElement span)
    {
        var status = span.TryGetProperty("status", out var found) ? found : default;
        return new OtlpSpan
        {
            TraceId = Id(span, "traceId"),
            SpanId = Id(span, "spanId"),
            ParentId = Id(span, "parentSpanId"),
            Name = Text(span, "name"),
            StartedNs = Number(span, "startTimeUnixNano"),
            EndedNs = Number(span, "endTimeUnixNano"),
            Attributes = Attributes(span, 0),
            Events = [.. Entries(span, "events").Select(entry => new OtlpEvent(Text(entry, "name"), Number(entry, "timeUnixNano"), Attributes(entry, 0)))],
            Links = [.. Entries(span, "links").Select(link => new OtlpLink(Id(link, "traceId"), Id(link, "spanId"), Attributes(link, 0)))],
            StatusCode = Code(status),
            StatusMessage = Text(status, "message"),
        };
    }

    private static List<Attribute> Attributes(JsonElement owner, int depth, string name = "attributes") =>
        [.. Entries(owner, name).Select(entry => new Attribute(Text(entry, "key"), entry.TryGetProperty("value", out var value) ? Value(value, depth) : new AnyValue.None()))];

    private static AnyValue Value(JsonElement value, int depth)
    {
        if (depth > AnyValue.MaxDepth)
        {
            throw new FormatException($"the values of an attribute are at most {AnyValue.MaxDepth} deep");
        }

        var kind = value.ValueKind == JsonValueKind.Object ? value.EnumerateObject().FirstOrDefault() : default;
        return kind.Value.ValueKind == JsonValueKind.Undefined
            ? new AnyValue.None()
            : kind.Name switch
            {
                "stringValue" => new AnyValue.Text(Text(value, kind.Name)),
                "boolValue" => new AnyValue.Flag(kind.Value.GetBoolean()),
                "intValue" => new AnyValue.Whole(Number(value, kind.Name)),
                "doubleValue" => new AnyValue.Real(kind.Value.ValueKind == JsonValueKind.String ? JsonNumber.Real(kind.Value.GetString()!) ?? 0 : kind.Value.GetDouble()),
                "bytesValue" => new AnyValue.Raw(kind.Value.GetBytesFromBase64()),
                "arrayValue" => new AnyValue.List([.. Entries(kind.Value, "values").Select(entry => Value(entry, depth + 1))]),
                "kvlistValue" => new AnyValue.Map(Attributes(kind.Value, depth + 1, "values")),
                _ => new AnyValue.None(),
            };
    }

    private static IEnumerable<JsonElement> Entries(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    private static string Text(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()!.Replace('\0', '\uFFFD')
            : "";

    private static long Number(JsonElement owner, string name) => owner.TryGetProperty(name, out var number) ? JsonNumber.Integer(number) ?? 0 : 0;

    private static byte[] Id(JsonElement owner, string name)
    {
        try
        {
            return Convert.FromHexString(Text(owner, name));
        }
        catch (FormatException)
        {
            throw new FormatException($"{name} is written in hexadecimal digits");
        }
    }

    private static long Code(JsonElement status) =>
        status.ValueKind != JsonValueKind.Object || !status.TryGetProperty("code", out var code) ? 0
        : code.ValueKind == JsonValueKind.String && code.GetString()!.StartsWith("STATUS_CODE_", StringComparison.Ordinal) ? code.GetString() switch
        {
            "STATUS_CODE_OK" => 1,
            "STATUS_CODE_ERROR" => 2,
            _ => 0,
        }
        : JsonNumber.Integer(code) ?? 0;
}
