using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Squero.Mlflow;

namespace Squero.Server;

/// <summary>Logging and searching, against a bare endpoint of the same process.</summary>
internal static class ServerTrackingBench
{
    public static async Task RunAsync(BenchReport report, IReadOnlyList<string> parts, bool isFull, CancellationToken cancel)
    {
        report.Begin("tracking", "A server of its own on SQLite, durable, permission checks included; client and server share the machine. /health is the bare endpoint.");
        await using var server = await BenchServer.StartAsync(cancel);
        using var client = new HttpClient { BaseAddress = server.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Token);
        using var answer = await client.PostAsJsonAsync("/api/v4/projects", new { name = "bench" }, cancel);
        var project = (await answer.Content.ReadFromJsonAsync<JsonElement>(cancel)).GetProperty("id").GetInt64();
        var tracking = new Uri(server.Url, $"/api/v4/projects/{project}/ml/mlflow");
        var settings = new TrackingBenchSettings(tracking, server.Token, new Uri(server.Url, "/health"), parts, isFull)
        {
            ServerTime = server.ProcessorTime,
        };
        report.Take(await TrackingBench.RunAsync(settings, report.Output, cancel));
        report.Note("server_rss_mb", server.ResidentMegabytes(), "MB");
    }

    public static async Task RunAgainstAsync(BenchReport report, Uri tracking, string? token, IReadOnlyList<string> parts, bool isFull, CancellationToken cancel)
    {
        report.Begin("tracking", $"The server at {tracking}.");
        report.Take(await TrackingBench.RunAsync(new TrackingBenchSettings(tracking, token, null, parts, isFull), report.Output, cancel));
    }
}
