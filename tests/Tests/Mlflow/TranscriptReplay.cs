using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Squero.Tests.Mlflow;

/// <summary>One exchange said again: what our answer has otherwise than the recorded one; nothing when it is the same.</summary>
internal sealed record ReplayedExchange(int Number, string ClientCall, string Method, string Path, IReadOnlyList<string> Differences);

/// <summary>
/// Sends the requests of a recorded transcript to our server and compares the answers: status, error code, beginning of the
/// message, and every value that is not an id, a time or a name that the server made up. An id that an answer introduced
/// stands for our own from then on.
/// </summary>
internal sealed partial class TranscriptReplay(HttpClient http, string root)
{
    private static readonly HashSet<string> Volatile =
        ["creation_time", "last_update_time", "creation_timestamp", "last_updated_timestamp", "creation_timestamp_ms", "last_updated_timestamp_ms", "next_page_token", "created_time", "dataset_record_id"];

    // JSON that travels in texts, in no certain order.
    private static readonly HashSet<string> JsonInTexts = ["tags", "schema", "profile", "records"];

    private readonly Dictionary<string, string> runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> experiments = new(StringComparer.Ordinal) { ["0"] = "0" };

    /// <summary>Wherever the recording has the one text, the other is said.</summary>
    public void Map(string theirs, string ours) => runs[theirs] = ours;

    public async Task<IReadOnlyList<ReplayedExchange>> RunAsync(string file)
    {
        var found = new List<ReplayedExchange>();
        var number = -1;
        foreach (var line in await File.ReadAllLinesAsync(file))
        {
            number++;
            var exchange = JsonNode.Parse(line)!;
            var request = exchange["request"]!;
            var (status, body) = await SendAsync(request);
            found.Add(new ReplayedExchange(
                number,
                (string?)exchange["client_call"] ?? "",
                (string)request["method"]!,
                (string)request["path"]!,
                Compare(request, exchange["response"]!, status, body)));
        }

        return found;
    }

