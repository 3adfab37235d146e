namespace Squero.Mlflow;

/// <summary>Creating runs.</summary>
internal static class RunLoad
{
    private const int Connections = 32;

    public static async Task RunAsync(LoadTarget target, TrackingFigures figures)
    {
        var lanes = await target.ConnectAsync(Connections);
        var experiment = await target.CreateExperimentAsync(lanes[0]);
        var request = target.Post("runs/create");
        request.Add($$"""{"experiment_id":"{{experiment}}","start_time":1700000000000}""");
        var bytes = request.Finish();
        var rate = await LoadRate.MeasureAsync(Connections, figures.Settings.Each, async (lane, _) =>
            LoadTarget.Expect(lanes[lane], await lanes[lane].ExchangeAsync(bytes, target.Cancel)));
        figures.Note("create_run_rps", rate.PerSecond);
        figures.Note("create_run_p99_ms", rate.P99Ms);
        Array.ForEach(lanes, lane => lane.Dispose());
    }
}
