using System.Diagnostics;
using System.Globalization;

namespace Squero.Mlflow;

/// <summary>
/// Whether logging stays as fast as the store grows: the rate of a window at the beginning against windows after one, ten and,
/// in a full run, a hundred million points; then against writes to the oldest runs, and both after a start with a cold cache.
/// </summary>
internal sealed class GrowthLoad
{
    private const int Connections = 8;
    private const int Warm = 250;
    private const int Begin = 2_000;
    private const int Window = 600;
    private const int Windows = 3;
    private const int BatchesOfARun = 500;
    private static readonly (long Points, string Name)[] Sizes = [(1_000_000, "1m"), (10_000_000, "10m"), (100_000_000, "100m")];

    private readonly LoadTarget target;
    private readonly TrackingFigures figures;

    /// <summary>The first runs, and how many batches each has.</summary>
    private readonly Queue<(IReadOnlyList<string> Runs, int Batches)> oldest = [];
    private long written;

    private GrowthLoad(LoadTarget target, TrackingFigures figures) => (this.target, this.figures) = (target, figures);

    public static Task RunAsync(LoadTarget target, TrackingFigures figures) => new GrowthLoad(target, figures).RunAsync();

    private async Task RunAsync()
    {
        await WriteAsync(Warm);
        var empty = await WriteAsync(Window);
        figures.Note("ingest_empty_metrics_per_s", empty);
        foreach (var (points, name) in Sizes.Where(size => size.Points <= (figures.Settings.IsFull ? long.MaxValue : 10_000_000)))
        {
            await GrowAsync(points);
            figures.Note($"ingest_flatness_{name}", await MedianAsync(() => WriteAsync(Window)) / empty);
            await NoteTailAsync(name);
        }

        figures.Note("ingest_flatness_late", await MedianAsync(WriteLateAsync) / empty);
        if (figures.Settings.StartCold is { } startCold)
        {
            // What a start costs once is no rate: it is over after some batches to fresh runs, which read nothing that is there.
            await startCold();
            await WriteAsync(Begin);
            figures.Note("ingest_flatness_late_cold", await MedianAsync(WriteLateAsync) / empty);
            figures.Note("ingest_flatness_cold", await MedianAsync(() => WriteAsync(Window)) / empty);
        }

        await NoteTailAsync("end");
    }

    private async Task GrowAsync(long points)
    {
        while (written < points)
        {
            var rate = await WriteAsync((int)Math.Min(10_000, (points - written + BatchLoad.Metrics - 1) / BatchLoad.Metrics));
            figures.Tell(string.Create(CultureInfo.InvariantCulture, $"{written:N0} points, {rate:N0} a second"));
        }
    }

    private async Task NoteTailAsync(string when)
    {
        if (figures.Settings.TailRows is { } tail)
        {
            figures.Note($"tail_rows_{when}", await tail());
        }
    }

    /// <summary>Of several windows: blocks are packed in bursts, and one window may have more of them than another.</summary>
    private static async Task<double> MedianAsync(Func<Task<double>> measure)
    {
        var rates = new List<double>();
        for (var window = 0; window < Windows; window++)
        {
            rates.Add(await measure());
        }

        rates.Sort();
        return rates[Windows / 2];
    }

    /// <summary>Metrics a second over so many batches, to fresh runs every five hundred batches.</summary>
    private async Task<double> WriteAsync(int batches)
    {
        var started = Stopwatch.GetTimestamp();
        for (var left = batches; left > 0; left -= BatchesOfARun * Connections)
        {
            await using var writers = await BatchWriters.OpenAsync(target, Connections);
            var each = (Math.Min(left, BatchesOfARun * Connections) + Connections - 1) / Connections;
            await WriteAsync(writers, 0, each);
            if (oldest.Count < 2 * Windows)
            {
                oldest.Enqueue((writers.Runs, each));
            }
        }

        written += (long)batches * BatchLoad.Metrics;
        return batches * (double)BatchLoad.Metrics / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>The same to the oldest runs that have not been written to again: their blocks lie deepest in the store.</summary>
    private async Task<double> WriteLateAsync()
    {
        var (runs, batches) = oldest.Dequeue();
        await using var writers = await BatchWriters.OpenAsync(target, runs);
        var started = Stopwatch.GetTimestamp();
        await WriteAsync(writers, batches, Window / Connections);
        written += (long)Window * BatchLoad.Metrics;
        return Window * (double)BatchLoad.Metrics / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static Task WriteAsync(BatchWriters writers, int first, int each) =>
        Task.WhenAll(Enumerable.Range(0, writers.Runs.Count).Select(lane => Task.Run(async () =>
        {
            for (var batch = first; batch < first + each; batch++)
            {
                await writers.WriteAsync(lane, batch);
            }
        })));
}
