using System.Text.Json;
using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>Logged models as the protocol writes them.</summary>
internal static class LoggedModelJson
{
    public static async Task AnswerAsync(MlflowCall call, Checkpoint model, long experimentIid)
    {
        var metrics = await call.Get<CheckpointMetrics>().ForAsync([model.Id], call.Cancel);
        await call.WriteAsync(writer =>
        {
            writer.WritePropertyName("model");
            Write(writer, model, experimentIid, metrics[model.Id]);
        });
    }

    public static void Write(Utf8JsonWriter writer, Checkpoint model, long experimentIid, IEnumerable<CheckpointMetric> metrics)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("info");
        writer.WriteString("model_id", model.Uid);
        writer.WriteString("experiment_id", ExperimentCalls.Text(experimentIid));
        writer.WriteString("name", model.Name);
        writer.WriteNumber("creation_timestamp_ms", model.CreatedUs / 1000);
        writer.WriteNumber("last_updated_timestamp_ms", model.UpdatedUs / 1000);
        writer.WriteString("artifact_uri", Words.ArtifactScheme + LoggedModelCalls.Folder(experimentIid, model));
        writer.WriteString("status", model.Status switch
        {
            CheckpointStatus.Ready => "LOGGED_MODEL_READY",
            CheckpointStatus.UploadFailed => "LOGGED_MODEL_UPLOAD_FAILED",
            _ => "LOGGED_MODEL_PENDING",
        });
        writer.WriteString("model_type", model.Kind ?? "");
        writer.WriteString("source_run_id", model.CandidateUid ?? "");
        ExperimentCalls.WriteTags(writer, "tags", model.Tags);
        writer.WriteEndObject();
        writer.WriteStartObject("data");
        ExperimentCalls.WriteTags(writer, "params", model.Params);
        LoggedModelMetrics.Write(writer, "metrics", metrics, model);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
