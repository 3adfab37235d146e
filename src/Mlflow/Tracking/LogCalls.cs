using System.Text.Json;
using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>runs/log-parameter, set-tag, delete-tag, log-inputs, outputs, log-model; metrics and batches are <see cref="MetricCalls"/>.</summary>
internal static class LogCalls
{
    private const int MaxDatasets = 1000;

    public static void Map(MlflowRoutes routes)
    {
        routes.Write("POST", "runs/log-parameter", LogParamAsync);
        routes.Write("POST", "runs/set-tag", SetTagAsync);
        routes.Write("POST", "runs/delete-tag", DeleteTagAsync);
        routes.Write("POST", "runs/log-inputs", LogInputsAsync);
        routes.Write("POST", "runs/outputs", LogOutputsAsync);
        routes.Write("POST", "runs/log-model", LogModelAsync);
    }

    private static async Task LogParamAsync(MlflowCall call)
    {
        var uid = call.Fields.RunId;
        var param = Names.Param(call.Fields.Required("key"), call.Fields.Text("value"));
        var candidate = await call.WritableAsync(uid);
        if (await call.Get<CandidateLog>().WriteAsync(LogEntry.OfParam(candidate, param), call.Cancel) is LogOutcome.ParamsDiffer differ)
        {
            var changed = differ.Params[0];
            throw MlflowError.Invalid(
                $"Changing param values is not allowed. Param with key='{changed.Name}' was already logged with value='{changed.Old}' for run ID='{uid}'. Attempted logging new value '{changed.New}'.");
        }

        await call.DoneAsync();
    }

    private static async Task SetTagAsync(MlflowCall call)
    {
        var uid = call.Fields.RunId;
        var tag = Names.Tag(call.Fields.Required("key"), call.Fields.Text("value"));
        var candidate = await call.WritableAsync(uid);
        await call.Get<CandidateLog>().WriteAsync(LogEntry.OfTag(candidate, tag), call.Cancel);
        await RenameByTagAsync(call, candidate, [tag]);
        await call.DoneAsync();
    }

    /// <summary>The name of a run is also one of its tags: setting the tag renames it.</summary>
    public static async Task RenameByTagAsync(MlflowCall call, Candidate candidate, IReadOnlyList<NamedText> tags)
    {
        if (tags.LastOrDefault(tag => tag.Name == Words.RunName) is { Value.Length: > 0 } name && name.Value != candidate.Name)
        {
            await call.Get<CandidateEdits>().UpdateAsync(candidate, null, null, name.Value, call.Cancel);
        }
    }

    private static async Task DeleteTagAsync(MlflowCall call)
    {
        var uid = call.Fields.RunId;
        var key = call.Fields.Required("key");
        var candidate = await call.WritableAsync(uid);
        if (!await call.Get<CandidateEdits>().DeleteTagAsync(candidate, key, call.Cancel))
        {
            throw MlflowError.NotFound($"No tag with name: {key} in run with id {uid}");
        }

        await call.DoneAsync();
    }

    private static async Task LogInputsAsync(MlflowCall call)
    {
        var candidate = await call.WritableAsync(call.Fields.RunId);
        var datasets = call.Fields.Objects("datasets");
        if (datasets.Count > MaxDatasets)
        {
            throw MlflowError.Invalid($"A request can contain at most {MaxDatasets} datasets. Got {datasets.Count}.");
        }

        var models = call.Fields.Objects("models").Select(model => model.Required("model_id")).ToList();
        await call.Get<CandidateInputs>().AddAsync(candidate, [.. datasets.Select(Use)], models, call.Cancel);
        await call.DoneAsync();
    }

    private static DatasetUse Use(Fields fields)
    {
        var dataset = fields.Object("dataset") ?? throw MlflowError.Missing("datasets[0].dataset");
        var tags = fields.Objects("tags").Select(tag => new NamedText(Short(tag.Required("key"), 255, "key"), Short(tag.Text("value") ?? "", 500, "value"))).ToList();
        return new DatasetUse(
            new Dataset
            {
                Name = Short(dataset.Required("name"), 500, "name"),
                Digest = Short(dataset.Text("digest") ?? "", 36, "digest"),
                SourceType = Short(dataset.Text("source_type") ?? "", 36, "source_type"),
                Source = Short(dataset.Text("source") ?? "", 65_535, "source"),
                Schema = dataset.Text("schema") is { } schema ? Short(schema, 1_048_575, "schema") : null,
                Profile = dataset.Text("profile") is { } profile ? Short(profile, 16_777_215, "profile") : null,
            },
            tags.LastOrDefault(tag => tag.Name == Words.DataContext)?.Value,
            [.. tags.Where(tag => tag.Name != Words.DataContext)]);
    }

    private static async Task LogOutputsAsync(MlflowCall call)
    {
        var candidate = await call.WritableAsync(call.Fields.RunId);
        var links = call.Fields.Objects("models").Select(model => new CheckpointLink(model.Required("model_id"), model.Long("step") ?? 0)).ToList();
        if (links.Count == 0)
        {
            throw MlflowError.Missing("models");
        }

        await call.Get<CandidateInputs>().AddOutputsAsync(candidate, links, call.Cancel);
        await call.DoneAsync();
    }

    private const string ModelHistoryTag = "mlflow.log-model.history";

    /// <summary>The call of clients before version 3: a description of the model is appended to a tag.</summary>
    private static async Task LogModelAsync(MlflowCall call)
    {
        var candidate = await call.WritableAsync(call.Fields.RunId);
        var model = ParseModel(call.Fields.Required("model_json"));
        var tags = await call.Get<CandidateStore>().TagsAsync([candidate.Id], call.Cancel);
        var known = tags.GetValueOrDefault(candidate.Id)?.FirstOrDefault(tag => tag.Name == ModelHistoryTag)?.Value;
        var history = known is { Length: > 2 } ? $"{known[..^1]}, {model}]" : $"[{model}]";
        if (history.Length > Names.MaxTagValue)
        {
            throw MlflowError.TooLong(ModelHistoryTag, Names.MaxTagValue);
        }

        await call.Get<CandidateLog>().WriteAsync(LogEntry.OfTag(candidate, new NamedText(ModelHistoryTag, history)), call.Cancel);
        await call.DoneAsync();
    }

    private static string ParseModel(string json)
    {
        JsonElement model;
        JsonTexts.Check(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            model = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw MlflowError.Invalid($"Malformed model info. \n {json} \n is not valid JSON");
        }

        string[] needed = ["artifact_path", "flavors", "utc_time_created", "run_id"];
        var missing = model.ValueKind == JsonValueKind.Object ? needed.Where(name => !model.TryGetProperty(name, out _)).ToList() : [.. needed];
        return missing.Count == 0
            ? JsonSerializer.Serialize(model)
            : throw MlflowError.Invalid($"Model json is missing mandatory fields: [{string.Join(", ", missing.Select(name => $"'{name}'"))}]");
    }

    private static string Short(string text, int limit, string what) => text.Length > limit ? throw MlflowError.TooLong(what, limit) : text;
}
