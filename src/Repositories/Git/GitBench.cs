using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Squero.Repositories;

/// <summary>Seconds are those of the best round; a ratio is HTTP over file://, both measured in turns in the same run.</summary>
public sealed record GitFigures(
    double CloneSeconds, double CloneFileSeconds, double CloneRatio, double PushSeconds, double PushFileSeconds, double PushRatio, double RepositoryMb, double? ServerRssMb);

/// <summary>
/// What the server costs compared with no server: clone and push of a generated repository of about 100 MB over <c>file://</c>
/// and over HTTP, by the git client of this machine.
/// </summary>
public static class GitBench
{
    // The best round counts: whatever else the machine does only ever adds time, and adds more to what needs more processes.
    private const int Rounds = 5;

    /// <summary>The token needs the scope api; projects called bench-… are left in its owner's namespace.</summary>
    public static async Task<GitFigures> RunAsync(Uri server, string token, TextWriter report, CancellationToken cancel, int? serverProcessId = null)
    {
        var root = Directory.CreateTempSubdirectory("squero-bench-git-").FullName;
        try
        {
            using var client = new BenchClient(root, server, token);
            await report.WriteLineAsync("git: clone and push of a generated repository, git client over file:// and over HTTP in turns, the best of "
                + Rounds.ToString(CultureInfo.InvariantCulture) + " rounds");
            var size = await client.GenerateAsync(cancel);
            var watch = new PeakMemory(serverProcessId);
            var figures = await MeasureAsync(client, size, watch, cancel);
            await WriteAsync(report, figures);
            return figures;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task<GitFigures> MeasureAsync(BenchClient client, double size, PeakMemory memory, CancellationToken cancel)
    {
        var (pushes, filePushes, clones, fileClones) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var owner = await client.OwnerAsync(cancel);
        for (var round = 0; round < Rounds; round++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"bench-{Stopwatch.GetTimestamp():x}");
            filePushes.Add(await client.PushToFileAsync(round, cancel));
            pushes.Add(await client.PushToServerAsync($"{owner}/{name}", cancel));
            memory.Look();
            fileClones.Add(await client.CloneFileAsync(cancel));
            clones.Add(await client.CloneServerAsync($"{owner}/{name}", cancel));
            memory.Look();
        }

        return new GitFigures(
            clones.Min(), fileClones.Min(), clones.Min() / fileClones.Min(), pushes.Min(), filePushes.Min(), pushes.Min() / filePushes.Min(),
            size, memory.Megabytes);
    }

    private static Task WriteAsync(TextWriter report, GitFigures figures) =>
        report.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"""
                          HTTP      file://   ratio
              clone   {figures.CloneSeconds,7:0.00} s {figures.CloneFileSeconds,7:0.00} s   {figures.CloneRatio:0.00}
              push    {figures.PushSeconds,7:0.00} s {figures.PushFileSeconds,7:0.00} s   {figures.PushRatio:0.00}
              repository {figures.RepositoryMb:0} MB, server memory {(figures.ServerRssMb is { } rss ? rss.ToString("0", CultureInfo.InvariantCulture) + " MB" : "not known")}
            """));

    /// <summary>The largest resident size seen, from the system's own high-water mark where it keeps one.</summary>
    private sealed class PeakMemory(int? processId)
    {
        public double? Megabytes { get; private set; }

        public void Look()
        {
            if (processId is { } id)
            {
                using var process = Process.GetProcessById(id);
                Megabytes = Math.Max(Megabytes ?? 0, process.PeakWorkingSet64 / (1024.0 * 1024));
            }
        }
    }
}

/// <summary>The git client of the bench: its own process settings, nothing of the person's configuration.</summary>
internal sealed class BenchClient(string root, Uri server, string token) : IDisposable
{
    private const int Commits = 300;
    private const int NoiseBytes = 330 * 1024;
    private readonly HttpClient http = new() { BaseAddress = server };
    private int clones;

    private string Source => Path.Combine(root, "source.git");

