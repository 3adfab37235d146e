using System.Text.Json;
using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>Traces as the protocol writes them, in its third version and in its second.</summary>
internal sealed class TraceJson
{
    private readonly IReadOnlyDictionary<long, Experiment> experiments;
    private readonly ILookup<long, Assessment> assessments;

    private TraceJson(IReadOnlyDictionary<long, Experiment> experiments, ILookup<long, Assessment> assessments) =>
        (this.experiments, this.assessments) = (experiments, assessments);

    public static async Task<TraceJson> LoadAsync(MlflowCall call, IReadOnlyCollection<Trace> traces) =>
        new(
            await call.Get<ExperimentStore>().FindManyAsync([.. traces.Select(trace => trace.ExperimentId)], call.Cancel),
            await call.Get<AssessmentStore>().ForAsync([.. traces.Select(trace => trace.Id)], call.Cancel));

    /// <summary>A trace without its spans.</summary>
    public static async Task AnswerAsync(MlflowCall call, Trace trace)
    {
        var json = await LoadAsync(call, [trace]);
        await call.WriteAsync(writer =>
        {
            writer.WriteStartObject("trace");
            writer.WritePropertyName("trace_info");
            json.WriteInfo(writer, trace);
            writer.WriteEndObject();
        });
    }

    public void Write(Utf8JsonWriter writer, Trace trace, IReadOnlyList<Span> spans)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("trace_info");
        WriteInfo(writer, trace);
        ExperimentCalls.WriteArray(writer, "spans", spans, span => writer.WriteRawValue(span.Body, skipInputValidation: true));
        writer.WriteEndObject();
    }

    public void WriteInfo(Utf8JsonWriter writer, Trace trace)
    {
        writer.WriteStartObject();
        writer.WriteString("trace_id", trace.Uid);
        WriteKnown(writer, "client_request_id", trace.RequestUid);
        writer.WriteStartObject("trace_location");
        writer.WriteString("type", "MLFLOW_EXPERIMENT");
        writer.WriteStartObject("mlflow_experiment");
        writer.WriteString("experiment_id", ExperimentCalls.Text(experiments[trace.ExperimentId].Iid));
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteString("request_time", TraceWords.Time(trace.StartedMs));
        if (trace.DurationMs is { } duration)
        {
            writer.WriteString("execution_duration", TraceWords.Duration(duration));
        }

        writer.WriteString("state", TraceWords.Of(trace.State, "STATE_UNSPECIFIED"));
        WriteMap(writer, "trace_metadata", trace.Metadata);
        ExperimentCalls.WriteArray(writer, "assessments", [.. assessments[trace.Id]], assessment => AssessmentJson.Write(writer, assessment, trace.Uid));
        WriteMap(writer, "tags", trace.Tags);
        WriteKnown(writer, "request_preview", trace.RequestPreview);
        WriteKnown(writer, "response_preview", trace.ResponsePreview);
        writer.WriteEndObject();
    }

    /// <summary>In the second version's form.</summary>
    public void WriteOld(Utf8JsonWriter writer, Trace trace)
    {
        writer.WriteStartObject();
        writer.WriteString("request_id", trace.Uid);
        writer.WriteString("experiment_id", ExperimentCalls.Text(experiments[trace.ExperimentId].Iid));
        writer.WriteNumber("timestamp_ms", trace.StartedMs);
        writer.WriteNumber("execution_time_ms", trace.DurationMs ?? 0);
        writer.WriteString("status", TraceWords.Of(trace.State, "TRACE_STATUS_UNSPECIFIED"));
        ExperimentCalls.WriteTags(writer, "request_metadata", trace.Metadata);
        ExperimentCalls.WriteTags(writer, "tags", trace.Tags);
        writer.WriteEndObject();
    }

    private static void WriteMap(Utf8JsonWriter writer, string name, IReadOnlyList<NamedText> notes)
    {
        if (notes.Count == 0)
        {
            return;
        }

        writer.WriteStartObject(name);
        foreach (var note in notes)
        {
            writer.WriteString(note.Name, note.Value);
        }

        writer.WriteEndObject();
    }

    private static void WriteKnown(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }
}
