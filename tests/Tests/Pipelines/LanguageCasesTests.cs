using System.Text.Json;
using System.Text.Json.Nodes;
using Squero.Pipelines;

namespace Squero.Tests.Pipelines;

/// <summary>Each folder of tests/Data/ci-cases is a row: a file, an event, and what must come out.</summary>
public sealed class LanguageCasesTests
{
    public static TheoryData<string> Cases() =>
        new(Directory.GetDirectories(TestData.Path("ci-cases")).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_file_and_an_event_make_the_expected_pipeline(string name)
    {
        var folder = TestData.Path(Path.Combine("ci-cases", name));
        var expected = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "expected.json")))!.AsObject();
        using var output = new StringWriter();

        CiCommands.Check(
            File.ReadAllText(Path.Combine(folder, ".gitlab-ci.yml")), ".gitlab-ci.yml",
            File.ReadAllText(Path.Combine(folder, "context.json")), json: true, output);

        var actual = JsonNode.Parse(output.ToString())!.AsObject();
        var differences = new List<string>();
        CompareOutcome(expected, actual, differences);
        Assert.True(differences.Count == 0, $"{expected["about"]}\n{string.Join('\n', differences)}\n{(differences.Count > 0 ? actual.ToJsonString() : "")}");
    }

    private static void CompareOutcome(JsonObject expected, JsonObject actual, List<string> differences)
    {
        foreach (var key in new[] { "result", "reason", "name", "stages" }.Where(expected.ContainsKey))
        {
            Same(key, expected[key], actual[key], differences);
        }

        if (expected["error"] is JsonObject error)
        {
            Same("category", error["category"], actual["error"]?["category"], differences);
            var message = actual["error"]?["message"]?.GetValue<string>() ?? "";
            differences.AddRange(error["mentions"]!.AsArray().Select(mention => mention!.GetValue<string>())
                .Where(mention => !message.Contains(mention, StringComparison.Ordinal)).Select(mention => $"`{mention}` is not in: {message}"));
        }

        if (expected["jobs"] is JsonObject jobs)
        {
            CompareJobs(jobs, actual["jobs"]?.AsObject() ?? [], differences);
        }
    }

    private static void CompareJobs(JsonObject expected, JsonObject actual, List<string> differences)
    {
        Same(
            "names of jobs",
            new JsonArray([.. expected.Select(job => job.Key).Order(StringComparer.Ordinal).Select(name => JsonValue.Create(name))]),
            new JsonArray([.. actual.Select(job => job.Key).Order(StringComparer.Ordinal).Select(name => JsonValue.Create(name))]),
            differences);
        foreach (var (job, keys) in expected)
        {
            foreach (var (key, value) in keys!.AsObject())
            {
                CompareKey($"{job}:{key}", key, value, actual[job]?[key], differences);
            }
        }
    }

    private static void CompareKey(string path, string key, JsonNode? expected, JsonNode? actual, List<string> differences)
    {
        switch (key)
        {
            case "variables_expanded":
                foreach (var (name, value) in expected!.AsObject())
                {
                    Same($"{path}:{name}", value, actual?[name], differences);
                }

                break;
            case "needs" when expected is JsonArray wanted && actual is JsonArray got:
                Same(path, Sorted(wanted), Sorted(got), differences);
                break;
            default:
                Same(path, expected, actual, differences);
                break;
        }
    }

    private static JsonArray Sorted(JsonArray needs) =>
        new([.. needs.OrderBy(need => need!["job"]!.GetValue<string>(), StringComparer.Ordinal).Select(need => need!.DeepClone())]);

    private static void Same(string path, JsonNode? expected, JsonNode? actual, List<string> differences)
    {
        if (!JsonNode.DeepEquals(expected, actual))
        {
            differences.Add($"{path}: expected {expected?.ToJsonString() ?? "null"}, got {actual?.ToJsonString() ?? "null"}");
        }
    }
}
