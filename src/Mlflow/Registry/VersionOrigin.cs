using System.Text.Json;
using System.Text.Json.Nodes;
using Squero.Experiments;
using Squero.Registry;

namespace Squero.Mlflow;

/// <summary>What a version is made of, found by our own ids: a candidate's folder, a checkpoint, another version, or nothing but words.</summary>
internal sealed record VersionOrigin(string RunId, Candidate? Candidate, Checkpoint? Checkpoint, string Location, FileOrigin? Files)
{
    private const string VersionsTag = "mlflow.modelVersions";

    public static async Task<VersionOrigin> FindAsync(MlflowCall call, string source, string runId, string modelId)
    {
        var uid = modelId.Length > 0 ? modelId : VersionSource.LoggedModelOf(source);
        if (uid is not null)
        {
            return await OfCheckpointAsync(call, source, runId, uid);
        }

        var candidate = await CandidateAsync(call, runId);
        if (VersionSource.VersionOf(source) is { } copied)
        {
            var (_, version) = await call.VersionAsync(copied.Name, RegistryCall.Number(copied.Version));
            return new VersionOrigin(runId, candidate, null, LocationOf(version), new FileOrigin(0, "", version.Id));
        }

        return candidate is not null && VersionSource.FolderOf(source, candidate.Uid) is { } folder
            ? new VersionOrigin(runId, candidate, null, source, new FileOrigin(candidate.Id, ArtifactPath.Parse(folder)))
            : new VersionOrigin(runId, candidate, null, source, null);
    }

    public static string LocationOf(ModelVersion version) => version.Location.Length > 0 ? version.Location : ModelJson.SourceOf(version);

    /// <summary>The checkpoint says which versions were made of it.</summary>
    public static async Task NoteAsync(MlflowCall call, Checkpoint checkpoint, string modelName, long number)
    {
        var known = checkpoint.Tags.FirstOrDefault(tag => tag.Name == VersionsTag)?.Value;
        JsonArray list;
        try
        {
            JsonTexts.Check(known ?? "");
            list = known is null ? [] : JsonNode.Parse(known) as JsonArray ?? [];
        }
        catch (Exception error) when (error is JsonException or MlflowError)
        {
            // Somebody wrote something else into the tag: it begins anew.
            list = [];
        }

        list.Add(new JsonObject { ["name"] = modelName, ["version"] = number });
        await call.Get<CheckpointStore>().SetTagsAsync(checkpoint, [new NamedText(VersionsTag, PythonJson.Spaced(list))], call.Cancel);
    }

    private static async Task<VersionOrigin> OfCheckpointAsync(MlflowCall call, string source, string runId, string uid)
    {
        var checkpoint = await call.Get<CheckpointStore>().FindAsync(call.ProjectId, uid, call.Cancel)
            ?? throw MlflowError.NotFound($"Logged model with ID '{uid}' not found.");
        var experiment = await call.Get<ExperimentStore>().FindByIdAsync(checkpoint.ExperimentId, call.Cancel);
        var folder = LoggedModelCalls.Folder(experiment!.Iid, checkpoint);
        var run = runId.Length > 0 ? runId : checkpoint.CandidateUid ?? "";
        var candidate = await CandidateAsync(call, run);
        return new VersionOrigin(
            run, candidate, checkpoint, VersionSource.LoggedModelOf(source) is null ? source : Words.ArtifactScheme + folder, new FileOrigin(0, folder));
    }

    /// <summary>A run of another project is a text like any other. A job registers what its own pipeline made.</summary>
    private static async Task<Candidate?> CandidateAsync(MlflowCall call, string runId)
    {
        var candidate = runId.Length == 0 ? null : await call.Get<CandidateStore>().FindAsync(call.ProjectId, runId, call.Cancel);
        if (candidate is not null)
        {
            call.CheckOwner(candidate);
        }

        return candidate;
    }
}
