using System.Globalization;
using System.Text.Json;

namespace Squero.Verdicts;

/// <summary>
/// <c>squero verdict FILE</c>: compares the means of candidates with a baseline, given as
/// <c>{"metric", "direction"?, "baseline": […], "candidates": [{"name", "values": […]}]}</c>.
/// </summary>
public static class VerdictCommands
{
    /// <summary>Returns the exit code: 0, or 2 when the text cannot be understood.</summary>
    public static int Run(string jsonText, bool json, TextWriter output)
    {
        try
        {
            using var document = JsonDocument.Parse(jsonText);
            var question = Question.Read(document.RootElement);
            Write(question, json, output);
            return 0;
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            output.WriteLine($"This is no comparison: {error.Message}");
            output.WriteLine("""Expected: {"metric": "auc", "direction": "higher", "baseline": [0.81], "candidates": [{"name": "c-1", "values": [0.83]}]}""");
            return 2;
        }
    }

    private static void Write(Question question, bool json, TextWriter output)
    {
        var baseline = question.Baseline.Average();
        var rows = question.Candidates
            .Select(candidate => (candidate.Name, Mean: candidate.Values.Average(), Comparison: Comparison.Between(candidate.Values.Average(), baseline, question.Direction)))
            .ToList();
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(new
            {
                metric = question.Metric,
                direction = question.Direction.ToWord(),
                baseline,
                note = Comparison.Caveat,
                candidates = rows.Select(row => new { name = row.Name, mean = row.Mean, difference = row.Comparison.Difference, standing = Word(row.Comparison.Standing) }),
            }));
            return;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{question.Metric} ({question.Direction.ToWord()} is better), baseline {baseline:G6} ({Comparison.Caveat})"));
        foreach (var (name, mean, comparison) in rows)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name}: {mean:G6}, {Word(comparison.Standing)} ({comparison.Difference:+0.######;-0.######;0})"));
        }
    }

    private static string Word(Standing standing) => standing.ToString().ToLowerInvariant();

    private sealed record Question(string Metric, MetricDirection Direction, IReadOnlyList<double> Baseline, IReadOnlyList<(string Name, IReadOnlyList<double> Values)> Candidates)
    {
        public static Question Read(JsonElement root)
        {
            var metric = root.GetProperty("metric").GetString() ?? throw new FormatException("`metric` is missing.");
            var direction = root.TryGetProperty("direction", out var word)
                ? MetricDirections.Parse(word.GetString() ?? "") ?? throw new FormatException($"`direction` is `{word}`; say higher or lower.")
                : MetricDirections.Guess(metric);
            return new Question(
                metric,
                direction,
                Numbers(root.GetProperty("baseline"), "baseline"),
                [.. root.GetProperty("candidates").EnumerateArray().Select(entry => (entry.GetProperty("name").GetString() ?? "", Numbers(entry.GetProperty("values"), "values")))]);
        }

        private static IReadOnlyList<double> Numbers(JsonElement list, string name)
        {
            var numbers = list.EnumerateArray().Select(value => value.GetDouble()).ToList();
            return numbers.Count > 0 ? numbers : throw new FormatException($"`{name}` is empty.");
        }
    }
}
