using System.Text.Encodings.Web;
using System.Text.Json;
using Squero.Experiments;
using Squero.Kernel;

namespace Squero.Mlflow;

/// <summary>Assessments as the protocol has them: of exactly one kind, with any JSON as their value.</summary>
internal static class AssessmentJson
{
    private const int MaxText = 65_535;
    private const int MaxValue = 250_000;
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Assessment Read(MlflowCall call, Fields fields)
    {
        var (feedback, expectation) = (fields.Object("feedback"), fields.Object("expectation"));
        if (feedback is null == expectation is null)
        {
            throw MlflowError.Invalid("An assessment has exactly one of `feedback` and `expectation`.");
        }

        var source = fields.Object("source");
        var now = call.Get<TimeProvider>().NowMicros() / 1000;
        return new Assessment
        {
            Uid = AssessmentStore.NewUid(),
            Name = Name(fields.Required("assessment_name")),
            IsExpectation = expectation is not null,
            Value = feedback is not null ? ValueOf(feedback) : ExpectedValue(expectation!),
            Error = ErrorOf(feedback),
            SourceType = Short(source?.Id("source_type") ?? "SOURCE_TYPE_UNSPECIFIED", Names.MaxKey, "source_type"),
            SourceId = Short(source?.Text("source_id") ?? "", Names.MaxKey, "source_id"),
            SpanUid = fields.Text("span_id") is { Length: > 0 } span ? Short(span, 50, "span_id") : null,
            Rationale = fields.Text("rationale") is { } rationale ? Short(rationale, MaxText, "rationale") : null,
            Metadata = MetadataOf(fields),
            Overrides = fields.Text("overrides") is { Length: > 0 } overridden ? overridden : null,
            Valid = !fields.Has("valid") || fields.Flag("valid"),
            CreatedMs = fields.Text("create_time") is { } created ? TraceWords.ReadTime(created, "create_time") : now,
            UpdatedMs = fields.Text("last_update_time") is { } updated ? TraceWords.ReadTime(updated, "last_update_time") : now,
        };
    }

    /// <summary>The assessment with what the mask names taken from the call.</summary>
    public static Assessment Update(Assessment known, Fields fields, IEnumerable<string> mask, long nowMs)
    {
        var updated = known with { UpdatedMs = nowMs };
        foreach (var path in mask)
        {
            updated = path switch
            {
                "assessmentName" or "assessment_name" => updated with { Name = Name(fields.Required("assessment_name")) },
                "feedback" => known.IsExpectation
                    ? throw MlflowError.Invalid("Cannot update feedback value on an Expectation assessment.")
                    : updated with { Value = ValueOf(fields.Object("feedback")), Error = ErrorOf(fields.Object("feedback")) },
                "expectation" => known.IsExpectation
                    ? updated with { Value = ExpectedValue(fields.Object("expectation") ?? throw MlflowError.Missing("assessment.expectation")) }
                    : throw MlflowError.Invalid("Cannot update expectation value on a Feedback assessment."),
                "rationale" => updated with { Rationale = Short(fields.Text("rationale") ?? "", MaxText, "rationale") },
                "metadata" => updated with { Metadata = Merge(known.Metadata, fields.Map("metadata")) },
                _ => updated,
            };
        }

        return updated;
    }

    public static void Write(Utf8JsonWriter writer, Assessment assessment, string traceUid)
    {
        writer.WriteStartObject();
        writer.WriteString("assessment_id", assessment.Uid);
        writer.WriteString("assessment_name", assessment.Name);
        writer.WriteString("trace_id", traceUid);
        WriteKnown(writer, "span_id", assessment.SpanUid);
        writer.WriteStartObject("source");
        writer.WriteString("source_type", assessment.SourceType);
        writer.WriteString("source_id", assessment.SourceId);
        writer.WriteEndObject();
        writer.WriteString("create_time", TraceWords.Time(assessment.CreatedMs));
        writer.WriteString("last_update_time", TraceWords.Time(assessment.UpdatedMs));
        WriteValue(writer, assessment);
        WriteKnown(writer, "rationale", assessment.Rationale);
        WriteRaw(writer, "metadata", assessment.Metadata);
        WriteKnown(writer, "overrides", assessment.Overrides);
        writer.WriteBoolean("valid", assessment.Valid);
        writer.WriteEndObject();
    }

    /// <summary>What is expected is a plain value, or JSON in a text where it is a list or an object.</summary>
    private static void WriteValue(Utf8JsonWriter writer, Assessment assessment)
    {
        writer.WriteStartObject(assessment.IsExpectation ? "expectation" : "feedback");
        if (assessment.IsExpectation && assessment.Value is ['{' or '[', ..])
        {
            writer.WriteStartObject("serialized_value");
            writer.WriteString("serialization_format", "JSON_FORMAT");
            writer.WriteString("value", assessment.Value);
            writer.WriteEndObject();
        }
        else
        {
            WriteRaw(writer, "value", assessment.Value);
        }

        WriteRaw(writer, "error", assessment.Error);
        writer.WriteEndObject();
    }

    private static string ExpectedValue(Fields expectation)
    {
        if (expectation.Object("serialized_value") is not { } serialized)
        {
            return ValueOf(expectation);
        }

        var text = serialized.Required("value");
        JsonTexts.Check(text);
        try
        {
            using var document = JsonDocument.Parse(text);
            return Short(text, MaxValue, "value");
        }
        catch (JsonException)
        {
            throw MlflowError.Invalid("expectation.serialized_value.value is no JSON.");
        }
    }

    private static string ValueOf(Fields? owner) => Short(owner?.Json("value") is { } value ? JsonSerializer.Serialize(value, Plain) : "null", MaxValue, "value");

    private static string? ErrorOf(Fields? feedback) => feedback?.Json("error") is { ValueKind: JsonValueKind.Object } error ? Short(JsonSerializer.Serialize(error, Plain), MaxText, "error") : null;

    private static string? MetadataOf(Fields fields) => fields.Map("metadata") is { Count: > 0 } notes ? Merge(null, notes) : null;

    private static string Merge(string? known, IReadOnlyList<NamedText> notes)
    {
        var merged = known is null ? [] : JsonSerializer.Deserialize<Dictionary<string, string>>(known)!;
        foreach (var note in notes)
        {
            merged[note.Name] = note.Value;
        }

        return Short(JsonSerializer.Serialize(merged, Plain), MaxText, "metadata");
    }

    private static string Name(string name) => Short(name, Names.MaxKey, "assessment_name");

    private static string Short(string text, int limit, string what) => text.Length <= limit ? text : throw MlflowError.TooLong(what, limit);

    private static void WriteKnown(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    private static void WriteRaw(Utf8JsonWriter writer, string name, string? json)
    {
        if (json is not null)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(json);
        }
    }
}
