namespace Squero.Mlflow;

/// <summary>Reading a series of a million points: for a chart, and page by page as clients do.</summary>
internal static class HistoryLoad
{
    private const int Batches = 10_000;
    private const int Rounds = 10;

    /// <summary>A server that packs points in the background has done so by then; histories are mostly read long after they were written.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(LoadTarget target, TrackingFigures figures)
    {
        await using var writers = await BatchWriters.OpenAsync(target, 1);
        for (var batch = 0; batch < Batches; batch++)
        {
            await writers.WriteAsync(0, batch);
        }

        await Task.Delay(Rest, target.Cancel);
        using var connection = await target.ConnectAsync();
        async Task<double> MedianAsync(string call)
        {
            var bytes = target.GetCall(call);
            return (await LoadRate.RepeatAsync(Rounds, async () => LoadTarget.Expect(connection, await connection.ExchangeAsync(bytes, target.Cancel)))).MedianMs;
        }

        var run = writers.Runs[0];
        figures.Note("history_1m_downsample_ms", await MedianAsync($"metrics/get-history-bulk-interval?run_ids={run}&metric_key=m1&max_results=320"));
        figures.Note("history_page_25k_ms", await MedianAsync($"metrics/get-history?run_id={run}&metric_key=m1&max_results=25000"));
        figures.Note("history_late_page_25k_ms", await MedianAsync($"metrics/get-history?run_id={run}&metric_key=m1&max_results=25000&page_token={PageToken.Write(900_000)}"));
    }
}
