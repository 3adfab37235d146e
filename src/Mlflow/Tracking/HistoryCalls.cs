using System.Text.Json;
using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>metrics/get-history in its three forms.</summary>
internal static class HistoryCalls
{
    private const int MaxPage = 25_000;
    private const int MaxRuns = 100;
    private const int MaxInterval = 2500;

    public static void Map(MlflowRoutes routes)
    {
        routes.Read("GET", "metrics/get-history", HistoryAsync);
        routes.Read("GET", "metrics/get-history-bulk", BulkAsync);
        routes.Read("GET", "metrics/get-history-bulk-interval", IntervalAsync);
    }

    private static async Task HistoryAsync(MlflowCall call)
    {
        var uid = call.Fields.RunId;
        var metric = call.Fields.Required("metric_key");
        var take = (int)Math.Clamp(call.Fields.Long("max_results") is > 0 and var asked ? asked : MaxPage, 1, MaxPage);
        var skip = PageToken.Read(call.Fields.Text("page_token"));
        var candidate = await call.CandidateAsync(uid);
        var points = await call.Get<MetricHistory>().PageAsync(candidate, metric, skip, take, call.Cancel);
        await call.WriteAsync(writer =>
        {
            ExperimentCalls.WriteArray(writer, "metrics", points, point => Write(writer, metric, point, null));
            if (points.Count == take)
            {
                writer.WriteString("next_page_token", PageToken.Write(skip + take));
            }
        });
    }

    private static async Task BulkAsync(MlflowCall call)
    {
        var runs = call.Fields.Texts("run_id");
        if (runs.Count == 0)
        {
            throw MlflowError.Invalid("GetMetricHistoryBulk request must specify at least one run_id.");
        }

        CheckRuns(runs);
        if (call.Fields.Text("metric_key") is not { Length: > 0 } metric)
        {
            throw MlflowError.Invalid("GetMetricHistoryBulk request must specify a metric_key.");
        }

        var take = (int)Math.Clamp(call.Fields.Long("max_results") ?? MaxPage, 1, MaxPage);
        var found = new List<(string Run, MetricPoint Point)>();
        foreach (var uid in runs.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (await call.Get<CandidateStore>().FindAsync(call.ProjectId, uid, call.Cancel) is { } candidate && found.Count < take)
            {
                var points = await call.Get<MetricHistory>().PageAsync(candidate, metric, 0, take - found.Count, call.Cancel);
                found.AddRange(points.Select(point => (uid, point)));
            }
        }

        await call.WriteAsync(writer =>
        {
            writer.WriteStartArray("metrics");
            found.ForEach(entry => Write(writer, metric, entry.Point, entry.Run));
            writer.WriteEndArray();
        });
    }

    private static async Task IntervalAsync(MlflowCall call)
    {
        var fields = call.Fields;
        var runs = fields.Texts("run_ids");
        if (runs.Count == 0)
        {
            throw MlflowError.Missing("run_ids");
        }

        CheckRuns(runs);
        var metric = fields.Required("metric_key");
        var (from, to) = (fields.Long("start_step"), fields.Long("end_step"));
        CheckRange(from, to);
        var limit = fields.Long("max_results") ?? MaxInterval;
        if (limit is < 1 or > MaxInterval)
        {
            throw MlflowError.Invalid($"max_results must be between 1 and {MaxInterval}. See the API docs for more information about request parameters.");
        }

        var series = new List<(string Run, IReadOnlyList<MetricPoint> Points)>();
        foreach (var uid in runs)
        {
            var candidate = await call.CandidateAsync(uid);
            series.Add((uid, await call.Get<MetricHistory>().SeriesAsync(candidate, metric, from, to, call.Cancel)));
        }

        var steps = Sample(series, (int)limit);
        await call.WriteAsync(writer => ExperimentCalls.WriteArray(
            writer,
            "metrics",
            [.. series.SelectMany(entry => At(entry.Points, steps).Take(MaxPage).Select(point => (entry.Run, Point: point)))],
            entry => Write(writer, metric, entry.Point, entry.Run)));
    }

    /// <summary>Even samples of the steps of all series together, and of each its own first and last; ascending.</summary>
    private static long[] Sample(List<(string Run, IReadOnlyList<MetricPoint> Points)> series, int limit)
    {
        var all = DistinctSteps(series);
        if (all.Count <= limit)
        {
            return [.. all];
        }

        var chosen = new HashSet<long> { all[^1] };
        for (var index = 0; index < limit; index++)
        {
            chosen.Add(all[(int)((long)index * all.Count / limit)]);
        }

        foreach (var (_, points) in series.Where(entry => entry.Points.Count > 0))
        {
            chosen.Add(points[0].Step);
            chosen.Add(points[^1].Step);
        }

        return [.. chosen.Order()];
    }

    /// <summary>A single series is in order of its steps already: a million of them are looked at once and not sorted.</summary>
    private static List<long> DistinctSteps(List<(string Run, IReadOnlyList<MetricPoint> Points)> series)
    {
        var steps = new List<long>(series.Sum(entry => entry.Points.Count));
        foreach (var (_, points) in series)
        {
            for (var index = 0; index < points.Count; index++)
            {
                if (index == 0 || points[index].Step != points[index - 1].Step)
                {
                    steps.Add(points[index].Step);
                }
            }
        }

        if (series.Count > 1)
        {
            steps.Sort();
            steps = [.. steps.Where((step, index) => index == 0 || step != steps[index - 1])];
        }

        return steps;
    }

    /// <summary>The points at some steps; both are in order.</summary>
    private static IEnumerable<MetricPoint> At(IReadOnlyList<MetricPoint> points, long[] steps)
    {
        var at = 0;
        for (var index = 0; index < points.Count && at < steps.Length; index++)
        {
            while (at < steps.Length && steps[at] < points[index].Step)
            {
                at++;
            }

            if (at < steps.Length && steps[at] == points[index].Step)
            {
                yield return points[index];
            }
        }
    }

    private static void CheckRuns(IReadOnlyList<string> runs)
    {
        if (runs.Count > MaxRuns)
        {
            throw MlflowError.Invalid($"GetMetricHistoryBulk request cannot specify more than {MaxRuns} run_ids. Received {runs.Count} run_ids.");
        }
    }

    private static void CheckRange(long? from, long? to)
    {
        if ((from is null) != (to is null))
        {
            throw MlflowError.Invalid("If either start step or end step are specified, both must be specified.");
        }

        if (from > to)
        {
            throw MlflowError.Invalid($"end_step must be greater than start_step. Found start_step={from} and end_step={to}.");
        }
    }

    private static void Write(Utf8JsonWriter writer, string metric, MetricPoint point, string? run)
    {
        writer.WriteStartObject();
        writer.WriteString("key", metric);
        writer.WriteReal("value", point.Value);
        writer.WriteNumber("timestamp", point.AtMs);
        writer.WriteNumber("step", point.Step);
        if (run is not null)
        {
            writer.WriteString("run_id", run);
        }

        writer.WriteEndObject();
    }
}
