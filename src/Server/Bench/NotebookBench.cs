using System.Text.Json;
using Squero.Notebooks;

namespace Squero.Server;

/// <summary>Notebook diffs over a folder of pairs, summed up by size.</summary>
internal static class NotebookBench
{
    private const int AnchorSequences = 200;

    private static readonly (string Key, long Limit)[] Classes = [("median_ms_50kb", 50_000), ("median_ms_500kb", 500_000), ("median_ms_5mb", 5_000_000), ("median_ms_larger", long.MaxValue)];

    public static Task RunAsync(BenchReport report, DirectoryInfo? folder, CancellationToken cancel)
    {
        folder ??= new DirectoryInfo(Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../..", "shared", "notebooks")));
        if (!folder.Exists)
        {
            throw new StoryFailed($"There is no folder {folder.FullName} with pairs of notebooks; name one.");
        }

        report.Begin("notebooks", $"Every pair below {folder.FullName}: median of 5 warm runs each, from bytes in memory to finished JSON; medians over pairs by the larger side's size.");
        using var lines = new StringWriter();
        NotebookCommands.Bench(NotebookCommand.Pairs(folder), TimeProvider.System, lines);
        cancel.ThrowIfCancellationRequested();
        var rows = lines.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        if (rows.Count == 0)
        {
            throw new StoryFailed($"{folder.FullName} holds no pairs before.ipynb and after.ipynb.");
        }

        report.Note("pairs", rows.Count, "");
        foreach (var result in new[] { "ok", "repaired", "fallback", "failed" })
        {
            report.Note(result, rows.Count(row => row.GetProperty("result").GetString() == result), "pairs");
        }

        var floor = 0L;
        foreach (var (key, limit) in Classes)
        {
            var times = rows.Where(row => row.GetProperty("bytes").GetInt64() is var size && size > floor && size <= limit).Select(row => row.GetProperty("ms").GetDouble()).ToList();
            if (times.Count > 0)
            {
                report.Note(key, StartBench.Median(times), "ms");
            }

            floor = limit;
        }

        report.Note("slowest_ms", rows.Max(row => row.GetProperty("ms").GetDouble()), "ms");
        Threads(report, folder);
        return Task.CompletedTask;
    }

    /// <summary>Generated histories of notebooks, half of them beginning with the small ones of the folder.</summary>
    private static void Threads(BenchReport report, DirectoryInfo folder)
    {
        var beginnings = NotebookCommand.Pairs(folder).Where(pair => pair.Before.Length < 200_000).Take(100).Select(pair => Notebook.Parse(pair.Before)).ToList();
        var figures = AnchorBench.Measure(AnchorSequences, 1, beginnings);
        report.Note("thread_histories", AnchorSequences, "");
        report.Note("threads_looked_at", figures.Looks, "");
        report.Note("threads_visible_percent", figures.VisibleShare * 100, "%");
        report.Note("threads_right_cell_percent", figures.RightCellShare * 100, "%");
        report.Note("threads_right_line_percent", figures.RightLineShare * 100, "%");
    }
}
