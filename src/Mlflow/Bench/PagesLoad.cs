using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Squero.Mlflow;

/// <summary>
/// The page with the table of candidates, to its first byte, over a hundred thousand of them, of which some logged ten thousand
/// metrics: as it begins, in the orders and with the filters that people click, at its end, and as the first page of a server that
/// has just begun. Another server has no such page.
/// </summary>
internal static class PagesLoad
{
    private const int Connections = 32;
    private const int Candidates = 100_000;
    private const int Rounds = 20;
    private const int Wide = 50;
    private const int Names = 10_000;
    private const int NamesAtOnce = 1_000;
    private const string Best = "?sort=metrics.m1%20DESC";
    private static readonly string Dense = Uri.EscapeDataString("metrics.m1 > 0.5 and params.p1 = 'x'");

    /// <summary>What is clicked, and the query of its address.</summary>
    private static readonly (string Name, string Query)[] Clicks =
    [
        ("", ""),
        ("_sorted", Best),
        ("_sorted_rare", "?sort=metrics.wide/9%20DESC"),
        ("_sorted_param", "?sort=params.p1%20ASC"),
        ("_sorted_name", "?sort=run_name%20ASC"),
        ("_sorted_oldest", "?sort=start_time%20ASC"),
        ("_filtered", $"?filter={Dense}"),
        ("_filtered_sorted", $"{Best}&filter={Dense}"),
        ("_filtered_rare", $"?filter={Uri.EscapeDataString("params.seed = '4711'")}"),
        ("_filtered_none", $"{Best}&filter={Uri.EscapeDataString("metrics.m1 > 0.5 and params.p1 LIKE 'z%'")}"),
    ];

    public static async Task RunAsync(LoadTarget target, TrackingFigures figures)
    {
        using var connection = await target.ConnectAsync();
        if (await PageOfAsync(target, connection) is not { } project)
        {
            figures.Tell("this server has no page of candidates");
            return;
        }

        var experiment = await target.CreateExperimentAsync(connection);
        figures.Tell(string.Create(CultureInfo.InvariantCulture, $"creating {Candidates:N0} candidates, {Wide} of them with {Names:N0} metrics"));
        await FillAsync(target, experiment, Candidates);
        var page = $"{project}/-/experiments/{experiment}";
        foreach (var (name, query) in Clicks)
        {
            await MeasureAsync(target, figures, page + query, $"candidates_page{name}_100k_ms");
        }

        await MeasureAsync(target, figures, $"{page}{Best}&after={await EndAsync(target, page + Best)}", $"candidates_page_second_100k_ms");
        // Where the worst end is where the best go on.
        await MeasureAsync(target, figures, $"{page}{Best}&after={await EndAsync(target, $"{page}?sort=metrics.m1%20ASC")}", $"candidates_page_last_100k_ms");
        await MeasureAsync(target, figures, $"{page}/columns?search=wide%2F99", "column_picker_10k_ms");
        if (figures.Settings.StartCold is { } startCold)
        {
            await startCold();
            using var fresh = await target.ConnectAsync();
            var asked = Stopwatch.GetTimestamp();
            figures.Note($"candidates_page_cold_100k_ms", Stopwatch.GetElapsedTime(asked, await AskAsync(target, fresh, target.Get(page + Best))).TotalMilliseconds);
        }
    }

    private static async Task MeasureAsync(LoadTarget target, TrackingFigures figures, string page, string name)
    {
        using var connection = await target.ConnectAsync();
        var request = target.Get(page);
        var rate = await LoadRate.RepeatAsync(Rounds, () => AskAsync(target, connection, request));
        figures.Note(name, rate.MedianMs);
        figures.Note(name.Replace("_ms", "_p95_ms", StringComparison.Ordinal), rate.P95Ms);
    }

    private static async ValueTask<long> AskAsync(LoadTarget target, LoadConnection connection, byte[] request)
    {
        LoadTarget.Expect(connection, await connection.ExchangeAsync(request, target.Cancel));
        return connection.AnsweredAt;
    }

    /// <summary>The place where a page ends, as its address says it.</summary>
    private static async Task<string> EndAsync(LoadTarget target, string page)
    {
        using var connection = await target.ConnectAsync();
        await AskAsync(target, connection, target.Get(page));
        var html = Encoding.UTF8.GetString(connection.Body.Span);
        var at = html.IndexOf("after=", StringComparison.Ordinal) + "after=".Length;
        return html[at..html.IndexOf('"', at)];
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
