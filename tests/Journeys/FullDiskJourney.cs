using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Squero.Journeys;

/// <summary>A data folder on a disk of 64 MB, which fills up, and later takes nothing any more.</summary>
public sealed class FullDiskJourney : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("squero-disk-").FullName;
    private readonly string url = $"http://127.0.0.1:{SqueroProcess.FreePort()}";
    private readonly HttpClient http = new();
    private readonly List<string> mounted = [];
    private string root = "";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task What_does_not_fit_is_told_and_what_was_acknowledged_stays()
    {
        Assert.SkipUnless(await MountAsync("-t", "tmpfs", "-o", "size=64m", "squero", folder), "This takes the right to mount a disk.");
        await using var server = await StartAsync();
        var run = await CreateRunAsync();
        using (var kept = await PutAsync(run, "small.bin", 1_000_000))
        {
            Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
        }

        await ToldAsync(await PutAsync(run, "large.bin", 100_000_000), "disk is full");
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "blobs"), "draft-*"));

        var ballast = Path.Combine(folder, "ballast");
        await FillAsync(ballast);
        var acknowledged = await LogUntilRefusedAsync(run);
        await ToldAsync(await PutAsync(run, "none.bin", 1_000_000), "disk is full");
        File.Delete(ballast);
        await LogAsync(run, 1_000_000);
        Assert.InRange(await PointsAsync(run), acknowledged + 1, acknowledged + 2);
        Assert.Equal(["small.bin"], await FilesAsync(run));

        var blobs = Path.Combine(folder, "blobs");
        Assert.True(await MountAsync("--bind", blobs, blobs));
        await RunAsync("mount", "-o", "remount,ro,bind", blobs);
        await ToldAsync(await PutAsync(run, "late.bin", 1000), "cannot be written");
        await LogAsync(run, 1_000_001);
        Assert.Equal(["small.bin"], await FilesAsync(run));
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        foreach (var place in Enumerable.Reverse(mounted))
        {
            await RunAsync("umount", "-l", place);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task ToldAsync(HttpResponseMessage answer, string sentence)
    {
        Assert.Equal(HttpStatusCode.InsufficientStorage, answer.StatusCode);
        Assert.Contains(sentence, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("message").GetString(), StringComparison.Ordinal);
        answer.Dispose();
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }

    private static async Task FillAsync(string file)
    {
        await using var ballast = File.Create(file);
        var part = new byte[65_536];
        try
        {
            while (true)
            {
                await ballast.WriteAsync(part);
                await ballast.FlushAsync();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private async Task<bool> MountAsync(params string[] arguments)
    {
        if (!await RunAsync("mount", arguments))
        {
            return false;
        }

        mounted.Add(arguments[^1]);
        return true;
    }

    /// <summary>How many points were acknowledged before one was refused, which is told.</summary>
    private async Task<int> LogUntilRefusedAsync(string run)
    {
        for (var step = 0; step < 200_000; step++)
        {
            var answer = await PostAsync("runs/log-metric", Point(run, step));
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                await ToldAsync(answer, "disk is full");
                return step;
            }

            answer.Dispose();
        }

        throw new InvalidOperationException("The disk never was full.");
    }

    private static object Point(string run, int step) => new { run_id = run, key = "loss", value = step, timestamp = step, step };

    private async Task LogAsync(string run, int step)
    {
        using var answer = await PostAsync("runs/log-metric", Point(run, step));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private Task<HttpResponseMessage> PostAsync(string call, object body) => http.PostAsJsonAsync($"{root}/api/2.0/mlflow/{call}", body);

    private Task<HttpResponseMessage> PutAsync(string run, string path, int bytes) =>
        http.PutAsync($"{root}/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/{path}", new ByteArrayContent(new byte[bytes]));

    private async Task<int> PointsAsync(string run)
    {
        var answer = await http.GetFromJsonAsync<JsonElement>($"{root}/api/2.0/mlflow/metrics/get-history?run_id={run}&metric_key=loss");
        return answer.GetProperty("metrics").GetArrayLength();
    }

    private async Task<string[]> FilesAsync(string run)
    {
        var answer = await http.GetFromJsonAsync<JsonElement>($"{root}/api/2.0/mlflow/artifacts/list?run_id={run}");
        return [.. answer.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("path").GetString()!)];
    }

    private async Task<string> CreateRunAsync()
    {
        using var answer = await PostAsync("runs/create", new { experiment_id = "0" });
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!;
    }

    private async Task<SqueroProcess> StartAsync()
    {
        var token = "";
        foreach (var command in (string[][])[["user", "create", "ada"], ["token", "create", "ada", "--scopes", "api"]])
        {
            await using var process = SqueroProcess.Start([.. command, "--data", folder]);
            await process.ExitsAsync(TimeSpan.FromMinutes(4));
            token = process.Output.Trim().Split('\n')[^1].Trim();
        }

        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var server = SqueroProcess.Start("serve", "--data", folder, "--urls", url);
        await server.SaysAsync("serves", TimeSpan.FromMinutes(4));
        using var made = await http.PostAsJsonAsync($"{url}/api/v4/projects", new { name = "kept" });
        var project = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
        root = $"{url}/api/v4/projects/{project}/ml/mlflow";
        return server;
    }
}
