using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Squero.Server;

namespace Squero.Journeys;

/// <summary>What the server has acknowledged is kept, whatever happens to its process.</summary>
public sealed class DurabilityJourney : IDisposable
{
    private const int Writers = 6;
    private const int BatchSize = 50;
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("SQUERO_KILLS") ?? "6", CultureInfo.InvariantCulture);

    private readonly string folder = Directory.CreateTempSubdirectory("squero-journey-").FullName;
    private readonly string url = $"http://127.0.0.1:{SqueroProcess.FreePort()}";
    private readonly HttpClient http = new();
    private string root = "";
    private string[] database = [];

    [Fact]
    public async Task No_acknowledged_point_or_file_is_lost_when_the_server_is_killed_while_it_writes()
    {
        var random = new Random(20260101);
        var kept = new ConcurrentDictionary<string, int>();
        var files = new ConcurrentBag<(string Path, int Bytes)>();
        await OpenAsync();
        for (var kill = 0; kill < Kills; kill++)
        {
            await using (var server = await StartAsync())
            {
                await CheckAsync(kept, files);
                using var stop = new CancellationTokenSource();
                var writers = Enumerable.Range(0, Writers).Select(writer => WriteAsync(writer % 2 == 0, kept, files, kill, writer, stop.Token)).ToList();
                await UntilBusyAsync(kept, kept.Values.Sum() + 200);
                await Task.Delay(random.Next(0, 300));
                await server.SignalAsync("KILL");
                await server.ExitsAsync(TimeSpan.FromSeconds(10));
                await stop.CancelAsync();
                await Task.WhenAll(writers);
            }
        }

        await using var last = await StartAsync();
        await CheckAsync(kept, files);
        Assert.True(files.Count >= Kills, $"Only {files.Count} files were acknowledged: that proves little.");
    }

    /// <summary>A killed process keeps its page cache, so the test above cannot tell whether the disk was asked.</summary>
    [Fact]
    public async Task Every_point_on_PostgreSQL_is_answered_after_a_sync_of_its_disk()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not installed.");
        Assert.SkipUnless(PrivateCluster.IsInstalled, "PostgreSQL is not installed here (on Debian: apt-get install postgresql).");
        await using var cluster = await PrivateCluster.StartAsync(durable: true);
        database = ["--database", cluster.AddressOf(await cluster.CreateAsync())];
        await OpenAsync();

        // Before the server connects: its connections are processes of PostgreSQL's that begin under the tracer.
        var log = Path.Combine(folder, "syncs");
        using var tracer = Trace(log, [cluster.ProcessId, .. await ChildrenAsync(cluster.ProcessId)]);
        try
        {
            await Task.Delay(1000);
            Assert.SkipWhen(tracer.HasExited, "strace may not look at other processes here.");
            await using var server = await StartAsync();
            var run = await CreateRunAsync();
            await UntilTracedAsync(run, log, tracer);
            for (var step = 0; step < 20; step++)
            {
                var before = Syncs(log);
                await LogAsync(run, "loss", step, CancellationToken.None);
                Assert.True(Syncs(log) > before, "A point was acknowledged without a sync of the disk.");
            }
        }
        finally
        {
            tracer.Kill();
            await tracer.WaitForExitAsync();
        }
    }

    private static Process Trace(string log, IEnumerable<int> processes) =>
        Process.Start(
            "/usr/bin/strace",
            ["-f", "-q", "-e", "trace=fsync,fdatasync", "-y", "-e", "signal=none", "-o", log, .. processes.SelectMany(id => new[] { "-p", id.ToString(CultureInfo.InvariantCulture) })]);

    private static async Task<int[]> ChildrenAsync(int parent)
    {
        using var list = Process.Start(new ProcessStartInfo("ps", ["-o", "pid=", "--ppid", parent.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
        return [.. (await list.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
    }

    [Fact]
    public async Task Every_answer_follows_a_sync_of_the_disk()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not installed.");
        await OpenAsync();
        await using var server = await StartAsync();
        var run = await CreateRunAsync();
        var log = Path.Combine(folder, "syncs");
        using var tracer = Trace(log, [server.Id]);
        try
        {
            await UntilTracedAsync(run, log, tracer);
            for (var step = 0; step < 20; step++)
            {
                var before = Syncs(log);
                await LogAsync(run, "loss", step, CancellationToken.None);
                Assert.True(Syncs(log) > before, "A point was acknowledged without a sync of the disk.");
            }

            var uploaded = Syncs(log);
            using var answer = await http.PutAsync($"{root}/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/a.bin", new ByteArrayContent(new byte[100_000]));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.True(Syncs(log) >= uploaded + 3, "A file needs syncs of itself, of its folder and of its row: " + ReadShared(log));
        }
        finally
        {
            tracer.Kill();
            await tracer.WaitForExitAsync();
        }
    }

    public void Dispose()
    {
        http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task UntilBusyAsync(ConcurrentDictionary<string, int> kept, int points)
    {
        for (var tries = 0; kept.Values.Sum() < points; tries++)
        {
            Assert.True(tries < 600, "The server acknowledged nothing for a minute.");
            await Task.Delay(100);
        }
    }

    /// <summary>Attaching takes a moment; from the first recorded sync on everything is seen.</summary>
    private async Task UntilTracedAsync(string run, string log, Process tracer)
    {
        for (var tries = 0; Syncs(log) == 0; tries++)
        {
            Assert.SkipWhen(tracer.HasExited, "strace may not look at other processes here.");
            Assert.True(tries < 100, "strace never saw a sync.");
            await LogAsync(run, "warm", tries, CancellationToken.None);
            await Task.Delay(100);
        }
    }

    private static int Syncs(string log) => !File.Exists(log) ? 0 : ReadShared(log).Split('\n').Count(line => line.Contains("sync(", StringComparison.Ordinal));

    private static string ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private async Task OpenAsync()
    {
        var token = await PersonAsync("ada");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        await using var server = await StartAsync();
        using var answer = await http.PostAsJsonAsync($"{url}/api/v4/projects", new { name = "kept" });
        var project = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
        root = $"{url}/api/v4/projects/{project}/ml/mlflow";
        await server.SignalAsync("TERM");
        await server.ExitsAsync(TimeSpan.FromSeconds(30));
    }

    private async Task<SqueroProcess> StartAsync()
    {
        var server = SqueroProcess.Start(["serve", "--data", folder, "--urls", url, .. database]);
        await server.SaysAsync("serves", TimeSpan.FromMinutes(4));
        return server;
    }

    /// <summary>Logs until the server is gone, and notes what it acknowledged.</summary>
    private async Task WriteAsync(
        bool inBatches, ConcurrentDictionary<string, int> kept, ConcurrentBag<(string Path, int Bytes)> files, int kill, int writer, CancellationToken stop)
    {
        try
        {
            var run = await CreateRunAsync();
            kept[run] = 0;
            for (var step = 0; !stop.IsCancellationRequested; step++)
            {
                await (inBatches ? LogBatchAsync(run, step, stop) : LogAsync(run, "loss", step, stop));
                kept[run] += inBatches ? BatchSize : 1;
                if (step % 10 == 3)
                {
                    var (path, bytes) = ($"{run}/artifacts/{kill}-{writer}-{step}.bin", 20_000 + step);
                    using var answer = await http.PutAsync($"{root}/api/2.0/mlflow-artifacts/artifacts/0/{path}", new ByteArrayContent(new byte[bytes]), stop);
                    answer.EnsureSuccessStatusCode();
                    files.Add((path, bytes));
                }
            }
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
        {
            // The server was killed: what it had not acknowledged may be there or not.
        }
    }

    private async Task CheckAsync(ConcurrentDictionary<string, int> kept, ConcurrentBag<(string Path, int Bytes)> files)
    {
        foreach (var (run, points) in kept)
        {
            var answer = await http.GetFromJsonAsync<JsonElement>($"{root}/api/2.0/mlflow/metrics/get-history?run_id={run}&metric_key=loss");
            var found = answer.TryGetProperty("metrics", out var metrics) ? metrics.GetArrayLength() : 0;
            Assert.InRange(found, points, points + BatchSize);
        }

        foreach (var (path, bytes) in files)
        {
            Assert.Equal(bytes, (await http.GetByteArrayAsync($"{root}/api/2.0/mlflow-artifacts/artifacts/0/{path}")).Length);
        }
    }

    private async Task<string> CreateRunAsync()
    {
        using var answer = await http.PostAsJsonAsync($"{root}/api/2.0/mlflow/runs/create", new { experiment_id = "0" });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!;
    }

    private async Task LogAsync(string run, string key, int step, CancellationToken cancel)
    {
        using var answer = await http.PostAsJsonAsync($"{root}/api/2.0/mlflow/runs/log-metric", new { run_id = run, key, value = step, timestamp = step, step }, cancel);
        answer.EnsureSuccessStatusCode();
    }

    private async Task LogBatchAsync(string run, int batch, CancellationToken cancel)
    {
        var metrics = Enumerable.Range(batch * BatchSize, BatchSize).Select(step => new { key = "loss", value = (double)step, timestamp = step, step });
        using var answer = await http.PostAsJsonAsync($"{root}/api/2.0/mlflow/runs/log-batch", new { run_id = run, metrics }, cancel);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<string> PersonAsync(string name)
    {
        string[][] commands = [["user", "create", name], ["token", "create", name, "--scopes", "api"]];
        var output = "";
        foreach (var command in commands)
        {
            await using var process = SqueroProcess.Start([.. command, "--data", folder, .. database]);
            await process.ExitsAsync(TimeSpan.FromMinutes(4));
            Assert.True(process.ExitCode == 0, process.Output);
            output = process.Output;
        }

        return output.Trim().Split('\n')[^1].Trim();
    }
}
