using System.Text.Json;
using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>Metrics that a run logs of a logged model: they stand in the run's history and with the model.</summary>
internal static class LoggedModelMetrics
{
    private const int MaxName = 500;
    private const int MaxDigest = 36;

    /// <summary>
    /// Keeps what of a call is about logged models. It is written before the run's own points: a call that was broken in between is
    /// repeated by its client, and what is there already is kept once.
    /// </summary>
    public static async Task LogAsync(MlflowCall call, Candidate candidate, IReadOnlyList<(LoggedMetric Metric, NamedPoint Point)> measured)
    {
        var models = new Dictionary<string, Checkpoint>(StringComparer.Ordinal);
        foreach (var uid in measured.Select(pair => pair.Metric.ModelId!).Distinct(StringComparer.Ordinal))
        {
            models[uid] = await LoggedModelCalls.FindWritableAsync(call, uid);
        }

        await call.Get<CheckpointMetrics>().AddAsync(
            [
                .. measured.Select(pair => new CheckpointMetric(
                    models[pair.Metric.ModelId!].Id,
                    pair.Point.Name,
                    pair.Point.Point,
                    candidate.Uid,
                    Short(pair.Metric.DatasetName, MaxName, "dataset_name"),
                    Short(pair.Metric.DatasetDigest, MaxDigest, "dataset_digest"))),
            ],
            call.Cancel);
    }

    public static void Write(Utf8JsonWriter writer, string name, IEnumerable<CheckpointMetric> metrics, Checkpoint model) =>
        ExperimentCalls.WriteArray(writer, name, [.. metrics], metric =>
        {
            writer.WriteStartObject();
            writer.WriteString("key", metric.Name);
            writer.WriteReal("value", metric.Point.Value);
            writer.WriteNumber("timestamp", metric.Point.AtMs);
            writer.WriteNumber("step", metric.Point.Step);
            WriteKnown(writer, "dataset_name", metric.DatasetName);
            WriteKnown(writer, "dataset_digest", metric.DatasetDigest);
            writer.WriteString("model_id", model.Uid);
            writer.WriteString("run_id", metric.CandidateUid);
            writer.WriteEndObject();
        });

    private static void WriteKnown(Utf8JsonWriter writer, string name, string value)
    {
        if (value.Length > 0)
        {
            writer.WriteString(name, value);
        }
    }

    private static string Short(string? text, int limit, string what) =>
        text is null ? "" : text.Length <= limit ? text : throw MlflowError.TooLong(what, limit);
}
