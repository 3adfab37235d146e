using Squero.Repositories;

namespace Squero.Server;

/// <summary>Clone and push of about 100 MB through a server of its own, against the same over file://.</summary>
internal static class RepositoryBench
{
    public static async Task RunAsync(BenchReport report, CancellationToken cancel)
    {
        report.Begin("git", "A server process on a new data folder; server memory is the largest resident size of its life.");
        await using var server = await BenchServer.StartAsync(cancel);
        var figures = await GitBench.RunAsync(server.Url, server.Token, report.Output, cancel, server.ProcessId);
        report.Take(new Dictionary<string, double>
        {
            ["clone_ratio"] = figures.CloneRatio,
            ["push_ratio"] = figures.PushRatio,
            ["clone_s"] = figures.CloneSeconds,
            ["clone_file_s"] = figures.CloneFileSeconds,
            ["push_s"] = figures.PushSeconds,
            ["push_file_s"] = figures.PushFileSeconds,
            ["repository_mb"] = figures.RepositoryMb,
            ["server_rss_mb"] = figures.ServerRssMb ?? 0,
        });
    }
}
