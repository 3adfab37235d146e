using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>
/// logged-models/*: as much as the client needs to log a model, find it and fetch it. A search filters by name, type, source
/// run, params and tags; metrics of logged models are not kept yet.
/// </summary>
internal static partial class LoggedModelCalls
{
    private const string Unfit = "/:.%\"'";

    public static void Map(MlflowRoutes routes)
    {
        routes.Write("POST", "logged-models", CreateAsync);
        routes.Read("POST", "logged-models/search", SearchAsync);
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
        var name = fields.Text("name") ?? CandidateNames.Next();
        if (name.Length == 0 || name.AsSpan().IndexOfAny(Unfit) >= 0)
        {
            throw MlflowError.Invalid(
                $"Invalid model name ('{name}') provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%', '\"', \"'\")");
        }

        var created = await call.Get<CheckpointStore>().CreateAsync(
            new Checkpoint
            {
                ProjectId = call.ProjectId,
                ExperimentId = experiment.Id,
                Name = name,
                Kind = fields.Text("model_type"),
                CandidateUid = fields.Text("source_run_id"),
                Params = Notes(fields, "params"),
                Tags = Notes(fields, "tags"),
            },
            call.Cancel);
        await WriteAsync(call, created, experiment.Iid);
    }

    private static async Task SearchAsync(MlflowCall call)
    {
        var ids = call.Fields.Texts("experiment_ids");
        if (ids.Count == 0)
        {
            throw MlflowError.Missing("experiment_ids");
        }

        var conditions = Conditions(call.Fields.Text("filter"));
        var take = (int)Math.Clamp(call.Fields.Long("max_results") ?? 50, 1, CheckpointStore.MaxListed);
        var skip = (int)PageToken.Read(call.Fields.Text("page_token"));
        var experiments = await RunCalls.ExperimentsAsync(call, ids);
        var all = experiments.Count == 0 ? [] : await call.Get<CheckpointStore>().ListAsync([.. experiments.Keys], call.Cancel);
        var found = all.Where(model => conditions.All(condition => condition(model))).ToList();
        await call.WriteAsync(writer =>
        {
            ExperimentCalls.WriteArray(writer, "models", [.. found.Skip(skip).Take(take)], model => WriteObject(writer, model, experiments[model.ExperimentId].Iid));
            if (found.Count > skip + take)
            {
                writer.WriteString("next_page_token", PageToken.Write(skip + take));
            }
        });
    }

    private static async Task GetAsync(MlflowCall call)
    {
        var model = await FindAsync(call);
        await WriteAsync(call, model, await IidAsync(call, model));
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
        await call.Get<CheckpointStore>().SetTagsAsync(await FindWritableAsync(call), Notes(call.Fields, "tags"), call.Cancel);
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
        if (!await call.Get<CheckpointStore>().AddParamsAsync(await FindWritableAsync(call), Notes(call.Fields, "params"), call.Cancel))
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

    private static async Task<Checkpoint> FindAsync(MlflowCall call)
    {
        var uid = (string)call.Context.GetRouteValue("model")!;
        return await call.Get<CheckpointStore>().FindAsync(call.ProjectId, uid, call.Cancel)
            ?? throw MlflowError.NotFound($"Logged model with ID '{uid}' not found.");
    }

    /// <summary>A job writes to the models that its own pipeline's runs logged.</summary>
    private static async Task<Checkpoint> FindWritableAsync(MlflowCall call)
    {
        var model = await FindAsync(call);
        if (call.Access.Caller.Job is not null && model.CandidateUid is { Length: > 0 } uid
            && await call.Get<CandidateStore>().FindAsync(call.ProjectId, uid, call.Cancel) is { } candidate)
        {
            call.CheckOwner(candidate);
        }

        return model;
    }

    private static async Task<long> IidAsync(MlflowCall call, Checkpoint model) =>
        (await call.Get<ExperimentStore>().FindByIdAsync(model.ExperimentId, call.Cancel))!.Iid;

    public static string Folder(long experimentIid, Checkpoint model) => $"{experimentIid}/models/{model.Uid}/artifacts";

    private static IReadOnlyList<NamedText> Notes(Fields fields, string name) =>
        [.. fields.Objects(name).Select(note => Names.Tag(note.Required("key"), note.Text("value")))];

    private static async Task WriteAsync(MlflowCall call, Checkpoint model, long experimentIid) =>
        await call.WriteAsync(writer =>
        {
            writer.WritePropertyName("model");
            WriteObject(writer, model, experimentIid);
        });

    private static void WriteObject(Utf8JsonWriter writer, Checkpoint model, long experimentIid)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("info");
        writer.WriteString("model_id", model.Uid);
        writer.WriteString("experiment_id", ExperimentCalls.Text(experimentIid));
        writer.WriteString("name", model.Name);
        writer.WriteNumber("creation_timestamp_ms", model.CreatedUs / 1000);
        writer.WriteNumber("last_updated_timestamp_ms", model.UpdatedUs / 1000);
        writer.WriteString("artifact_uri", Words.ArtifactScheme + Folder(experimentIid, model));
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
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static List<Func<Checkpoint, bool>> Conditions(string? filter) =>
        string.IsNullOrWhiteSpace(filter) ? [] : [.. And().Split(filter.Trim()).Select(Condition)];

    private static Func<Checkpoint, bool> Condition(string clause)
    {
        var match = Clause().Match(clause);
        if (!match.Success)
        {
            throw MlflowError.Invalid(
                $"Invalid filter string: '{clause}'. Expected a list of comparisons separated by 'AND' (e.g. 'metrics.loss > 0.1 AND params.lr = 0.01').");
        }

        var (entity, key, sign, wanted) = (match.Groups["entity"].Value, match.Groups["key"].Value.Trim('`', '"'), match.Groups["sign"].Value.ToUpperInvariant(), match.Groups["value"].Value);
        return model =>
        {
            var value = entity switch
            {
                "params" or "param" => model.Params.FirstOrDefault(note => note.Name == key)?.Value,
                "tags" or "tag" => model.Tags.FirstOrDefault(note => note.Name == key)?.Value,
                "metrics" or "metric" => null,
                _ => key switch { "name" => model.Name, "model_id" => model.Uid, "model_type" => model.Kind, "source_run_id" => model.CandidateUid, _ => null },
            };
            return value is not null && sign switch
            {
                "=" => value == wanted,
                "!=" => value != wanted,
                _ => Regex.IsMatch(value, Pattern(wanted), sign == "ILIKE" ? RegexOptions.IgnoreCase | RegexOptions.NonBacktracking : RegexOptions.NonBacktracking),
            };
        };
    }

    private static string Pattern(string like) => "^" + Regex.Escape(like).Replace("%", ".*", StringComparison.Ordinal).Replace("_", ".", StringComparison.Ordinal) + "$";

    [GeneratedRegex(@"\s+and\s+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex And();

    [GeneratedRegex(@"^(?:(?<entity>\w+)\.)?(?<key>[\w.\-]+|`[^`]+`|""[^""]+"")\s*(?<sign>=|!=|I?LIKE|>=|<=|>|<)\s*(?:'(?<value>[^']*)'|""(?<value>[^""]*)""|(?<value>[-+.\deE]+))$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Clause();
}
