using System.Text.Json;
using Squero.Experiments;
using Squero.Registry;

namespace Squero.Mlflow;

/// <summary>Writes models and versions with what hangs on them, loaded for all of an answer at once.</summary>
internal sealed class ModelJson
{
    private ILookup<long, NamedText> modelTags = Array.Empty<NamedText>().ToLookup(_ => 0L);
    private ILookup<long, NamedText> versionTags = Array.Empty<NamedText>().ToLookup(_ => 0L);
    private ILookup<long, ModelAlias> aliases = Array.Empty<ModelAlias>().ToLookup(_ => 0L);
    private ILookup<long, ModelVersion> latest = Array.Empty<ModelVersion>().ToLookup(_ => 0L);

    public static async Task<ModelJson> OfModelsAsync(MlflowCall call, IReadOnlyCollection<Model> models)
    {
        var (details, ids) = (call.Get<ModelDetails>(), models.Select(model => model.Id).ToList());
        var latest = await details.LatestAsync(ids, call.Cancel);
        return new ModelJson
        {
            modelTags = await details.ModelTagsAsync(ids, call.Cancel),
            aliases = await details.AliasesAsync(ids, call.Cancel),
            latest = latest,
            versionTags = await details.VersionTagsAsync([.. latest.SelectMany(versions => versions).Select(version => version.Id)], call.Cancel),
        };
    }

    public static async Task<ModelJson> OfVersionsAsync(MlflowCall call, IReadOnlyCollection<ModelVersion> versions)
    {
        var details = call.Get<ModelDetails>();
        return new ModelJson
        {
            versionTags = await details.VersionTagsAsync([.. versions.Select(version => version.Id)], call.Cancel),
            aliases = await details.AliasesAsync([.. versions.Select(version => version.ModelId)], call.Cancel),
        };
    }

    public static async Task WriteAsync(MlflowCall call, Model model)
    {
        var json = await OfModelsAsync(call, [model]);
        await call.WriteAsync(writer =>
        {
            writer.WritePropertyName("registered_model");
            json.Write(writer, model);
        });
    }

    public static async Task WriteAsync(MlflowCall call, Model model, ModelVersion version, Checkpoint? checkpoint = null)
    {
        var json = await OfVersionsAsync(call, [version]);
        var measured = checkpoint is null ? null : await call.Get<CheckpointMetrics>().ForAsync([checkpoint.Id], call.Cancel);
        await call.WriteAsync(writer =>
        {
            writer.WritePropertyName("model_version");
            json.Write(writer, model.Name, version, checkpoint, checkpoint is null ? [] : measured![checkpoint.Id]);
        });
    }

    public void Write(Utf8JsonWriter writer, Model model)
    {
        writer.WriteStartObject();
        writer.WriteString("name", model.Name);
        writer.WriteNumber("creation_timestamp", model.CreatedUs / 1000);
        writer.WriteNumber("last_updated_timestamp", model.UpdatedUs / 1000);
        if (model.Description.Length > 0)
        {
            writer.WriteString("description", model.Description);
        }

        ExperimentCalls.WriteArray(writer, "latest_versions", [.. latest[model.Id]], version => Write(writer, model.Name, version));
        ExperimentCalls.WriteTags(writer, "tags", [.. modelTags[model.Id]]);
        ExperimentCalls.WriteArray(writer, "aliases", [.. aliases[model.Id]], alias =>
        {
            writer.WriteStartObject();
            writer.WriteString("alias", alias.Alias);
            writer.WriteString("version", ExperimentCalls.Text(alias.Number));
            writer.WriteEndObject();
        });
        writer.WriteEndObject();
    }

    public void Write(Utf8JsonWriter writer, string modelName, ModelVersion version, Checkpoint? checkpoint = null, IEnumerable<CheckpointMetric>? measured = null)
    {
        writer.WriteStartObject();
        writer.WriteString("name", modelName);
        writer.WriteString("version", ExperimentCalls.Text(version.Number));
        writer.WriteNumber("creation_timestamp", version.CreatedUs / 1000);
        writer.WriteNumber("last_updated_timestamp", version.UpdatedUs / 1000);
        writer.WriteString("current_stage", version.Stage.ToString());
        writer.WriteString("description", version.Description);
        writer.WriteString("source", SourceOf(version));
        writer.WriteString("run_id", version.CandidateUid);
        writer.WriteString("status", "READY");
        ExperimentCalls.WriteTags(writer, "tags", [.. versionTags[version.Id]]);
        writer.WriteString("run_link", version.RunLink);
        ExperimentCalls.WriteArray(writer, "aliases", [.. aliases[version.ModelId].Where(alias => alias.VersionId == version.Id)], alias => writer.WriteStringValue(alias.Alias));
        if (checkpoint is not null)
        {
            writer.WriteString("model_id", checkpoint.Uid);
            ExperimentCalls.WriteArray(writer, "model_params", checkpoint.Params, param =>
            {
                writer.WriteStartObject();
                writer.WriteString("name", param.Name);
                writer.WriteString("value", param.Value);
                writer.WriteEndObject();
            });
            LoggedModelMetrics.Write(writer, "model_metrics", measured ?? [], checkpoint);
        }

        writer.WriteEndObject();
    }

    /// <summary>A version that came by a merge has no words of a client: its candidate is where its files are.</summary>
    public static string SourceOf(ModelVersion version)
    {
        if (version.Source.Length > 0 || version.CandidateUid.Length == 0)
        {
            return version.Source;
        }

        var slash = version.ModelPath?.LastIndexOf('/') ?? -1;
        return $"runs:/{version.CandidateUid}" + (slash > 0 ? "/" + version.ModelPath![..slash] : "");
    }
}