    /// <summary>Makes the repository and returns its size in megabytes.</summary>
    public async Task<double> GenerateAsync(CancellationToken cancel)
    {
        await RunAsync(root, null, cancel, "init", "-q", "--bare", "-b", "main", Source);
        await RunAsync(Source, WriteHistoryAsync, cancel, "fast-import", "--quiet");
        return Directory.EnumerateFiles(Source, "*.pack", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length) / (1024.0 * 1024);
    }

    public async Task<string> OwnerAsync(CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v4/user");
        request.Headers.Add("PRIVATE-TOKEN", token);
        using var answer = await http.SendAsync(request, cancel);
        answer.EnsureSuccessStatusCode();
        return (string?)(await answer.Content.ReadFromJsonAsync<JsonObject>(cancel))?["username"] ?? throw new InvalidOperationException("The server did not name the token's owner.");
    }

    public async Task<double> PushToFileAsync(int round, CancellationToken cancel)
    {
        var target = Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"target-{round}.git"));
        await RunAsync(root, null, cancel, "init", "-q", "--bare", target);
        return await RunAsync(Source, null, cancel, "push", "-q", "file://" + target, "main");
    }

    public Task<double> PushToServerAsync(string project, CancellationToken cancel) => RunAsync(Source, null, cancel, "push", "-q", Remote(project), "main");

    public Task<double> CloneFileAsync(CancellationToken cancel) => CloneAsync("file://" + Source, cancel);

    public Task<double> CloneServerAsync(string project, CancellationToken cancel) => CloneAsync(Remote(project), cancel);

    public void Dispose() => http.Dispose();

    private async Task<double> CloneAsync(string from, CancellationToken cancel)
    {
        var target = Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"clone-{clones++}"));
        var seconds = await RunAsync(root, null, cancel, "clone", "-q", "--bare", from, target);
        Directory.Delete(target, recursive: true);
        return seconds;
    }

    private string Remote(string project) => $"{server.Scheme}://token:{Uri.EscapeDataString(token)}@{server.Authority}/{project}.git";

    // One text file that changes and one file of noise per commit: noise does not compress, as weights and pictures do not.
    private static async Task WriteHistoryAsync(Stream to)
    {
        var random = new Random(20260101);
        var noise = new byte[NoiseBytes];
        for (var number = 0; number < Commits; number++)
        {
            random.NextBytes(noise);
            var text = string.Join('\n', Enumerable.Range(0, 200).Select(line => $"line {line} of version {(line % 20 == number % 20 ? number : 0)}"));
            await WriteAsync(to, $"commit refs/heads/main\ncommitter Bench <bench@example.org> {1700000000 + number} +0000\ndata 6\nCommit\n");
            await WriteAsync(to, $"M 100644 inline src/module_{number % 40}.py\ndata {text.Length}\n{text}\n");
            await WriteAsync(to, $"M 100644 inline data/part_{number}.bin\ndata {noise.Length}\n");
            await to.WriteAsync(noise);
            await WriteAsync(to, "\n\n");
        }

        await WriteAsync(to, "done\n");
    }

    private static async Task WriteAsync(Stream to, string text) => await to.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text));

    private async Task<double> RunAsync(string folder, Func<Stream, Task>? input, CancellationToken cancel, params string[] arguments)
    {
        var start = new ProcessStartInfo("git") { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardInput = input is not null };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["HOME"] = root;
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start) ?? throw new InvalidOperationException("git could not be started.");
        var error = process.StandardError.ReadToEndAsync(cancel);
        if (input is not null)
        {
            await input(process.StandardInput.BaseStream);
            process.StandardInput.Close();
        }

        await process.WaitForExitAsync(cancel);
        return process.ExitCode == 0
            ? watch.Elapsed.TotalSeconds
            : throw new InvalidOperationException($"git {arguments[0]} ended with {process.ExitCode}: {(await error).Replace(token, "…", StringComparison.Ordinal)}");
    }
}
