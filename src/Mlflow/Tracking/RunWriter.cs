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

    public void Write(Utf8JsonWriter writer, Candidate candidate)
    {
        writer.WriteStartObject();
        WriteInfo(writer, "info", candidate, experiments[candidate.ExperimentId].Iid);
        WriteEvidence(writer, metrics.GetValueOrDefault(candidate.Id) ?? [], texts.GetValueOrDefault(candidate.Id) ?? [], tags.GetValueOrDefault(candidate.Id) ?? []);
        WriteInputs(writer, inputs.GetValueOrDefault(candidate.Id) ?? [], [.. links[candidate.Id].Where(link => !link.IsOutput)]);
        WriteOutputs(writer, candidate.Id);
        writer.WriteEndObject();
    }

    /// <summary>A run right after its creation: it has nothing but tags, and outputs are left out, as the original does.</summary>
    public static void WriteFresh(Utf8JsonWriter writer, Candidate candidate, long experimentIid, IReadOnlyList<NamedText> tags)
    {
        writer.WriteStartObject();
        WriteInfo(writer, "info", candidate, experimentIid);
        WriteEvidence(writer, [], [], [.. tags.GroupBy(tag => tag.Name, StringComparer.Ordinal).Select(group => group.Last()).OrderBy(tag => tag.Name, StringComparer.Ordinal)]);
        WriteInputs(writer, [], []);
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

    private static void WriteEvidence(
        Utf8JsonWriter writer, IReadOnlyList<LatestMetric> metrics, IReadOnlyList<NamedText> texts, IReadOnlyList<NamedText> tags)
    {
        writer.WriteStartObject("data");
        ExperimentCalls.WriteArray(writer, "metrics", metrics, metric =>
        {
            writer.WriteStartObject();
            writer.WriteString("key", metric.Name);
            writer.WriteReal("value", metric.Value);
            writer.WriteNumber("timestamp", metric.AtMs);
            writer.WriteNumber("step", metric.Step);
            writer.WriteEndObject();
        });
        ExperimentCalls.WriteTags(writer, "params", texts);
        ExperimentCalls.WriteTags(writer, "tags", tags);
        writer.WriteEndObject();
    }

    private static void WriteInputs(Utf8JsonWriter writer, IReadOnlyList<DatasetUse> datasets, IReadOnlyList<(CheckpointLink Link, bool IsOutput)> models)
    {
        writer.WriteStartObject("inputs");
        ExperimentCalls.WriteArray(writer, "dataset_inputs", datasets, use =>
        {
            writer.WriteStartObject();
            ExperimentCalls.WriteTags(writer, "tags", use.Context is { } context ? [.. use.Tags, new NamedText(Words.DataContext, context)] : use.Tags);
            WriteDataset(writer, use.Dataset);
            writer.WriteEndObject();
        });
        ExperimentCalls.WriteArray(writer, "model_inputs", models, link =>
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
