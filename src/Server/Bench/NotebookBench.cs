using System.Text.Json;
using Squero.Notebooks;

namespace Squero.Server;

/// <summary>Notebook diffs over a folder of pairs, summed up by size.</summary>
internal static class NotebookBench
{
    private const int AnchorSequences = 200;

    private static readonly (string Key, long Limit)[] Classes = [("median_ms_50kb", 50_000), ("median_ms_500kb", 500_000), ("median_ms_5mb", 5_000_000), ("median_ms_larger", long.MaxValue)];

    public static async Task RunAsync(BenchReport report, DirectoryInfo? folder, bool withPeers, CancellationToken cancel)
    {
        folder ??= new DirectoryInfo(Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../..", "shared", "notebooks")));
        if (!folder.Exists)
        {
            throw new StoryFailed($"There is no folder {folder.FullName} with pairs of notebooks; name one.");
        }

        report.Begin("notebooks", $"Every pair below {folder.FullName}: median of 5 warm runs each, from bytes in memory to finished JSON; medians over pairs by the larger side's size.");
        using var lines = new StringWriter();
        NotebookCommands.Bench(NotebookCommand.Pairs(folder), TimeProvider.System, MemoryPeak.Of, lines);
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
            var times = rows.Where(row => row.GetProperty("bytes").GetInt64() is var size && size > floor && size <= limit).Select(row => Number(row, "ms")).ToList();
            if (times.Count > 0)
            {
                report.Note(key, StartBench.Median(times), "ms");
            }

            floor = limit;
        }

        report.Note("geomean_ms", Math.Exp(rows.Average(row => Math.Log(Math.Max(Number(row, "ms"), 0.001)))), "ms");
        report.Note("slowest_ms", rows.Max(row => Number(row, "ms")), "ms");
        report.Note("lossless", rows.Count(row => row.TryGetProperty("lossless", out var lossless) && lossless.GetBoolean()), "pairs");
        report.Note("patches_within_bound", rows.Count(row => Number(row, "diff_bytes") <= Number(row, "diff_bytes_bound")), "pairs");
        report.Note("patch_bytes", rows.Sum(row => Number(row, "diff_bytes")), "bytes");
        var large = rows.Where(row => Number(row, "input_bytes") > 1_000_000).ToList();
        report.Note("pairs_peak_over_inputs", large.Count == 0 ? 0 : large.Max(row => (Number(row, "peak_bytes") + Number(row, "input_bytes")) / Number(row, "input_bytes")), $"x, over {large.Count} pairs above 1 MB, both files included");
        Quality(report, rows);
        Threads(report, folder);
        Scale(report);
        NotebookMergeBench.Run(report, folder);
        if (withPeers)
        {
            await NotebookPeerBench.RunAsync(report, folder, rows, cancel);
        }
    }

    /// <summary>Summed over pairs; alignment with ids hidden, against the ids.</summary>
    private static void Quality(BenchReport report, List<JsonElement> rows)
    {
        var cost = rows.Where(row => row.TryGetProperty("lines_floor", out _)).ToList();
        if (cost.Count > 0)
        {
            report.Note("reading_cost_ratio", Math.Exp(cost.Average(row => Math.Log((Number(row, "lines_shown") + 1) / (Number(row, "lines_floor") + 1)))), "x");
        }

        report.Note("silent_changes", rows.Sum(row => Number(row, "silent")), "cells");
        var aligned = rows.Where(row => row.TryGetProperty("alignment", out _)).Select(row => row.GetProperty("alignment")).ToList();
        var hard = aligned.Where(row => row.GetProperty("hard").GetBoolean()).ToList();
        report.Note("pairs_with_ids", aligned.Count, "pairs");
        report.Note("alignment_precision", Share(aligned, "right", "paired"), "");
        report.Note("alignment_recall", Share(aligned, "right", "true"), "");
        report.Note("alignment_precision_hard", Share(hard, "right", "paired"), "");
        report.Note("alignment_recall_hard", Share(hard, "right", "true"), "");
        report.Note("moves_precision", Share(aligned, "moves_right", "moves_shown"), "");
        report.Note("moves_recall", Share(aligned, "moves_right", "moves_true"), "");
    }

    private static double Share(List<JsonElement> rows, string part, string all) =>
        rows.Sum(row => Number(row, all)) is > 0 and var sum ? rows.Sum(row => Number(row, part)) / sum : 1;

    private static double Number(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? value.GetDouble() : 0;

    /// <summary>Generated pairs: the cost of a megabyte must not grow with their number.</summary>
    private static void Scale(BenchReport report)
    {
        var peak = 0.0;
        foreach (var figure in ScaleBench.Measure(TimeProvider.System, MemoryPeak.Of))
        {
            report.Note($"scale_{figure.Key}_ms", figure.Ms, $"ms, {figure.MsPerMegabyte:0.##} a MB, {figure.PeakOverInputs:0.#} x: {figure.Name}");
            peak = figure.Bytes > 1_000_000 ? Math.Max(peak, figure.PeakOverInputs) : peak;
        }

        report.Note("peak_over_inputs", peak, "x");
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
