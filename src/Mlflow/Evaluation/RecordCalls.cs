using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>datasets/{dataset}/records: a list of records as JSON in a text, both ways.</summary>
internal static class RecordCalls
{
    private const string UserTag = "mlflow.user";
    private const int NormalResults = 1000;
    private const int MaxResults = 10_000;
    private const int MaxAtOnce = 10_000;

    public static async Task MergeAsync(MlflowCall call)
    {
        var text = call.Fields.Required("records");
        var set = await DatasetCalls.WritableAsync(call);
        var entries = EvaluationJson.Array(text, "records");
        if (entries.Count > MaxAtOnce)
        {
            throw MlflowError.Invalid($"At most {MaxAtOnce} records are merged at once; these are {entries.Count}.");
        }

        var records = entries.Select(entry => entry as JsonObject ?? throw MlflowError.Invalid("Each record is an object.")).ToList();
        var (added, changed) = await call.Get<QuestionStore>().MergeAsync(set, [.. records.Select(Change)], known => EvaluationJson.Schema(known, records), call.Cancel);
        await call.WriteAsync(writer =>
        {
            writer.WriteNumber("inserted_count", added);
            writer.WriteNumber("updated_count", changed);
        });
    }

    public static async Task ListAsync(MlflowCall call)
    {
        var set = await DatasetCalls.FindAsync(call);
        var take = (int)Math.Clamp(call.Fields.Long("max_results") is > 0 and var asked ? asked : NormalResults, 1, MaxResults);
        var found = await call.Get<QuestionStore>().ListAsync(set, PageToken.Read(call.Fields.Text("page_token")), take + 1, call.Cancel);
        var page = found.Take(take).ToList();
        await call.WriteAsync(writer =>
        {
            writer.WriteString("records", PythonJson.Spaced(new JsonArray([.. page.Select(question => (JsonNode?)Json(set, question))])));
            if (found.Count > take)
            {
                writer.WriteString("next_page_token", PageToken.Write(page[^1].Id));
            }
        });
    }

    private static QuestionChange Change(JsonObject record)
    {
        var inputs = record["inputs"] as JsonObject ?? [];
        if (record.ToJsonString().Length > Question.MaxLength)
        {
            throw MlflowError.Invalid($"A record has at most {Question.MaxLength} characters.");
        }

        var by = record["tags"] is JsonObject tags && tags[UserTag] is JsonValue user && user.TryGetValue<string>(out var name) ? name : null;
        return new QuestionChange(EvaluationJson.Hash(inputs), by, known => Merge(known, record, inputs));
    }

    private static Question Merge(Question? known, JsonObject record, JsonObject inputs) =>
        (known ?? new Question { Uid = "dr-" + RandomNumberGenerator.GetHexString(32, lowercase: true), Inputs = PythonJson.Spaced(inputs), Outputs = "{}", Source = Text(record["source"]) }) with
        {
            Outputs = record.ContainsKey("outputs") ? Text(record["outputs"]) : known is null ? "{}" : known.Outputs,
            Expectations = EvaluationJson.Merge(known?.Expectations, record["expectations"]),
            Tags = EvaluationJson.Merge(known?.Tags, record["tags"]),
        };

    private static string? Text(JsonNode? node) => node is null ? null : PythonJson.Spaced(node);

    private static JsonObject Json(QuestionSet set, Question question)
    {
        var json = new JsonObject { ["dataset_record_id"] = question.Uid, ["dataset_id"] = set.Uid, ["inputs"] = JsonNode.Parse(question.Inputs) };
        Add(json, "expectations", question.Expectations);
        Add(json, "tags", question.Tags);
        Add(json, "source", question.Source);
        if (json["source"] is JsonObject source && source["source_type"] is { } type)
        {
            json["source_type"] = type.DeepClone();
        }

        json["created_time"] = question.CreatedMs;
        json["last_update_time"] = question.UpdatedMs;
        if (question.CreatedBy is { } creator)
        {
            json["created_by"] = creator;
        }

        if (question.UpdatedBy is { } editor)
        {
            json["last_updated_by"] = editor;
        }

        Add(json, "outputs", question.Outputs);
        return json;
    }

    private static void Add(JsonObject json, string name, string? text)
    {
        if (text is not null)
        {
            json[name] = JsonNode.Parse(text);
        }
    }
}