    private async Task<(int Status, string Body)> SendAsync(JsonNode recorded)
    {
        var query = string.Join('&', recorded["query"]!.AsArray().Select(pair => $"{pair![0]}={Uri.EscapeDataString(QueryValue((string)pair[0]!, (string)pair[1]!))}"));
        var path = ExperimentInPath().Replace(Runs((string)recorded["path"]!), match => match.Groups[1].Value + Experiment(match.Groups[2].Value) + "/");
        var url = new Uri(root + path + (query.Length > 0 ? "?" + query : ""), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(new HttpMethod((string)recorded["method"]!), url);
        var content = Content(recorded["body"], path.Contains("/mlflow/", StringComparison.Ordinal));
        if (content.Length > 0 || request.Method == HttpMethod.Put || request.Method == HttpMethod.Post)
        {
            request.Content = new ByteArrayContent(content);
            if (recorded["headers"]!["content-type"] is { } type)
            {
                request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse((string)type!);
            }
        }

        if (recorded["headers"]!["x-mlflow-experiment-id"] is { } experiment)
        {
            request.Headers.Add("x-mlflow-experiment-id", Experiment((string)experiment!));
        }

        if (recorded["headers"]!["content-encoding"] is { } encoding)
        {
            request.Content?.Headers.ContentEncoding.Add((string)encoding!);
        }

        using var answer = await http.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private byte[] Content(JsonNode? body, bool isCall)
    {
        if (body is JsonObject binary)
        {
            // Of a large file the beginning is recorded, and how long it was.
            var content = Convert.FromBase64String((string)(binary["base64"] ?? binary["base64_prefix"])!);
            Array.Resize(ref content, (int)binary["length"]!);
            return content;
        }

        var text = Runs((string?)body ?? "");
        if (!isCall)
        {
            return Encoding.UTF8.GetBytes(text);
        }

        try
        {
            if (JsonNode.Parse(text) is JsonObject fields)
            {
                MapExperiments(fields);
                return Encoding.UTF8.GetBytes(fields.ToJsonString());
            }
        }
        catch (JsonException)
        {
            // Broken on purpose: it is sent as it is.
        }

        return Encoding.UTF8.GetBytes(text);
    }

    private void MapExperiments(JsonObject fields)
    {
        if (fields["experiment_id"] is JsonValue id && id.TryGetValue<string>(out var experiment))
        {
            fields["experiment_id"] = Experiment(experiment);
        }

        if (fields["page_token"] is JsonValue token)
        {
            fields["page_token"] = tokens.GetValueOrDefault((string)token!, (string)token!);
        }

        if (fields["source"] is JsonValue source)
        {
            fields["source"] = Ids((string)source!);
        }

        if (fields["experiment_ids"] is JsonArray ids)
        {
            fields["experiment_ids"] = new JsonArray([.. ids.Select(entry => entry is JsonValue value && value.TryGetValue<string>(out var text) ? JsonValue.Create(Experiment(text)) : entry!.DeepClone())]);
        }

        foreach (var inner in fields.Select(field => field.Value).SelectMany(value => value is JsonArray list ? list.OfType<JsonObject>() : value is JsonObject one ? [one] : []).ToList())
        {
            MapExperiments(inner);
        }
    }

    private List<string> Compare(JsonNode request, JsonNode recorded, int status, string body)
    {
        var differences = new List<string>();
        var expected = (int)recorded["status"]!;
        if (status != expected && !(expected >= 500 && status is >= 400 and < 500))
        {
            return [$"answered {status}, recorded {expected}: {Short(body)}"];
        }

        if (recorded["body"] is not JsonValue text || !text.TryGetValue<string>(out var old) || !old.StartsWith('{') || expected >= 500 || old.Contains(":NaN", StringComparison.Ordinal))
        {
            return differences;
        }

        if (status == 200 && body.Length == 0 && old == """{"partialSuccess":null}""")
        {
            // An empty message, which that JSON under another content type stands for.
            return differences;
        }

        var theirs = JsonNode.Parse(old)!;
        var ours = JsonNode.Parse(body)!;
        if (expected != 200)
        {
            CompareError(theirs, ours, differences);
            return differences;
        }

        if ((string)request["method"]! == "POST" && (((string)request["path"]!).EndsWith("/create", StringComparison.Ordinal) || ((string)request["path"]!).EndsWith("/logged-models", StringComparison.Ordinal)))
        {
            Learn(theirs, ours);
        }

        LearnYounger(theirs, ours);
        if (theirs["next_page_token"] is { } token && ours["next_page_token"] is { } own)
        {
            tokens[(string)token!] = (string)own!;
        }

        if (theirs["experiments"] is JsonArray list)
        {
            // The recording server had experiments of other scenarios too.
            theirs["experiments"] = new JsonArray([.. list.Where(entry => experiments.ContainsKey((string)entry!["experiment_id"]!)).Select(entry => entry!.DeepClone())]);
        }

        Same("", theirs, ours, differences);
        return differences;
    }

    private void Learn(JsonNode theirs, JsonNode ours)
    {
        if (theirs["experiment_id"] is { } experiment)
        {
            experiments[(string)experiment!] = (string)ours["experiment_id"]!;
        }

        if (theirs["run"]?["info"] is { } info)
        {
            runs[(string)info["run_id"]!] = (string)ours["run"]!["info"]!["run_id"]!;
            runs[(string)info["run_name"]!] = (string)ours["run"]!["info"]!["run_name"]!;
        }

        if (theirs["model"]?["info"] is { } model)
        {
            runs[(string)model["model_id"]!] = (string)ours["model"]!["info"]!["model_id"]!;
            runs[(string)model["name"]!] = (string)ours["model"]!["info"]!["name"]!;
        }
    }

    private void LearnYounger(JsonNode theirs, JsonNode ours)
    {
        if (theirs["assessment"]?["assessment_id"] is { } assessment)
        {
            runs[(string)assessment!] = (string)ours["assessment"]!["assessment_id"]!;
        }

        if (theirs["webhook"]?["webhook_id"] is { } hook)
        {
            runs[(string)hook!] = (string)ours["webhook"]!["webhook_id"]!;
        }

        if (theirs["scorer_id"] is { } scorer)
        {
            runs[(string)scorer!] = (string)ours["scorer_id"]!;
        }

        if (theirs["dataset"]?["dataset_id"] is { } dataset)
        {
            runs[(string)dataset!] = (string)ours["dataset"]!["dataset_id"]!;
        }

        if (theirs["trace_info"]?["request_id"] is { } trace)
        {
            runs[(string)trace!] = (string)ours["trace_info"]!["request_id"]!;
        }
    }

    private void CompareError(JsonNode theirs, JsonNode ours, List<string> differences)
    {
        if (theirs["detail"] is not null && ours["detail"] is not null)
        {
            return;
        }

        if ((string?)theirs["error_code"] != (string?)ours["error_code"])
        {
            differences.Add($"error code {ours["error_code"]}, recorded {theirs["error_code"]}");
        }

        var message = Tail().Replace(Ids((string?)theirs["message"] ?? ""), "");
        if (!((string?)ours["message"] ?? "").StartsWith(message, StringComparison.Ordinal))
        {
            differences.Add($"message `{ours["message"]}`, recorded `{message}`");
        }
    }

    private void Same(string path, JsonNode? theirs, JsonNode? ours, List<string> differences)
    {
        switch (theirs, ours)
        {
            case (JsonObject left, JsonObject right):
                foreach (var name in left.Select(entry => entry.Key).Union(right.Select(entry => entry.Key)).Where(name => !Volatile.Contains(name)))
                {
                    Same($"{path}.{name}", left[name], right[name], differences);
                }

                break;
            case (JsonArray left, JsonArray right) when left.Count == right.Count:
                var keyed = left.Count > 0 && left.All(entry => entry is JsonObject fields && fields.ContainsKey("key")) && !path.StartsWith(".metrics", StringComparison.Ordinal);
                var linked = path.EndsWith(".model_outputs", StringComparison.Ordinal);
                var (first, second) = linked ? (ByModel(left), ByModel(right))
                    : keyed ? (Sorted(left), Sorted(right)) : ([.. left], [.. right]);
                for (var index = 0; index < first.Length; index++)
                {
                    Same(string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), first[index], second[index], differences);
                }

                break;
            case (JsonValue left, JsonValue right) when JsonInTexts.Contains(path[(path.LastIndexOf('.') + 1)..]) && left.TryGetValue<string>(out var text) && text is ['{' or '[', ..] && right.TryGetValue<string>(out var own):
                Same(path, ByInputs(JsonNode.Parse(text)), ByInputs(JsonNode.Parse(own)), differences);
                break;
            default:
                if (!Equal(path, theirs, ours))
                {
                    differences.Add($"{path} is {Short(ours?.ToJsonString() ?? "absent")}, recorded {Short(theirs?.ToJsonString() ?? "absent")}");
                }

                break;
        }
    }

    private bool Equal(string path, JsonNode? theirs, JsonNode? ours)
    {
        if (path.EndsWith(".start_time", StringComparison.Ordinal) && theirs?.ToJsonString() == "0")
        {
            return true;
        }

        if (path is ".dataset.digest" || (path.StartsWith(".datasets[", StringComparison.Ordinal) && path.EndsWith("].digest", StringComparison.Ordinal)))
        {
            // Made of the moment of the last change.
            return ours?.ToJsonString().Length == theirs?.ToJsonString().Length;
        }

        if (theirs is JsonValue left && ours is JsonValue right)
        {
            if (left.TryGetValue<string>(out var text) && right.TryGetValue<string>(out var own))
            {
                return path.EndsWith("experiment_id", StringComparison.Ordinal) || path.Contains(".experiment_ids[", StringComparison.Ordinal) ? Experiment(text) == own : Ids(text) == own;
            }

            if (path.EndsWith("experiment_id", StringComparison.Ordinal))
            {
                return Experiment(left.ToJsonString()) == right.ToJsonString();
            }

            if (left.GetValueKind() == JsonValueKind.Number && right.GetValueKind() == JsonValueKind.Number)
            {
                return left.GetValue<JsonElement>().GetDouble().Equals(right.GetValue<JsonElement>().GetDouble());
            }
        }

        return theirs?.ToJsonString() == ours?.ToJsonString();
    }

    private static JsonNode?[] Sorted(JsonArray entries) => [.. entries.OrderBy(entry => (string?)entry!["key"], StringComparer.Ordinal)];

    /// <summary>The recording server puts links to models in the order of their ids, which are random.</summary>
    private JsonNode?[] ByModel(JsonArray links) => [.. links.OrderBy(link => Runs((string)link!["model_id"]!), StringComparer.Ordinal)];

    /// <summary>Records of one moment stand in the order of their ids, which are random.</summary>
    private static JsonNode? ByInputs(JsonNode? node) =>
        node is JsonArray records ? new JsonArray([.. records.OrderBy(record => record?["inputs"]?.ToJsonString(), StringComparer.Ordinal).Select(record => record?.DeepClone())]) : node;

    private string QueryValue(string name, string value) =>
        name is "experiment_id" or "experiment_ids" ? Experiment(value)
        : name == "path" ? Runs(ExperimentAtStart().Replace(value, match => Experiment(match.Groups[1].Value) + "/"))
        : Runs(value);

    /// <summary>Runs, and the experiments in addresses of artifacts.</summary>
    private string Ids(string text) =>
        Location().Replace(Runs(text), match => match.Groups[1].Value + Experiment(match.Groups[2].Value));

    private string Runs(string text)
    {
        foreach (var (theirs, ours) in runs)
        {
            text = text.Replace(theirs, ours, StringComparison.Ordinal);
        }

        return text;
    }

    private string Experiment(string id) => experiments.GetValueOrDefault(id, id);

    private static string Short(string text) => text.Length > 300 ? text[..300] : text;

    [GeneratedRegex("(mlflow-artifacts:/|[Ee]xperiment |with id[ =])([0-9]+)")]
    private static partial Regex Location();

    [GeneratedRegex("(mlflow-artifacts/(?:artifacts|mpu/[a-z]+)/)([0-9]+)/")]
    private static partial Regex ExperimentInPath();

    [GeneratedRegex("^([0-9]+)/")]
    private static partial Regex ExperimentAtStart();

    // The part of a filter at fault, sets in no order, and texts of the recording server's database.
    [GeneratedRegex(@"((?<=Invalid clause\(s\) in filter string: )|'?\{'| Error: |\(sqlite3|\(raised|'\{).*$", RegexOptions.Singleline)]
    private static partial Regex Tail();
}
