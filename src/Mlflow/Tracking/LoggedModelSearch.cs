using System.Text.Json;
using System.Text.Json.Nodes;
using Squero.Experiments;
using Squero.Kernel;

namespace Squero.Mlflow;

/// <summary>logged-models/search. Its page tokens hold the whole question: the next page of another one is refused.</summary>
internal static class LoggedModelSearch
{
    private const int NormalResults = 50;
    private const int MaxResults = 1000;

    public static async Task SearchAsync(MlflowCall call)
    {
        var fields = call.Fields;
        var ids = fields.Texts("experiment_ids");
        if (ids.Count == 0)
        {
            throw MlflowError.Missing("experiment_ids");
        }

        var filter = fields.Text("filter") is { Length: > 0 } text ? text : null;
        var orders = fields.Objects("order_by");
        var token = new Token([.. ids], filter, orders.Count == 0 ? null : new JsonArray([.. orders.Select(OrderJson)]));
        var datasets = fields.Objects("datasets").Select(dataset => new MeasuredOn(
            dataset.Text("dataset_name") is { Length: > 0 } name ? name : throw MlflowError.Invalid("`dataset_name` in the `datasets` clause must be specified."),
            dataset.Text("dataset_digest"))).ToList();
        var take = (int)Math.Clamp(fields.Long("max_results") is > 0 and var asked ? asked : NormalResults, 1, MaxResults);
        var skip = token.Read(fields.Text("page_token"));
        var experiments = await RunCalls.ExperimentsAsync(call, ids);
        var found = await FindAsync(call, new CheckpointQuestion([.. experiments.Keys], filter, datasets, [.. orders.Select(Order)], skip, take + 1));
        var page = found.Take(take).ToList();
        var metrics = await call.Get<CheckpointMetrics>().ForAsync([.. page.Select(model => model.Id)], call.Cancel);
        await call.WriteAsync(writer =>
        {
            ExperimentCalls.WriteArray(writer, "models", page, model => LoggedModelJson.Write(writer, model, experiments[model.ExperimentId].Iid, metrics[model.Id]));
            if (found.Count > take)
            {
                writer.WriteString("next_page_token", token.Write(skip + take));
            }
        });
    }

    private static async Task<IReadOnlyList<Checkpoint>> FindAsync(MlflowCall call, CheckpointQuestion question)
    {
        try
        {
            return await call.Get<CheckpointSearch>().FindAsync(question, call.Cancel);
        }
        catch (Refusal refusal) when (refusal.Sentence.StartsWith("Invalid clause(s)", StringComparison.Ordinal))
        {
            throw MlflowError.Invalid(
                $"Invalid filter string: '{question.Filter}'. Expected a list of comparisons separated by 'AND' (e.g. 'metrics.loss > 0.1 AND params.lr = 0.01').");
        }
    }

    private static CheckpointOrder Order(Fields order) =>
        new(order.Required("field_name"), order.Has("ascending") && !order.Flag("ascending"), order.Text("dataset_name"), order.Text("dataset_digest"));

    private static JsonObject OrderJson(Fields order) =>
        new()
        {
            ["field_name"] = order.Text("field_name"),
            ["ascending"] = !order.Has("ascending") || order.Flag("ascending"),
            ["dataset_name"] = order.Text("dataset_name"),
            ["dataset_digest"] = order.Text("dataset_digest"),
        };

    private sealed record Token(string[] ExperimentIds, string? Filter, JsonArray? Order)
    {
        public string Write(long offset) =>
            Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new JsonObject
            {
                ["experiment_ids"] = new JsonArray([.. ExperimentIds.Select(id => JsonValue.Create(id))]),
                ["filter_string"] = Filter,
                ["order_by"] = Order?.DeepClone(),
                ["offset"] = offset,
            }));

        /// <summary>The offset in a token of the same question.</summary>
        public long Read(string? token)
        {
            if (string.IsNullOrEmpty(token))
            {
                return 0;
            }

            var read = Parse(token);
            Check("Experiment IDs in the page token do not match the requested experiment IDs.", List(ExperimentIds), List((read["experiment_ids"] as JsonArray ?? []).Select(id => id?.ToString() ?? "")));
            Check("Filter string in the page token does not match the requested filter string.", Filter ?? "None", read["filter_string"]?.ToString() ?? "None");
            Check("Order by in the page token does not match the requested order by.", Order?.ToJsonString() ?? "None", read["order_by"]?.ToJsonString() ?? "None");
            return read["offset"] is JsonValue number && number.TryGetValue<long>(out var offset) && offset >= 0 ? offset : throw Unreadable();
        }

        private static JsonObject Parse(string token)
        {
            try
            {
                var json = Convert.FromBase64String(token);
                JsonTexts.Check(json);
                return JsonNode.Parse(json) as JsonObject ?? throw Unreadable();
            }
            catch (Exception error) when (error is FormatException or JsonException)
            {
                throw Unreadable();
            }
        }

        private static MlflowError Unreadable() => MlflowError.Invalid("Invalid page token, could not base64-decode");

        private static string List(IEnumerable<string> ids) => $"[{string.Join(", ", ids.Select(id => $"'{id}'"))}]";

        private static void Check(string sentence, string expected, string found)
        {
            if (expected != found)
            {
                throw MlflowError.Invalid($"{sentence} Expected: {expected}. Found: {found}");
            }
        }
    }
}
