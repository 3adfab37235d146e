using System.Text.Json;

namespace Squero.Mlflow;

/// <summary>Many writers at once: no request may fail and no point may be lost.</summary>
internal static class WriterLoad
{
    private const int Writers = 64;

    public static async Task RunAsync(LoadTarget target, TrackingFigures figures)
    {
        var batches = figures.Settings.IsFull ? 1000 : 20;
        await using var writers = await BatchWriters.OpenAsync(target, Writers);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async lane =>
        {
            for (var batch = 0; batch < batches; batch++)
            {
                await writers.WriteAsync(lane, batch);
            }
        }));
        var expected = (long)batches * BatchLoad.Metrics / 10;
        using var connection = await target.ConnectAsync();
        var lost = 0L;
        foreach (var run in writers.Runs)
        {
            lost += expected - await CountAsync(target, connection, run);
        }

        figures.Note("writers_batches_each", batches);
        figures.Note("writers_lost_points", lost);
    }

    /// <summary>Points of one of the series, page by page.</summary>
    private static async Task<long> CountAsync(LoadTarget target, LoadConnection connection, string run)
    {
        var count = 0L;
        for (var token = ""; ;)
        {
            var page = target.GetCall($"metrics/get-history?run_id={run}&metric_key=m3&max_results=25000{(token.Length > 0 ? "&page_token=" + Uri.EscapeDataString(token) : "")}");
            LoadTarget.Expect(connection, await connection.ExchangeAsync(page, target.Cancel));
            using var answer = JsonDocument.Parse(connection.Body);
            count += answer.RootElement.TryGetProperty("metrics", out var metrics) ? metrics.GetArrayLength() : 0;
            if (!answer.RootElement.TryGetProperty("next_page_token", out var next) || next.GetString() is not { Length: > 0 } more)
            {
                return count;
            }

            token = more;
        }
    }
}
