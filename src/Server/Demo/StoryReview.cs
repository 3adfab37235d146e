using System.Text.Json;

namespace Squero.Server;

/// <summary>What the two people say to each other on the merge request.</summary>
internal sealed class StoryReview(StoryClient author, StoryClient reviewer, long mergeRequest)
{
    private const string Notebook = "analysis.ipynb";
    private readonly string path = $"/api/v4/projects/{DemoStory.ProjectId}/merge_requests/{mergeRequest}";

    /// <summary>Says what has not been said yet.</summary>
    public async Task TalkAsync(string notebook, CancellationToken cancel)
    {
        var refs = (await reviewer.GetAsync(path, cancel)).GetProperty("diff_refs");
        var lines = notebook.Split('\n');
        var doubt = await StartAsync(
            refs,
            LineOf(lines, "VARIANT = \\\"crossed\\\"", 0),
            "Five more weights on 516 customers. How do we know that this is not just memory?",
            cancel);
        await AnswerAsync(
            doubt,
            "The val_auc column is new for that: 129 customers the fit never sees, and it climbs from 0.887 to 0.894. The pipeline judges on 215 others.",
            cancel);
        var gain = await StartAsync(
            refs,
            LineOf(lines, "\"image/png\"", LineOf(lines, "\"id\": \"roc\"", 0)),
            "Here is the gain: at 20 % false alarms we now find 86 % of the leavers, before 67 %. That is where the call centre works.",
            cancel);
        await AnswerAsync(gain, "Yes. I would not read more into it: 49 leavers, so one of them is 2 %.", cancel);
    }

    /// <summary>The finished candidate of the merge request with the highest auc.</summary>
    public static (long Id, string Label, double Auc) BestOf(JsonElement report)
    {
        var best = report.GetProperty("candidates").EnumerateArray()
            .Where(candidate => candidate.GetProperty("status").GetString() == "finished")
            .Select(candidate => (Candidate: candidate, Auc: candidate.GetProperty("metrics").TryGetProperty("auc", out var auc) ? auc.GetDouble() : double.NaN))
            .Where(pair => double.IsFinite(pair.Auc))
            .OrderByDescending(pair => pair.Auc)
            .FirstOrDefault();
        return best.Candidate.ValueKind == JsonValueKind.Object
            ? (best.Candidate.GetProperty("id").GetInt64(), best.Candidate.GetProperty("name").GetString() ?? "", best.Auc)
            : throw new StoryFailed("The merge request has no finished candidate with the metric auc.");
    }

    private async Task<JsonElement> StartAsync(JsonElement refs, int line, string body, CancellationToken cancel)
    {
        if (await FindAsync(body, cancel) is { } said)
        {
            return said;
        }

        var position = new
        {
            position_type = "text",
            base_sha = refs.GetProperty("base_sha").GetString(),
            start_sha = refs.GetProperty("start_sha").GetString(),
            head_sha = refs.GetProperty("head_sha").GetString(),
            old_path = Notebook,
            new_path = Notebook,
            new_line = line,
        };
        return await reviewer.PostAsync($"{path}/discussions", new { body, position }, cancel);
    }

    private async Task AnswerAsync(JsonElement thread, string body, CancellationToken cancel)
    {
        var address = $"{path}/discussions/{thread.GetProperty("id").GetString()}";
        if (thread.GetProperty("notes").GetArrayLength() == 1)
        {
            await author.PostAsync($"{address}/notes", new { body }, cancel);
        }

        await author.PutAsync($"{address}?resolved=true", new { }, cancel);
    }

    /// <summary>The thread that begins with these words; null when there is none.</summary>
    private async Task<JsonElement?> FindAsync(string words, CancellationToken cancel)
    {
        foreach (var thread in (await author.GetAsync($"{path}/discussions?per_page=100", cancel)).EnumerateArray())
        {
            if (thread.GetProperty("notes")[0].GetProperty("body").GetString() == words)
            {
                return thread;
            }
        }

        return null;
    }

    /// <summary>The number of the first raw line at or after another that holds a text, counted from one as positions are.</summary>
    private static int LineOf(string[] lines, string text, int from)
    {
        var index = Array.FindIndex(lines, from, line => line.Contains(text, StringComparison.Ordinal));
        return index >= 0 ? index + 1 : throw new StoryFailed($"The notebook has no line with {text}.");
    }
}
