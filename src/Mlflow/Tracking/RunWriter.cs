using System.Text.Json;
using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>Candidates with all that belongs to them, read in a few queries for a whole page, as the protocol's runs.</summary>
internal sealed class RunWriter
{
    private readonly IReadOnlyDictionary<long, Experiment> experiments;
    private readonly IReadOnlyDictionary<long, IReadOnlyList<LatestMetric>> metrics;
    private readonly IReadOnlyDictionary<long, IReadOnlyList<NamedText>> texts;
    private readonly IReadOnlyDictionary<long, IReadOnlyList<NamedText>> tags;
    private readonly IReadOnlyDictionary<long, IReadOnlyList<DatasetUse>> inputs;
    private readonly ILookup<long, (CheckpointLink Link, bool IsOutput)> links;

    private RunWriter(
        IReadOnlyDictionary<long, Experiment> experiments,
        IReadOnlyDictionary<long, IReadOnlyList<LatestMetric>> metrics,
        IReadOnlyDictionary<long, IReadOnlyList<NamedText>> texts,
        IReadOnlyDictionary<long, IReadOnlyList<NamedText>> tags,
        IReadOnlyDictionary<long, IReadOnlyList<DatasetUse>> inputs,
        ILookup<long, (CheckpointLink Link, bool IsOutput)> links) =>
        (this.experiments, this.metrics, this.texts, this.tags, this.inputs, this.links) = (experiments, metrics, texts, tags, inputs, links);

    public static async Task<RunWriter> LoadAsync(MlflowCall call, IReadOnlyCollection<Candidate> candidates)
    {
        var ids = candidates.Select(candidate => candidate.Id).ToList();
        var store = call.Get<CandidateStore>();
        var inputs = call.Get<CandidateInputs>();
        return new RunWriter(
            await call.Get<ExperimentStore>().FindManyAsync([.. candidates.Select(candidate => candidate.ExperimentId)], call.Cancel),
            await store.LatestMetricsAsync(ids, call.Cancel),
            await store.ParamsAsync(ids, call.Cancel),
            await store.TagsAsync(ids, call.Cancel),
            await inputs.ForAsync(ids, call.Cancel),
            await inputs.LinksAsync(ids, call.Cancel));
    }

    /// <param name="fresh">True right after its creation: outputs are then left out, as the original does.</param>
    public void Write(Utf8JsonWriter writer, Candidate candidate, bool fresh = false)
    {
        writer.WriteStartObject();
        WriteInfo(writer, "info", candidate, experiments[candidate.ExperimentId].Iid);
        WriteEvidence(writer, candidate.Id);
        WriteInputs(writer, candidate.Id);
        if (!fresh)
        {
            WriteOutputs(writer, candidate.Id);
        }

        writer.WriteEndObject();
    }

    public static void WriteInfo(Utf8JsonWriter writer, string name, Candidate candidate, long experimentIid)
    {
        writer.WriteStartObject(name);
        writer.WriteString("run_uuid", candidate.Uid);
        writer.WriteString("experiment_id", ExperimentCalls.Text(experimentIid));
        writer.WriteString("run_name", candidate.Name);
        writer.WriteString("user_id", candidate.UserName);
        writer.WriteString("status", Words.Of(candidate.Status));
        writer.WriteNumber("start_time", candidate.StartedUs / 1000);
        if (candidate.EndedUs is { } ended)
        {
            writer.WriteNumber("end_time", ended / 1000);
        }

        writer.WriteString("artifact_uri", Words.ArtifactUri(experimentIid, candidate));
        writer.WriteString("lifecycle_stage", Words.Lifecycle(candidate.Deleted));
        writer.WriteString("run_id", candidate.Uid);
        writer.WriteEndObject();
    }

    private void WriteEvidence(Utf8JsonWriter writer, long id)
    {
        writer.WriteStartObject("data");
        ExperimentCalls.WriteArray(writer, "metrics", metrics.GetValueOrDefault(id) ?? [], metric =>
        {
            writer.WriteStartObject();
            writer.WriteString("key", metric.Name);
            writer.WriteReal("value", metric.Value);
            writer.WriteNumber("timestamp", metric.AtMs);
            writer.WriteNumber("step", metric.Step);
            writer.WriteEndObject();
        });
        ExperimentCalls.WriteTags(writer, "params", texts.GetValueOrDefault(id) ?? []);
        ExperimentCalls.WriteTags(writer, "tags", tags.GetValueOrDefault(id) ?? []);
        writer.WriteEndObject();
    }

    private void WriteInputs(Utf8JsonWriter writer, long id)
    {
        writer.WriteStartObject("inputs");
        ExperimentCalls.WriteArray(writer, "dataset_inputs", inputs.GetValueOrDefault(id) ?? [], use =>
        {
            writer.WriteStartObject();
            ExperimentCalls.WriteTags(writer, "tags", use.Context is { } context ? [.. use.Tags, new NamedText(Words.DataContext, context)] : use.Tags);
            WriteDataset(writer, use.Dataset);
            writer.WriteEndObject();
        });
        ExperimentCalls.WriteArray(writer, "model_inputs", [.. links[id].Where(link => !link.IsOutput)], link =>
        {
            writer.WriteStartObject();
            writer.WriteString("model_id", link.Link.Uid);
            writer.WriteEndObject();
        });
        writer.WriteEndObject();
    }

    private void WriteOutputs(Utf8JsonWriter writer, long id)
    {
        writer.WriteStartObject("outputs");
        ExperimentCalls.WriteArray(writer, "model_outputs", [.. links[id].Where(link => link.IsOutput)], link =>
        {
            writer.WriteStartObject();
            writer.WriteString("model_id", link.Link.Uid);
            writer.WriteNumber("step", link.Link.Step ?? 0);
            writer.WriteEndObject();
        });
        writer.WriteEndObject();
    }

    private static void WriteDataset(Utf8JsonWriter writer, Dataset dataset)
    {
        writer.WriteStartObject("dataset");
        writer.WriteString("name", dataset.Name);
        writer.WriteString("digest", dataset.Digest);
        writer.WriteString("source_type", dataset.SourceType);
        writer.WriteString("source", dataset.Source);
        if (dataset.Schema is { } schema)
        {
            writer.WriteString("schema", schema);
        }

        if (dataset.Profile is { } profile)
        {
            writer.WriteString("profile", profile);
        }

        writer.WriteEndObject();
    }
}
