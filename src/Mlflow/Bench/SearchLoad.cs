using System.Globalization;

namespace Squero.Mlflow;

/// <summary>A search with a condition on a metric and one on a param, ordered by the metric, over more and more runs.</summary>
internal static class SearchLoad
{
    private const int Connections = 32;
    private const int Rounds = 30;
    private static readonly (int Runs, string Name)[] Sizes = [(10_000, "10k"), (100_000, "100k"), (1_000_000, "1m")];

    public static async Task RunAsync(LoadTarget target, TrackingFigures figures)
    {
        foreach (var (runs, name) in Sizes.Where(size => size.Runs <= (figures.Settings.IsFull ? int.MaxValue : 10_000)))
        {
            await MeasureAsync(target, figures, runs, name);
        }
    }

    private static async Task MeasureAsync(LoadTarget target, TrackingFigures figures, int count, string name)
    {
        var experiment = await CreateExperimentAsync(target);
        if (count > 10_000)
        {
            figures.Tell(string.Create(CultureInfo.InvariantCulture, $"creating {count:N0} runs"));
        }

        await FillAsync(target, experiment, count);

        // Opened now: a server closes connections on which nothing was asked for minutes.
        using var connection = await target.ConnectAsync();
        var request = target.Post("runs/search");
        request.Add($$"""{"experiment_ids":["{{experiment}}"],"filter":"metrics.m1 > 0.5 and params.p1 = 'x'","order_by":["metrics.m1 DESC"],"max_results":100}""");
        var bytes = request.Finish();
        var rate = await LoadRate.RepeatAsync(Rounds, async () => LoadTarget.Expect(connection, await connection.ExchangeAsync(bytes, target.Cancel)));
        figures.Note($"search_{name}_ms", rate.MedianMs);
        figures.Note($"search_{name}_p95_ms", rate.P95Ms);
    }

    private static async Task<string> CreateExperimentAsync(LoadTarget target)
    {
        using var connection = await target.ConnectAsync();
        return await target.CreateExperimentAsync(connection);
    }

    private static async Task FillAsync(LoadTarget target, string experiment, int count)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            using var lane = await target.ConnectAsync();
            for (var index = Interlocked.Increment(ref next); index < count; index = Interlocked.Increment(ref next))
            {
                var run = await target.CreateRunAsync(lane, experiment);
                var value = (double)(index * 7919L % count) / count;
                await target.CallAsync(
                    lane,
                    "runs/log-batch",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $$"""{"run_id":"{{run}}","params":[{"key":"p1","value":"{{(index % 2 == 0 ? "x" : "y")}}"}],"metrics":[{"key":"m1","value":{{value}},"timestamp":1,"step":0}]}"""));
            }
        }));
    }
}
