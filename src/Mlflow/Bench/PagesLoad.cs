using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Squero.Mlflow;

/// <summary>
/// The page with the table of candidates, whole, over a hundred thousand of them, of which some logged ten thousand metrics:
/// as it begins, by a metric, by a filter, and at its end. Another server has no such page.
/// </summary>
internal static class PagesLoad
{
    private const int Connections = 32;
    private const int Rounds = 20;
    private const int Wide = 50;
    private const int Names = 10_000;
    private const int NamesAtOnce = 1_000;

    public static async Task RunAsync(LoadTarget target, TrackingFigures figures)
    {
        using var connection = await target.ConnectAsync();
        if (await PageOfAsync(target, connection) is not { } project)
        {
            figures.Tell("this server has no page of candidates");
            return;
        }

        var experiment = await target.CreateExperimentAsync(connection);
        var runs = figures.Settings.IsFull ? 1_000_000 : 100_000;
        figures.Tell(string.Create(CultureInfo.InvariantCulture, $"creating {runs:N0} candidates, {Wide} of them with {Names:N0} metrics"));
        await FillAsync(target, experiment, runs);
        var page = $"{project}/-/experiments/{experiment}";
        var size = figures.Settings.IsFull ? "1m" : "100k";
        await MeasureAsync(target, figures, page, $"candidates_page_{size}_ms");
        await MeasureAsync(target, figures, $"{page}?sort=metrics.m1%20DESC", $"candidates_page_sorted_{size}_ms");
        await MeasureAsync(target, figures, $"{page}?filter={Uri.EscapeDataString("metrics.m1 > 0.5 and params.p1 = 'x'")}&sort=metrics.m1%20DESC", $"candidates_page_filtered_{size}_ms");
        await MeasureAsync(target, figures, await SecondPageAsync(target, connection, page), $"candidates_page_second_{size}_ms");
        await MeasureAsync(target, figures, $"{page}/columns?search=wide%2F99", "column_picker_10k_ms");
    }

    private static async Task MeasureAsync(LoadTarget target, TrackingFigures figures, string page, string name)
    {
        using var connection = await target.ConnectAsync();
        var request = target.Get(page);
        var rate = await LoadRate.RepeatAsync(Rounds, async () => LoadTarget.Expect(connection, await connection.ExchangeAsync(request, target.Cancel)));
        figures.Note(name, rate.MedianMs);
        figures.Note(name.Replace("_ms", "_p95_ms", StringComparison.Ordinal), rate.P95Ms);
    }

    /// <summary>The address of the page that follows the first one in the order of a metric.</summary>
    private static async Task<string> SecondPageAsync(LoadTarget target, LoadConnection connection, string page)
    {
        LoadTarget.Expect(connection, await connection.ExchangeAsync(target.Get($"{page}?sort=metrics.m1%20DESC"), target.Cancel));
        var html = Encoding.UTF8.GetString(connection.Body.Span);
        var at = html.IndexOf("after=", StringComparison.Ordinal) + "after=".Length;
        return $"{page}?sort=metrics.m1%20DESC&after={html[at..html.IndexOf('"', at)]}";
    }

    /// <summary>The address of the project's pages; null when the server is not one of ours.</summary>
    private static async Task<string?> PageOfAsync(LoadTarget target, LoadConnection connection)
    {
        const string end = "/ml/mlflow";
        var path = target.Tracking.AbsolutePath.TrimEnd('/');
        if (!path.EndsWith(end, StringComparison.Ordinal) || await connection.ExchangeAsync(target.Get(path[..^end.Length]), target.Cancel) != 200)
        {
            return null;
        }

        using var answer = JsonDocument.Parse(connection.Body);
        return "/" + answer.RootElement.GetProperty("path_with_namespace").GetString();
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
                await target.CallAsync(
                    lane,
                    "runs/log-batch",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $$"""{"run_id":"{{run}}","params":[{"key":"p1","value":"{{(index % 2 == 0 ? "x" : "y")}}"},{"key":"seed","value":"{{index}}"}],"metrics":[{"key":"m1","value":{{(double)(index * 7919L % count) / count}},"timestamp":1,"step":0}]}"""));
                for (var first = 0; index >= count - Wide && first < Names; first += NamesAtOnce)
                {
                    var metrics = Enumerable.Range(first, NamesAtOnce).Select(name => string.Create(CultureInfo.InvariantCulture, $$"""{"key":"wide/{{name}}","value":{{name}},"timestamp":1,"step":0}"""));
                    await target.CallAsync(lane, "runs/log-batch", $$"""{"run_id":"{{run}}","metrics":[{{string.Join(',', metrics)}}]}""");
                }
            }
        }));
    }
}
