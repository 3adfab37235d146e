using System.Diagnostics;
using System.Text.Json;

namespace Squero.Server;

/// <summary>What others need for the same pairs on the same machine: their CPU time over ours (bench/peers/measure.py).</summary>
internal static class NotebookPeerBench
{
    private static readonly string[] Peers = ["nbdime", "markdown"];

    public static async Task RunAsync(BenchReport report, DirectoryInfo folder, List<JsonElement> ours, CancellationToken cancel)
    {
        var script = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../bench/peers/measure.py"));
        if (!File.Exists(script))
        {
            throw new StoryFailed($"Peers are measured from a checkout of the source only: there is no {script}.");
        }

        var theirs = await MeasureAsync(script, folder, cancel);
        var milliseconds = ours.Where(row => row.TryGetProperty("cpu_ms", out _)).ToLookup(row => row.GetProperty("name").GetString(), row => Math.Max(row.GetProperty("cpu_ms").GetDouble(), 0.001));
        foreach (var peer in Peers)
        {
            var rows = theirs.Where(row => row.TryGetProperty(peer, out _)).ToList();
            var timed = rows.Where(row => row.GetProperty(peer).GetProperty("ms").ValueKind == JsonValueKind.Number && milliseconds.Contains(row.GetProperty("name").GetString())).ToList();
            if (timed.Count == 0)
            {
                report.Output.WriteLine($"  {peer} was not measured.");
                continue;
            }

            var ratios = timed.Select(row => row.GetProperty(peer).GetProperty("ms").GetDouble() / milliseconds[row.GetProperty("name").GetString()].First());
            report.Note($"{peer}_ratio", Math.Exp(ratios.Average(ratio => Math.Log(Math.Max(ratio, 0.001)))), $"x our CPU time, over {timed.Count} pairs");
            report.Note($"{peer}_failed", rows.Count(row => row.GetProperty(peer).GetProperty("ms").ValueKind == JsonValueKind.Null), "pairs");
            report.Note($"{peer}_given_up", rows.Count(row => row.GetProperty(peer) is var found && found.TryGetProperty("reason", out _) && found.GetProperty("ms").ValueKind == JsonValueKind.Number), "pairs took longer than its limit");
        }
    }

    private static async Task<List<JsonElement>> MeasureAsync(string script, DirectoryInfo folder, CancellationToken cancel)
    {
        // Debian's Python has Debian's packages; another one may come first on the path.
        var python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        using var process = Process.Start(new ProcessStartInfo(python, [script, folder.FullName]) { RedirectStandardOutput = true })
            ?? throw new StoryFailed($"{python} could not be started.");
        try
        {
            var lines = await process.StandardOutput.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return process.ExitCode == 0
                ? [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)]
                : throw new StoryFailed($"{script} ended with {process.ExitCode}.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
