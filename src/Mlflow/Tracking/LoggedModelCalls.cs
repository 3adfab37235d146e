using Microsoft.AspNetCore.Routing;
using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>logged-models/*: what the client needs to log a model and fetch it; <see cref="LoggedModelSearch"/> finds it.</summary>
internal static class LoggedModelCalls
{
    private const string Unfit = "/:.%\"'";

    public static void Map(MlflowRoutes routes)
    {
        routes.Write("POST", "logged-models", CreateAsync);
        routes.Read("POST", "logged-models/search", LoggedModelSearch.SearchAsync);
        routes.Read("GET", "logged-models/{model}", GetAsync);
        routes.Write("PATCH", "logged-models/{model}", FinalizeAsync);
        routes.Write("DELETE", "logged-models/{model}", DeleteAsync);
        routes.Write("PATCH", "logged-models/{model}/tags", SetTagsAsync);
        routes.Write("DELETE", "logged-models/{model}/tags/{key}", DeleteTagAsync);
        routes.Write("POST", "logged-models/{model}/params", AddParamsAsync);
        routes.Read("GET", "logged-models/{model}/artifacts/directories", ListAsync);
        routes.Read("GET", "logged-models/{model}/artifacts/files", FileAsync);
    }

    private static async Task CreateAsync(MlflowCall call)
    {
        var fields = call.Fields;
        var experiment = await call.ExperimentAsync(fields.RequiredId("experiment_id"));
        ExperimentCalls.CheckActive(experiment);
        var name = fields.Text("name") is { Length: > 0 } given ? given : CandidateNames.Next();
        if (name.AsSpan().IndexOfAny(Unfit) >= 0)
        {
            throw MlflowError.Invalid(
                $"Invalid model name ('{name}') provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%', '\"', \"'\")");
        }

        await CheckSourceAsync(call, fields.Text("source_run_id"), "`source_run_id` names none");
        var created = await call.Get<CheckpointStore>().CreateAsync(
            new Checkpoint
            {
                ProjectId = call.ProjectId,
                ExperimentId = experiment.Id,
                Name = name,
                Kind = fields.Text("model_type"),
                CandidateUid = fields.Text("source_run_id"),
                Params = Notes(fields, "params", Names.MaxTagValue),
                Tags = Notes(fields, "tags", Names.MaxModelTagValue),
            },
            call.Cancel);
        await LoggedModelJson.AnswerAsync(call, created, experiment.Iid);
    }

    private static async Task GetAsync(MlflowCall call)
    {
        var model = await FindAsync(call);
        await LoggedModelJson.AnswerAsync(call, model, await IidAsync(call, model));
    }

    private static async Task FinalizeAsync(MlflowCall call)
    {
        var status = call.Fields.Id("status") switch
        {
            "LOGGED_MODEL_READY" or "2" => CheckpointStatus.Ready,
            "LOGGED_MODEL_UPLOAD_FAILED" or "3" => CheckpointStatus.UploadFailed,
            "LOGGED_MODEL_PENDING" or "1" => CheckpointStatus.Pending,
            _ => throw MlflowError.Missing("status"),
        };
        var model = await FindWritableAsync(call);
        await call.Get<CheckpointStore>().SetStatusAsync(model, status, call.Cancel);
        await GetAsync(call);
    }

    private static async Task DeleteAsync(MlflowCall call)
    {
        if (call.Access.Caller.Job is not null)
        {
            throw MlflowError.Denied("A job may not delete logged models.");
        }

        await call.Get<CheckpointStore>().DeleteAsync(await FindAsync(call), call.Cancel);
        await call.DoneAsync();
    }

    private static async Task SetTagsAsync(MlflowCall call)
    {
        await call.Get<CheckpointStore>().SetTagsAsync(await FindWritableAsync(call), Notes(call.Fields, "tags", Names.MaxModelTagValue), call.Cancel);
        await call.DoneAsync();
    }

    private static async Task DeleteTagAsync(MlflowCall call)
    {
        var model = await FindWritableAsync(call);
        var key = (string)call.Context.GetRouteValue("key")!;
        if (!await call.Get<CheckpointStore>().DeleteTagAsync(model, key, call.Cancel))
        {
            throw MlflowError.NotFound($"No tag with key '{key}' found for model with ID '{model.Uid}'.");
        }

        await call.DoneAsync();
    }

    private static async Task AddParamsAsync(MlflowCall call)
    {
        if (!await call.Get<CheckpointStore>().AddParamsAsync(await FindWritableAsync(call), Notes(call.Fields, "params", Names.MaxTagValue), call.Cancel))
        {
            throw new MlflowError(400, "BAD_REQUEST", "Changing param values is not allowed.");
        }

        await call.DoneAsync();
    }

    private static async Task ListAsync(MlflowCall call)
    {
        var model = await FindAsync(call);
        var root = Folder(await IidAsync(call, model), model);
        var below = ArtifactPath.Parse((call.Fields.Text("artifact_directory_path") ?? "").TrimEnd('/'));
        var files = await call.Get<CandidateFiles>().ListAsync(call.ProjectId, 0, below.Length == 0 ? root : $"{root}/{below}", call.Cancel);
        await call.WriteAsync(writer =>
        {
            writer.WriteString("root_uri", Words.ArtifactScheme + root);
            ArtifactCalls.WriteFiles(writer, files, file => file.Path[(root.Length + 1)..]);
        });
    }

    private static async Task FileAsync(MlflowCall call)
    {
        var model = await FindAsync(call);
        var path = ArtifactPath.Parse(call.Fields.Required("artifact_file_path"));
        await ArtifactCalls.SendAsync(call, new ArtifactPlace(null, $"{Folder(await IidAsync(call, model), model)}/{path}"));
    }

    private static Task<Checkpoint> FindAsync(MlflowCall call) => FindAsync(call, Uid(call));

    private static string Uid(MlflowCall call) => (string)call.Context.GetRouteValue("model")!;

    private static async Task<Checkpoint> FindAsync(MlflowCall call, string uid) =>
        await call.Get<CheckpointStore>().FindAsync(call.ProjectId, uid, call.Cancel)
            ?? throw MlflowError.NotFound($"Logged model with ID '{uid}' not found.");

    private static Task<Checkpoint> FindWritableAsync(MlflowCall call) => FindWritableAsync(call, Uid(call));

    /// <summary>A job writes to the models that its own pipeline's runs logged.</summary>
    public static async Task<Checkpoint> FindWritableAsync(MlflowCall call, string uid)
    {
        var model = await FindAsync(call, uid);
        await CheckSourceAsync(call, model.CandidateUid, $"the logged model {model.Uid} is of no run");
        return model;
    }

    private static async Task CheckSourceAsync(MlflowCall call, string? run, string otherwise)
    {
        if (call.Access.Caller.Job is null)
        {
            return;
        }

        call.CheckOwner(
            (string.IsNullOrEmpty(run) ? null : await call.Get<CandidateStore>().FindAsync(call.ProjectId, run, call.Cancel))
            ?? throw MlflowError.Denied($"A job writes logged models of its own pipeline's runs only; {otherwise}."));
    }

    private static async Task<long> IidAsync(MlflowCall call, Checkpoint model) =>
        (await call.Get<ExperimentStore>().FindByIdAsync(model.ExperimentId, call.Cancel))!.Iid;

    public static async Task<string> FolderAsync(MlflowCall call, Checkpoint model) => Folder(await IidAsync(call, model), model);

    public static string Folder(long experimentIid, Checkpoint model) => $"{experimentIid}/models/{model.Uid}/artifacts";

    private static IReadOnlyList<NamedText> Notes(Fields fields, string name, int limit) =>
        [.. fields.Objects(name).Select(note => Names.Tag(note.Required("key"), note.Text("value"), limit: limit))];
}
