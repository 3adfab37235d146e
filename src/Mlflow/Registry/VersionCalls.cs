using Squero.Experiments;
using Squero.Registry;

namespace Squero.Mlflow;

/// <summary>model-versions/*.</summary>
internal static class VersionCalls
{
    private const int MaxResults = 200_000;

    public static void Map(MlflowRoutes routes)
    {
        routes.Write("POST", "model-versions/create", CreateAsync);
        routes.Read("GET", "model-versions/get", GetAsync);
        routes.Read("GET", "model-versions/search", SearchAsync);
        routes.Read("GET", "model-versions/get-download-uri", LocationAsync);
        routes.Write("PATCH", "model-versions/update", UpdateAsync);
        routes.Write("DELETE", "model-versions/delete", DeleteAsync);
        routes.Write("POST", "model-versions/set-tag", SetTagAsync);
        routes.Write("DELETE", "model-versions/delete-tag", DeleteTagAsync);
        routes.Write("POST", "model-versions/transition-stage", SetStageAsync);
    }

    /// <summary>The file of a version by its path within it: <c>?name=&amp;version=&amp;path=</c>.</summary>
    public static async Task SendFileAsync(MlflowCall call)
    {
        var query = call.Context.Request.Query;
        var path = ArtifactPath.Parse(query["path"].ToString());
        var (_, version) = await call.VersionAsync(query["name"].ToString(), RegistryCall.Number(query["version"].ToString()));
        var file = (await call.Get<ModelStore>().FilesAsync(version.Id, call.Cancel)).FirstOrDefault(row => row.Path == path)
            ?? throw MlflowError.NotFound($"No such artifact: '{path}'");
        await ArtifactCalls.SendAsync(call, file.Path[(file.Path.LastIndexOf('/') + 1)..], file.Hash, file.Size);
    }

    private static async Task CreateAsync(MlflowCall call)
    {
        var fields = call.Fields;
        var (name, source) = (fields.Required("name"), fields.Required("source"));
        var tags = fields.RegistryTags();
        var model = await call.ModelAsync(name);
        VersionSource.Check(source, model.Kind == ModelKind.Prompt);
        var origin = await VersionOrigin.FindAsync(call, source, fields.Text("run_id") ?? "", fields.Text("model_id") ?? "");
        var version = await call.Get<RegisterVersion>().RegisterAsync(
            call.Access,
            new Registration(
                model,
                new ModelVersion
                {
                    CandidateId = origin.Candidate?.Id,
                    CandidateIid = origin.Candidate?.Iid,
                    CandidateUid = origin.RunId,
                    Sha = origin.Candidate?.Sha,
                    CheckpointUid = origin.Checkpoint?.Uid ?? "",
                    Description = fields.Text("description") ?? "",
                    Source = source,
                    Location = origin.Location,
                    RunLink = fields.Text("run_link") ?? "",
                },
                tags,
                origin.Files),
            call.Cancel);
        if (origin.Checkpoint is { } checkpoint)
        {
            await VersionOrigin.NoteAsync(call, checkpoint, model.Name, version.Number);
        }

        await ModelJson.WriteAsync(call, model, version);
    }

    private static async Task GetAsync(MlflowCall call)
    {
        var (model, version) = await call.VersionAsync();
        var checkpoint = version.CheckpointUid.Length > 0 ? await call.Get<CheckpointStore>().FindAsync(call.ProjectId, version.CheckpointUid, call.Cancel) : null;
        await ModelJson.WriteAsync(call, model, version, checkpoint);
    }

    private static async Task SearchAsync(MlflowCall call)
    {
        var query = call.Query(MaxResults, MaxResults);
        var found = await call.Get<RegistrySearch>().VersionsAsync(query, call.Cancel);
        var page = found.Take(query.Take - 1).ToList();
        var json = await ModelJson.OfVersionsAsync(call, [.. page.Select(row => row.Version)]);
        await call.WriteAsync(writer =>
        {
            ExperimentCalls.WriteArray(writer, "model_versions", page, row => json.Write(writer, row.ModelName, row.Version));
            if (found.Count > page.Count && page.Count > 0)
            {
                writer.WriteString("next_page_token", PageToken.Write(query.Skip + page.Count));
            }
        });
    }

    private static async Task LocationAsync(MlflowCall call)
    {
        var (_, version) = await call.VersionAsync();
        await call.WriteAsync(writer => writer.WriteString("artifact_uri", VersionOrigin.LocationOf(version)));
    }

    private static async Task UpdateAsync(MlflowCall call)
    {
        var (_, version) = await call.VersionAsync();
        await call.Get<VersionEdits>().DescribeAsync(call.Access, version, call.Fields.Text("description") ?? "", call.Cancel);
        await GetAsync(call);
    }

    private static async Task DeleteAsync(MlflowCall call)
    {
        var (model, version) = await call.VersionAsync();
        await call.Get<VersionEdits>().DeleteAsync(call.Access, model, version, call.Cancel);
        await call.DoneAsync();
    }

    private static async Task SetTagAsync(MlflowCall call)
    {
        var tag = Prompts.ReadTag(call.Fields);
        var (_, version) = await call.VersionAsync();
        await call.Get<VersionEdits>().SetTagAsync(call.Access, version, tag, call.Cancel);
        await call.DoneAsync();
    }

    private static async Task DeleteTagAsync(MlflowCall call)
    {
        var key = call.Fields.Required("key");
        var (_, version) = await call.VersionAsync();
        await call.Get<VersionEdits>().DeleteTagAsync(call.Access, version, key, call.Cancel);
        await call.DoneAsync();
    }

    private static async Task SetStageAsync(MlflowCall call)
    {
        var stage = RegistryCall.Stage(call.Fields.Required("stage"));
        var archives = call.Fields.Flag("archive_existing_versions");
        if (archives && stage is not (VersionStage.Staging or VersionStage.Production))
        {
            throw MlflowError.Invalid(
                $"Model version transition cannot archive existing model versions because '{stage}' is not an Active stage. Valid stages are ['Staging', 'Production']");
        }

        var (_, version) = await call.VersionAsync();
        await call.Get<VersionEdits>().SetStageAsync(call.Access, version, stage, archives, call.Cancel);
        await GetAsync(call);
    }
}
