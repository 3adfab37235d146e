using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Squero.Journeys;

/// <summary>Candidates of the bed's project, logged over the protocol as a training would.</summary>
public sealed class TrackedBed(ReviewBed bed) : IDisposable
{
    private const string Root = "/api/v4/projects/ada%2Freports/ml/mlflow/api/2.0/mlflow";
    private readonly HttpClient http = bed.Client();

    public Task<JsonElement> CreateExperimentAsync(string name) => CallAsync("experiments/create", new { name });

    public async Task<string> StartAsync(string experiment, string name, long startedMs, params (string Key, string Value)[] tags)
    {
        var answer = await CallAsync("runs/create", new
        {
            experiment_id = experiment,
            start_time = startedMs,
            tags = tags.Append(("mlflow.runName", name)).Select(tag => new { key = tag.Item1, value = tag.Item2 }),
        });
        return answer.GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!;
    }

    public Task LogAsync(string run, IEnumerable<(string Key, string Value)> texts, IEnumerable<(string Key, double Value, long Step)> points) =>
        CallAsync("runs/log-batch", new
        {
            run_id = run,
            @params = texts.Select(text => new { key = text.Key, value = text.Value }),
            metrics = points.Select(point => new { key = point.Key, value = point.Value, timestamp = 1_700_000_000_000 + (point.Step * 1000), step = point.Step }),
        });

    public Task FinishAsync(string run) => CallAsync("runs/update", new { run_id = run, status = "FINISHED", end_time = 1_700_000_900_000 });

    public async Task PutAsync(string experiment, string run, string path, byte[] content)
    {
        using var answer = await http.PutAsync(
            $"/api/v4/projects/ada%2Freports/ml/mlflow/api/2.0/mlflow-artifacts/artifacts/{experiment}/{run}/artifacts/{path}", new ByteArrayContent(content));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Forests of two depths and two rates, each with some seeds; the deeper and the faster are better.</summary>
    public async Task<IReadOnlyList<string>> ForestsAsync(string experiment, int seeds)
    {
        var runs = new List<string>();
        foreach (var (depth, rate, seed) in from depth in new[] { 4, 8 } from rate in new[] { "0.01", "0.1" } from seed in Enumerable.Range(0, seeds) select (depth, rate, seed))
        {
            var run = await StartAsync(experiment, string.Create(CultureInfo.InvariantCulture, $"forest {depth}"), 1_700_000_000_000 + (runs.Count * 1000));
            var best = 0.8 + (depth * 0.01) + (rate == "0.1" ? 0.02 : 0) + (seed * 0.001);
            var points = Enumerable.Range(0, 100).SelectMany(step => new (string, double, long)[] { ("auc", best * (1 - Math.Exp(-(step + 1) / 20.0)), step), ("loss", Math.Exp(-step / 30.0) + (seed * 0.01), step) });
            await LogAsync(run, [("depth", $"{depth}"), ("rate", rate), ("seed", $"{seed}"), ("model", "forest")], points);
            await FinishAsync(run);
            runs.Add(run);
        }

        return runs;
    }

    public void Dispose() => http.Dispose();

    public async Task<JsonElement> CallAsync(string path, object body)
    {
        using var answer = await http.PostAsJsonAsync($"{Root}/{path}", body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {text}");
        return JsonDocument.Parse(text).RootElement.Clone();
    }
}
