using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>Turns a span as received into one to keep, and a kept one into what clients read.</summary>
internal static class SpanJson
{
    private const string RequestId = "mlflow.traceRequestId";
    private const string SpanType = "mlflow.spanType";
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 256 };

    public static string TraceUid(OtlpSpan span) => "tr-" + Convert.ToHexStringLower(span.TraceId);

    public static Span ToKept(OtlpSpan span)
    {
        if (span.Find(RequestId) is null)
        {
            span = span with { Attributes = [new Attribute(RequestId, new AnyValue.Text(TraceUid(span))), .. span.Attributes] };
        }

        return new Span
        {
            Uid = Convert.ToHexStringLower(span.SpanId),
            ParentUid = span.ParentId.Length == 0 ? null : Convert.ToHexStringLower(span.ParentId),
            Name = span.Name.Length <= Span.MaxName ? span.Name : span.Name[..Span.MaxName],
            Kind = span.Find(SpanType)?.ToString() ?? "UNKNOWN",
            Status = span.StatusCode switch { 1 => "OK", 2 => "ERROR", _ => "UNSET" },
            StartedNs = span.StartedNs,
            EndedNs = span.EndedNs,
            Attributes = Searched(span.Attributes),
            Content = Cut(PythonJson.Spaced(Dictionary(span))),
            Body = Text(writer => Write(writer, span)),
        };
    }

    /// <summary>What the interface downloads: attributes as JSON in texts.</summary>
    public static JsonObject Dictionary(Span span)
    {
        using var document = JsonDocument.Parse(span.Body, new JsonDocumentOptions { MaxDepth = 256 });
        return Dictionary(ReadBack(document.RootElement));
    }

    private static JsonObject Dictionary(OtlpSpan span) =>
        new()
        {
            ["trace_id"] = Convert.ToBase64String(span.TraceId),
            ["span_id"] = Convert.ToBase64String(span.SpanId),
            ["parent_span_id"] = span.ParentId.Length == 0 ? null : Convert.ToBase64String(span.ParentId),
            ["name"] = span.Name,
            ["start_time_unix_nano"] = span.StartedNs,
            ["end_time_unix_nano"] = span.EndedNs,
            ["events"] = new JsonArray([.. span.Events.Select(entry => new JsonObject { ["name"] = entry.Name, ["time_unix_nano"] = entry.AtNs, ["attributes"] = Attribute.Plain(entry.Attributes) })]),
            ["status"] = new JsonObject { ["code"] = StatusName(span.StatusCode), ["message"] = span.StatusMessage },
            ["attributes"] = new JsonObject(span.Attributes.DistinctBy(attribute => attribute.Key)
                .Select(attribute => KeyValuePair.Create(attribute.Key, (JsonNode?)JsonValue.Create(attribute.Value.Plain() is { } node ? PythonJson.Spaced(node) : "null")))),
        };

    private static void Write(Utf8JsonWriter writer, OtlpSpan span)
    {
        writer.WriteStartObject();
        writer.WriteBase64String("trace_id", span.TraceId);
        writer.WriteBase64String("span_id", span.SpanId);
        if (span.ParentId.Length > 0)
        {
            writer.WriteBase64String("parent_span_id", span.ParentId);
        }

        writer.WriteString("name", span.Name);
        writer.WriteNumber("start_time_unix_nano", span.StartedNs);
        if (span.EndedNs > 0)
        {
            writer.WriteNumber("end_time_unix_nano", span.EndedNs);
        }

        Attribute.WriteAll(writer, "attributes", span.Attributes);
        ExperimentCalls.WriteArray(writer, "events", span.Events, entry =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("time_unix_nano", entry.AtNs);
            writer.WriteString("name", entry.Name);
            Attribute.WriteAll(writer, "attributes", entry.Attributes);
            writer.WriteEndObject();
        });
        ExperimentCalls.WriteArray(writer, "links", span.Links, link =>
        {
            writer.WriteStartObject();
            writer.WriteBase64String("trace_id", link.TraceId);
            writer.WriteBase64String("span_id", link.SpanId);
            Attribute.WriteAll(writer, "attributes", link.Attributes);
            writer.WriteEndObject();
        });
        writer.WriteStartObject("status");
        if (span.StatusMessage.Length > 0)
        {
            writer.WriteString("message", span.StatusMessage);
        }

        if (span.StatusCode is 1 or 2)
        {
            writer.WriteString("code", StatusName(span.StatusCode));
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>The kept form is read as it is written above.</summary>
    private static OtlpSpan ReadBack(JsonElement body) =>
        new()
        {
            TraceId = body.GetProperty("trace_id").GetBytesFromBase64(),
            SpanId = body.GetProperty("span_id").GetBytesFromBase64(),
            ParentId = body.TryGetProperty("parent_span_id", out var parent) ? parent.GetBytesFromBase64() : [],
            Name = body.GetProperty("name").GetString()!,
            StartedNs = body.GetProperty("start_time_unix_nano").GetInt64(),
            EndedNs = body.TryGetProperty("end_time_unix_nano", out var end) ? end.GetInt64() : 0,
            Attributes = KeptAttributes(body, "attributes"),
            Events = [.. List(body, "events").Select(entry => new OtlpEvent(entry.GetProperty("name").GetString()!, entry.GetProperty("time_unix_nano").GetInt64(), KeptAttributes(entry, "attributes")))],
            StatusCode = body.GetProperty("status").TryGetProperty("code", out var code) ? code.GetString() == "STATUS_CODE_OK" ? 1 : 2 : 0,
            StatusMessage = body.GetProperty("status").TryGetProperty("message", out var message) ? message.GetString()! : "",
        };

    private static List<Attribute> KeptAttributes(JsonElement owner, string name) =>
        [.. List(owner, name).Select(entry => new Attribute(entry.GetProperty("key").GetString()!, entry.TryGetProperty("value", out var value) ? KeptValue(value) : new AnyValue.None()))];

    private static AnyValue KeptValue(JsonElement value)
    {
        var kind = value.EnumerateObject().FirstOrDefault();
        return kind.Value.ValueKind == JsonValueKind.Undefined
            ? new AnyValue.None()
            : kind.Name switch
            {
                "string_value" => new AnyValue.Text(kind.Value.GetString()!),
                "bool_value" => new AnyValue.Flag(kind.Value.GetBoolean()),
                "int_value" => new AnyValue.Whole(kind.Value.GetInt64()),
                "double_value" => new AnyValue.Real(kind.Value.ValueKind == JsonValueKind.String ? JsonNumber.Real(kind.Value.GetString()!) ?? 0 : kind.Value.GetDouble()),
                "bytes_value" => new AnyValue.Raw(kind.Value.GetBytesFromBase64()),
                "array_value" => new AnyValue.List([.. List(kind.Value, "values").Select(KeptValue)]),
                _ => new AnyValue.Map(KeptAttributes(kind.Value, "values")),
            };
    }

    private static IEnumerable<JsonElement> List(JsonElement owner, string name) => owner.TryGetProperty(name, out var list) ? list.EnumerateArray() : [];

    private static string StatusName(long code) => code switch { 1 => "STATUS_CODE_OK", 2 => "STATUS_CODE_ERROR", _ => "STATUS_CODE_UNSET" };

    /// <summary>Attributes as an object of texts, as many as fit.</summary>
    private static string Searched(IReadOnlyList<Attribute> attributes) =>
        Text(writer =>
        {
            writer.WriteStartObject();
            var length = 0;
            foreach (var attribute in attributes.DistinctBy(attribute => attribute.Key))
            {
                var text = attribute.Value.ToString();
                length += attribute.Key.Length + text.Length;
                if (length <= Span.MaxSearched)
                {
                    writer.WriteString(attribute.Key, text);
                }
            }

            writer.WriteEndObject();
        });

    private static string Cut(string text) =>
        text.Length <= Span.MaxSearched ? text : text[..(char.IsHighSurrogate(text[Span.MaxSearched - 1]) ? Span.MaxSearched - 1 : Span.MaxSearched)];

    private static string Text(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
