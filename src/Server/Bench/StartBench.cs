using System.Diagnostics;
using System.Text.Json;

namespace Squero.Server;

/// <summary>How soon the server answers, how much memory it rests at, how long the whole demo takes.</summary>
internal static class StartBench
{
    private const int Starts = 5;

    public static async Task RunAsync(BenchReport report, CancellationToken cancel)
    {
        report.Begin("start", $"A process on a data folder with a schema; median of {Starts} starts to the first 200 of /health. Then the demo, without a build.");
        var times = new List<double>();
        var memory = new List<double>();
        for (var round = 0; round < Starts; round++)
        {
            await using var server = await BenchServer.StartAsync(cancel);
            times.Add(server.StartTime.TotalMilliseconds);
            await Task.Delay(TimeSpan.FromSeconds(2), cancel);
            memory.Add(server.ResidentMegabytes());
        }

        report.Note("start_ms", Median(times), "ms");
        report.Note("idle_rss_mb", Median(memory), "MB");
        report.Note("demo_s", await PlayDemoAsync(cancel), "s");
    }

    private static async Task<double> PlayDemoAsync(CancellationToken cancel)
    {
        using var folder = new TemporaryFolder();
        var start = BenchServer.OwnProgram(["demo", "--data", folder.Path, "--urls", BenchServer.FreeAddress()]);
        start.Environment.Remove("SQUERO_BEGAN");
        using var demo = Process.Start(start)!;
        demo.BeginOutputReadLine();
        var result = Path.Combine(folder.Path, DemoResult.FileName);
        try
        {
            while (!File.Exists(result))
            {
                if (demo.HasExited)
                {
                    throw new StoryFailed("The demo ended before the model answered.");
                }

                await Task.Delay(50, cancel);
            }

            using var json = JsonDocument.Parse(await File.ReadAllTextAsync(result, cancel));
            return json.RootElement.GetProperty("seconds").GetDouble();
        }
        finally
        {
            demo.Kill(entireProcessTree: true);
            await demo.WaitForExitAsync(CancellationToken.None);
        }
    }

    internal static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
