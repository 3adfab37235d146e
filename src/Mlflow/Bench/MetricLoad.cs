namespace Squero.Mlflow;

/// <summary>One metric a request, each to a run of its own: what training code does that logs at every step.</summary>
internal static class MetricLoad
{
    private const int Connections = 32;

    public static async Task RunAsync(LoadTarget target, TrackingFigures figures)
    {
        var lanes = await target.ConnectAsync(Connections);
        var experiment = await target.CreateExperimentAsync(lanes[0]);
        var requests = new (LoadRequest Request, string Run)[Connections];
        for (var lane = 0; lane < Connections; lane++)
        {
            requests[lane] = (target.Post("runs/log-metric"), await target.CreateRunAsync(lanes[lane], experiment));
        }

        TimeSpan? used = null;
        var rate = await LoadRate.MeasureAsync(Connections, figures.Settings.Each, async (lane, index) =>
        {
            var (request, run) = requests[lane];
            Write(request, run, index);
            LoadTarget.Expect(lanes[lane], await lanes[lane].ExchangeAsync(request.Finish(), target.Cancel));
        }, () => used = figures.Settings.ServerTime?.Invoke());
        figures.Note("log_metric_rps_32", rate.PerSecond);
        figures.Note("log_metric_p99_ms", rate.P99Ms);
        if (used is { } before)
        {
            figures.Note("log_metric_cpu_us", (figures.Settings.ServerTime!() - before).TotalMicroseconds / rate.Count);
        }

        if (figures.Settings.Bare is { } bare)
        {
            var get = target.Get(bare.PathAndQuery);
            var nothing = await LoadRate.MeasureAsync(Connections, figures.Settings.Each, async (lane, _) =>
                LoadTarget.Expect(lanes[lane], await lanes[lane].ExchangeAsync(get, target.Cancel)));
            figures.Note("bare_rps_32", nothing.PerSecond);
            figures.Note("log_metric_ratio_bare", rate.PerSecond / nothing.PerSecond);
        }

        Array.ForEach(lanes, lane => lane.Dispose());
    }

    private static void Write(LoadRequest request, string run, int index)
    {
        request.Clear();
        request.Add("{\"run_id\":\""u8);
        request.Add(run);
        request.Add("\",\"key\":\"loss\",\"value\":"u8);
        request.Add(1.0 / (index + 1));
        request.Add(",\"timestamp\":"u8);
        request.Add(1_700_000_000_000 + index);
        request.Add(",\"step\":"u8);
        request.Add(index);
        request.Add("}"u8);
    }
}
