using System.Text.Json;
using System.Text.Json.Nodes;
using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>datasets/*: evaluation datasets. Tags, schema and profile travel as JSON in texts.</summary>
internal static class DatasetCalls
{
    private const string UserTag = "mlflow.user";
    private const int NormalResults = 1000;
    private const int MaxResults = 50_000;
    private const int MaxExperiments = 100;

    public static void Map(MlflowRoutes routes)
    {
        routes.Write("POST", "datasets/create", CreateAsync);
        routes.Read("GET", "datasets/search", SearchAsync);
        routes.Read("POST", "datasets/search", SearchAsync);
        routes.Read("GET", "datasets/{dataset}", async call => await AnswerAsync(call, await FindAsync(call)));
        routes.Write("DELETE", "datasets/{dataset}", DeleteAsync);
        routes.Write("PATCH", "datasets/{dataset}/tags", SetTagsAsync);
        routes.Write("DELETE", "datasets/{dataset}/tags/{key}", DeleteTagAsync);
        routes.Read("GET", "datasets/{dataset}/experiment-ids", ExperimentsAsync);
        routes.Write("POST", "datasets/{dataset}/add-experiments", call => MoveAsync(call, true));
        routes.Write("POST", "datasets/{dataset}/remove-experiments", call => MoveAsync(call, false));
        routes.Write("POST", "datasets/{dataset}/records", RecordCalls.MergeAsync);
        routes.Read("GET", "datasets/{dataset}/records", RecordCalls.ListAsync);
    }

    public static async Task<QuestionSet> FindAsync(MlflowCall call)
    {
        var uid = (string)call.Context.Request.RouteValues["dataset"]!;
        return await call.Get<QuestionSets>().FindAsync(call.ProjectId, uid, call.Cancel) ?? throw MlflowError.NotFound($"Evaluation dataset with id '{uid}' not found");
    }

    public static async Task<QuestionSet> WritableAsync(MlflowCall call)
    {
        call.RequirePerson("change evaluation datasets");
        return await FindAsync(call);
    }

    private static async Task CreateAsync(MlflowCall call)
    {
        call.RequirePerson("make evaluation datasets");
        var name = call.Fields.Required("name");
        if (name.Length > QuestionSet.MaxName)
        {
            throw MlflowError.TooLong("name", QuestionSet.MaxName);
        }

        var tags = Tags(call.Fields, required: false);
        var experiments = await NamedAsync(call);
        var set = new QuestionSet { ProjectId = call.ProjectId, Name = name, Tags = tags, CreatedBy = tags.FirstOrDefault(tag => tag.Name == UserTag)?.Value };
        var created = await call.Get<QuestionSets>().CreateAsync(set, experiments, call.Cancel);
        await call.WriteAsync(writer =>
        {
            writer.WritePropertyName("dataset");
            Write(writer, created, [.. experiments.Select(experiment => ExperimentCalls.Text(experiment.Iid))]);
        });
    }

    private static async Task SearchAsync(MlflowCall call)
    {
        var fields = call.Fields;
        var asked = fields.Long("max_results") is > 0 and var given ? given : NormalResults;
        var take = asked <= MaxResults ? (int)asked : throw MlflowError.Invalid($"Invalid value {asked} for parameter 'max_results' supplied. It must be at most {MaxResults}");
        var skip = PageToken.Read(fields.Text("page_token"));
        var ids = fields.Texts("experiment_ids");
        IReadOnlyCollection<long>? experiments = ids.Count == 0 ? null : [.. (await RunCalls.ExperimentsAsync(call, ids)).Keys];
        var found = await call.Get<QuestionSets>().SearchAsync(call.ProjectId, experiments, fields.Text("filter_string"), fields.Texts("order_by"), skip, take + 1, call.Cancel);
        await call.WriteAsync(writer =>
        {
            ExperimentCalls.WriteArray(writer, "datasets", [.. found.Take(take)], set => Write(writer, set, []));
            if (found.Count > take)
            {
                writer.WriteString("next_page_token", PageToken.Write(skip + take));
            }
        });
    }

    /// <summary>Deleting what is not there changes nothing.</summary>
    private static async Task DeleteAsync(MlflowCall call)
    {
        call.RequirePerson("delete evaluation datasets");
        if (await call.Get<QuestionSets>().FindAsync(call.ProjectId, (string)call.Context.Request.RouteValues["dataset"]!, call.Cancel) is { } set)
        {
            await call.Get<QuestionSets>().DeleteAsync(set, call.Cancel);
        }

        await call.DoneAsync();
    }

    private static async Task SetTagsAsync(MlflowCall call)
    {
        var tags = Tags(call.Fields, required: true);
        await call.Get<QuestionSets>().SetTagsAsync(await WritableAsync(call), tags, call.Cancel);
        await call.DoneAsync();
    }

    private static async Task DeleteTagAsync(MlflowCall call)
    {
        await call.Get<QuestionSets>().DeleteTagAsync(await WritableAsync(call), (string)call.Context.Request.RouteValues["key"]!, call.Cancel);
        await call.DoneAsync();
    }

    private static async Task ExperimentsAsync(MlflowCall call)
    {
        var ids = await call.Get<QuestionSets>().ExperimentsAsync(await FindAsync(call), call.Cancel);
        var experiments = await call.Get<ExperimentStore>().FindManyAsync([.. ids], call.Cancel);
        await call.WriteAsync(writer => ExperimentCalls.WriteArray(writer, "experiment_ids", ids, id => writer.WriteStringValue(ExperimentCalls.Text(experiments[id].Iid))));
    }

    private static async Task MoveAsync(MlflowCall call, bool adds)
    {
        var set = await WritableAsync(call);
        await AnswerAsync(call, await call.Get<QuestionSets>().MoveAsync(set, await NamedAsync(call), adds, call.Cancel));
    }

    /// <summary>The experiments that a call names; each must be there.</summary>
    private static async Task<IReadOnlyCollection<Experiment>> NamedAsync(MlflowCall call)
    {
        var ids = call.Fields.Texts("experiment_ids");
        if (ids.Count > MaxExperiments)
        {
            throw MlflowError.Invalid($"At most {MaxExperiments} experiments are named at once; these are {ids.Count}.");
        }

        var experiments = new List<Experiment>();
        foreach (var id in ids.Distinct(StringComparer.Ordinal))
        {
            experiments.Add(await call.ExperimentAsync(id));
        }

        return experiments;
    }

    private static IReadOnlyList<NamedText> Tags(Fields fields, bool required)
    {
        var text = required ? fields.Required("tags") : fields.Text("tags");
        if (string.IsNullOrEmpty(text))
        {
            return [];
        }

        return EvaluationJson.Object(text, "tags").Where(tag => tag.Value is not null)
            .Select(tag => TraceWords.Note(tag.Key, tag.Value is JsonValue value && value.TryGetValue<string>(out var plain) ? plain : PythonJson.Spaced(tag.Value!))).ToList();
    }

    private static Task AnswerAsync(MlflowCall call, QuestionSet set) =>
        call.WriteAsync(writer =>
        {
            writer.WritePropertyName("dataset");
            Write(writer, set, []);
        });

    private static void Write(Utf8JsonWriter writer, QuestionSet set, IReadOnlyCollection<string> experimentIds)
    {
        writer.WriteStartObject();
        writer.WriteString("dataset_id", set.Uid);
        writer.WriteString("name", set.Name);
        writer.WriteString("tags", PythonJson.Spaced(new JsonObject(set.Tags.Select(tag => KeyValuePair.Create(tag.Name, (JsonNode?)JsonValue.Create(tag.Value))))));
        if (set.Schema is { } schema)
        {
            writer.WriteString("schema", schema);
        }

        if (set.Questions > 0)
        {
            writer.WriteString("profile", PythonJson.Spaced(new JsonObject { ["num_records"] = set.Questions }));
        }

        writer.WriteString("digest", set.Digest);
        writer.WriteNumber("created_time", set.CreatedMs);
        writer.WriteNumber("last_update_time", set.UpdatedMs);
        WriteKnown(writer, "created_by", set.CreatedBy);
        WriteKnown(writer, "last_updated_by", set.UpdatedBy);
        ExperimentCalls.WriteArray(writer, "experiment_ids", experimentIds, id => writer.WriteStringValue(id));
        writer.WriteEndObject();
    }

    private static void WriteKnown(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }
}
