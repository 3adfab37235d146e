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

        async ValueTask LogAsync(int lane, int index)
        {
            var (request, run) = requests[lane];
            Write(request, run, index);
            LoadTarget.Expect(lanes[lane], await lanes[lane].ExchangeAsync(request.Finish(), target.Cancel));
        }

        if (figures.Settings.Bare is { } bare)
        {
            await CompareAsync(target, figures, lanes, target.Get(bare.PathAndQuery), LogAsync);
        }
        else
        {
            Note(figures, await LoadRate.MeasureAsync(Connections, figures.Settings.Each, LogAsync));
        }

        Array.ForEach(lanes, lane => lane.Dispose());
    }

    private static async Task CompareAsync(
        LoadTarget target, TrackingFigures figures, LoadConnection[] lanes, byte[] get, Func<int, int, ValueTask> log)
    {
        var (used, bare) = (TimeSpan.Zero, TimeSpan.Zero);
        var (logged, nothing) = await LoadRate.CompareAsync(
            Connections,
            figures.Settings.Each,
            log,
            async (lane, _) => LoadTarget.Expect(lanes[lane], await lanes[lane].ExchangeAsync(get, target.Cancel)),
            begins =>
            {
                // From the first turn on the bare load runs whenever the other does not.
                var now = figures.ServerTime();
                used += now * (begins ? -1 : 1);
                bare += begins && bare == TimeSpan.Zero ? TimeSpan.Zero : now * (begins ? 1 : -1);
            });
        bare += figures.ServerTime();
        Note(figures, logged);
        figures.Note("log_metric_cpu_us", used.TotalMicroseconds / logged.Count);
        figures.Note("bare_rps_32", nothing.PerSecond);
        figures.Note("bare_cpu_us", bare.TotalMicroseconds / nothing.Count);
        figures.Note("log_metric_ratio_bare", logged.PerSecond / nothing.PerSecond);
    }

    private static void Note(TrackingFigures figures, LoadRate rate)
    {
        figures.Note("log_metric_rps_32", rate.PerSecond);
        figures.Note("log_metric_p99_ms", rate.P99Ms);
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
