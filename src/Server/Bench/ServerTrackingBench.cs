using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Squero.Kernel;
using Squero.Mlflow;

namespace Squero.Server;

/// <summary>Logging and searching, against a bare endpoint of the same process.</summary>
internal static class ServerTrackingBench
{
    private const string OwnCluster = "private";

    /// <param name="database">An address, <c>private</c> for a cluster of its own, or null for SQLite.</param>
    public static async Task RunAsync(BenchReport report, TrackingBenchSettings settings, string? database, CancellationToken cancel)
    {
        await using var cluster = database == OwnCluster ? await StartClusterAsync() : null;
        var address = cluster is not null ? DatabaseAddress.Parse(cluster.AddressOf(await cluster.CreateAsync()))
            : database is not null ? DatabaseAddress.Parse(database) : DatabaseArguments.FromEnvironment();
        var engine = address is null ? "SQLite" : "PostgreSQL";
        report.Begin("tracking", $"A server of its own on {engine}, durable, permission checks included; client and server share the machine. /health is the bare endpoint.");
        await using var server = await BenchServer.StartAsync(address, cancel);
        await using var plain = await BenchServer.StartPlainAsync(cancel);
        using var client = new HttpClient { BaseAddress = server.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Token);
        using var answer = await client.PostAsJsonAsync("/api/v4/projects", new { name = "bench" }, cancel);
        var project = (await answer.Content.ReadFromJsonAsync<JsonElement>(cancel)).GetProperty("id").GetInt64();
        await DescribeAsync(report, client, cancel);
        report.Take(await TrackingBench.RunAsync(
            settings with
            {
                Tracking = new Uri(server.Url, $"/api/v4/projects/{project}/ml/mlflow"),
                Token = server.Token,
                Bare = new Uri(server.Url, "/health"),
                PlainFiles = plain.Url,
                ServerTime = server.ProcessorTime,
                ServerPeak = server.PeakMegabytes,
                TailRows = async () => (await StateAsync(client, cancel)).GetProperty("tail_rows").GetDouble(),
                StartCold = address is null ? () => server.StartColdAsync(cancel) : null,
            },
            report.Output,
            cancel));
        var state = await StateAsync(client, cancel);
        report.Note("tail_rows", state.GetProperty("tail_rows").GetDouble(), "rows");
        report.Note("data_gb", server.DataGigabytes(), "GB");
        report.Note("tail_points", state.GetProperty("tail_points").GetDouble(), "points");
        report.Note("server_rss_mb", server.ResidentMegabytes(), "MB");
    }

    public static async Task RunAgainstAsync(BenchReport report, TrackingBenchSettings settings, CancellationToken cancel)
    {
        report.Begin("tracking", $"The server at {settings.Tracking}.");
        report.Take(await TrackingBench.RunAsync(settings, report.Output, cancel));
    }

    private static Task<PrivateCluster> StartClusterAsync() =>
        PrivateCluster.IsInstalled ? PrivateCluster.StartAsync(durable: true) : throw new StoryFailed("PostgreSQL is not installed here (on Debian: apt-get install postgresql).");

    /// <summary>What decides whether an answer means that the disk has it, as the server's own connection says.</summary>
    private static async Task DescribeAsync(BenchReport report, HttpClient client, CancellationToken cancel)
    {
        var state = await StateAsync(client, cancel);
        foreach (var setting in state.GetProperty("durability").EnumerateObject())
        {
            await report.Output.WriteLineAsync($"  {setting.Name,-32} {setting.Value.GetString(),14}");
        }
    }

    private static Task<JsonElement> StateAsync(HttpClient client, CancellationToken cancel) =>
        client.GetFromJsonAsync<JsonElement>("/api/v4/admin/storage", cancel);
}
