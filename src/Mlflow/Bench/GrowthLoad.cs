using System.Diagnostics;
using System.Globalization;

namespace Squero.Mlflow;

/// <summary>
/// Whether logging stays as fast as the store grows: the rate of a window at the beginning against windows after one, ten and,
/// in a full run, a hundred million points.
/// </summary>
internal static class GrowthLoad
{
    private const int Connections = 8;
    private const int Warm = 250;
    private const int Window = 600;
    private const int BatchesOfARun = 500;
    private static readonly (long Points, string Name)[] Sizes = [(1_000_000, "1m"), (10_000_000, "10m"), (100_000_000, "100m")];

    public static async Task RunAsync(LoadTarget target, TrackingFigures figures)
    {
        await WriteAsync(target, Warm);
        var written = (long)Warm * BatchLoad.Metrics;
        var empty = await WriteAsync(target, Window);
        written += (long)Window * BatchLoad.Metrics;
        figures.Note("ingest_empty_metrics_per_s", empty);
        foreach (var (points, name) in Sizes.Where(size => size.Points <= (figures.Settings.IsFull ? long.MaxValue : 10_000_000)))
        {
            while (written < points)
            {
                var part = (int)Math.Min(10_000, (points - written + BatchLoad.Metrics - 1) / BatchLoad.Metrics);
                var rate = await WriteAsync(target, part);
                written += (long)part * BatchLoad.Metrics;
                figures.Tell(string.Create(CultureInfo.InvariantCulture, $"{written:N0} points, {rate:N0} a second"));
            }

            var now = await WriteAsync(target, Window);
            written += (long)Window * BatchLoad.Metrics;
            figures.Note($"ingest_flatness_{name}", now / empty);
        }
    }

    /// <summary>Metrics a second over so many batches, to fresh runs every five hundred batches.</summary>
    private static async Task<double> WriteAsync(LoadTarget target, int batches)
    {
        var started = Stopwatch.GetTimestamp();
        for (var left = batches; left > 0; left -= BatchesOfARun * Connections)
        {
            await using var writers = await BatchWriters.OpenAsync(target, Connections);
            var each = (Math.Min(left, BatchesOfARun * Connections) + Connections - 1) / Connections;
            await Task.WhenAll(Enumerable.Range(0, Connections).Select(lane => Task.Run(async () =>
            {
                for (var batch = 0; batch < each; batch++)
                {
                    await writers.WriteAsync(lane, batch);
                }
            })));
        }

        return batches * (double)BatchLoad.Metrics / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
