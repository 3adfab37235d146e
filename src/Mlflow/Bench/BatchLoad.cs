namespace Squero.Mlflow;

/// <summary>Batches of a thousand metrics: ten series, a hundred steps each.</summary>
internal static class BatchLoad
{
    public const int Metrics = 1000;
    private const int Series = 10;
    private const int Connections = 8;

    public static async Task RunAsync(LoadTarget target, TrackingFigures figures)
    {
        await using var writers = await BatchWriters.OpenAsync(target, Connections);
        var (server, client) = (TimeSpan.Zero, TimeSpan.Zero);
        var rate = await LoadRate.MeasureAsync(Connections, figures.Settings.Each, writers.WriteAsync, begins =>
        {
            server += figures.ServerTime() * (begins ? -1 : 1);
            client += Environment.CpuUsage.TotalTime * (begins ? -1 : 1);
        });
        figures.Note("log_batch_metrics_per_s", rate.PerSecond * Metrics);
        figures.Note("log_batch_p99_ms", rate.P99Ms);
        figures.Note("log_batch_cpu_us", server.TotalMicroseconds / rate.Count);
        figures.Note("log_batch_client_cpu_us", client.TotalMicroseconds / rate.Count);
    }

    public static void Write(LoadRequest request, string run, int index)
    {
        request.Clear();
        request.Add("{\"run_id\":\""u8);
        request.Add(run);
        request.Add("\",\"metrics\":["u8);
        for (var metric = 0; metric < Metrics; metric++)
        {
            var step = ((long)index * (Metrics / Series)) + (metric / Series);
            request.Add(metric == 0 ? "{\"key\":\"m"u8 : ",{\"key\":\"m"u8);
            request.Add(metric % Series);
            request.Add("\",\"value\":"u8);
            request.Add(1.0 / (step + 1));
            request.Add(",\"timestamp\":"u8);
            request.Add(1_700_000_000_000 + step);
            request.Add(",\"step\":"u8);
            request.Add(step);
            request.Add("}"u8);
        }

        request.Add("]}"u8);
    }
}

/// <summary>Connections that log batches, each to a run of its own.</summary>
internal sealed class BatchWriters : IAsyncDisposable
{
    private readonly LoadTarget target;
    private readonly LoadConnection[] lanes;
    private readonly LoadRequest[] requests;
    private readonly string[] runs;

    private BatchWriters(LoadTarget target, LoadConnection[] lanes, string[] runs)
    {
        (this.target, this.lanes, this.runs) = (target, lanes, runs);
        requests = [.. lanes.Select(_ => target.Post("runs/log-batch"))];
    }

    public IReadOnlyList<string> Runs => runs;

    public static async Task<BatchWriters> OpenAsync(LoadTarget target, int connections)
    {
        var lanes = await target.ConnectAsync(connections);
        var experiment = await target.CreateExperimentAsync(lanes[0]);
        return new BatchWriters(target, lanes, await Task.WhenAll(lanes.Select(lane => target.CreateRunAsync(lane, experiment))));
    }

    /// <summary>To runs that are there already, one a connection.</summary>
    public static async Task<BatchWriters> OpenAsync(LoadTarget target, IReadOnlyList<string> runs) => new(target, await target.ConnectAsync(runs.Count), [.. runs]);

    /// <summary>The batch with this number; numbers follow each other in steps.</summary>
    public async ValueTask WriteAsync(int lane, int index)
    {
        BatchLoad.Write(requests[lane], runs[lane], index);
        LoadTarget.Expect(lanes[lane], await lanes[lane].ExchangeAsync(requests[lane].Finish(), target.Cancel));
    }

    public ValueTask DisposeAsync()
    {
        Array.ForEach(lanes, lane => lane.Dispose());
        return ValueTask.CompletedTask;
    }
}
