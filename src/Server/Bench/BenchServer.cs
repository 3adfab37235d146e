using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Squero.Accounts;
using Squero.Kernel;

namespace Squero.Server;

/// <summary>A server process of its own on a new data folder, with one administrator, for measuring from outside.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private readonly ProcessStartInfo start;
    private readonly TemporaryFolder folder;
    private Process process;

    private BenchServer(ProcessStartInfo start, Process process, TemporaryFolder folder, Uri url, string token, TimeSpan startTime) =>
        (this.start, this.process, this.folder, Url, Token, StartTime) = (start, process, folder, url, token, startTime);

    public Uri Url { get; }

    public string Token { get; }

    /// <summary>From starting the process to its first 200.</summary>
    public TimeSpan StartTime { get; }

    public static Task<BenchServer> StartAsync(CancellationToken cancel) => StartAsync(DatabaseArguments.FromEnvironment(), cancel);

    /// <param name="database">Null for SQLite.</param>
    public static async Task<BenchServer> StartAsync(DatabaseAddress? database, CancellationToken cancel)
    {
        var folder = new TemporaryFolder();
        var token = "";
        await OfflineStore.UseAsync(
            folder.Path,
            database,
            async services =>
            {
                var person = await services.GetRequiredService<CreatePerson>().CreateAsync("bench", null, null, null, true, cancel);
                (_, token) = await services.GetRequiredService<TokenStore>().CreateAsync(person.Id, "bench", [Scope.Api.Name], null, cancel);
            },
            cancel);
        var url = FreeAddress();
        var start = OwnProgram(["serve", "--data", folder.Path, "--urls", url]);
        start.Environment[DatabaseArguments.Variable] = database?.Secret ?? "";
        return await StartAsync(start, folder, url, token, cancel);
    }

    /// <summary>The server that only copies files, as a process of its own as well.</summary>
    public static Task<BenchServer> StartPlainAsync(CancellationToken cancel)
    {
        var (folder, url) = (new TemporaryFolder(), FreeAddress());
        return StartAsync(OwnProgram(["bench", PlainFileServer.CommandName, url, folder.Path]), folder, url, "", cancel);
    }

    private static async Task<BenchServer> StartAsync(ProcessStartInfo start, TemporaryFolder folder, string url, string token, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            var process = await StartAsync(start, url, cancel);
            return new BenchServer(start, process, folder, new Uri(url), token, watch.Elapsed);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static async Task<Process> StartAsync(ProcessStartInfo start, string url, CancellationToken cancel)
    {
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        try
        {
            await AnsweringAsync(process, url, cancel);
            return process;
        }
        catch
        {
            await EndAsync(process);
            throw;
        }
    }

    /// <summary>Starts the server again at the same place, after the machine has forgotten what it read and wrote.</summary>
    public async Task StartColdAsync(CancellationToken cancel)
    {
        await EndAsync(process);
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories))
        {
            // What is not on the disk yet stays in memory: it goes there first. Then `dd` of nothing tells the kernel to let go.
            using var sync = Process.Start("sync", [file]);
            await sync.WaitForExitAsync(cancel);
            using var forget = Process.Start("dd", [$"if={file}", "iflag=nocache", "count=0", "status=none"]);
            await forget.WaitForExitAsync(cancel);
        }

        process = await StartAsync(start, Url.ToString(), cancel);
    }

    /// <summary>What the data folder holds now, in GB.</summary>
    public double DataGigabytes() => Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length) / 1e9;

    public int ProcessId => process.Id;

    /// <summary>Resident memory of the process now, in MB.</summary>
    public double ResidentMegabytes()
    {
        process.Refresh();
        return process.WorkingSet64 / 1e6;
    }

    /// <summary>The most that it has had resident so far, in MB.</summary>
    public double PeakMegabytes()
    {
        process.Refresh();
        return process.PeakWorkingSet64 / 1e6;
    }

    /// <summary>Processor time that the process has used so far.</summary>
    public TimeSpan ProcessorTime()
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    public static ProcessStartInfo OwnProgram(IReadOnlyList<string> arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "squero.dll");
        var isHosted = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        return new ProcessStartInfo(Environment.ProcessPath!, isHosted ? [program, .. arguments] : arguments) { RedirectStandardOutput = true };
    }

    /// <summary>Where nobody listens yet.</summary>
    public static string FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync(process);
        folder.Dispose();
    }

    private static async Task EndAsync(Process process)
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task AnsweringAsync(Process process, string url, CancellationToken cancel)
    {
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        while (!await AnswersAsync(client, cancel))
        {
            if (process.HasExited)
            {
                throw new StoryFailed("The server to be measured ended at once.");
            }

            await Task.Delay(2, cancel);
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient client, CancellationToken cancel)
    {
        try
        {
            using var answer = await client.GetAsync("/health", cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
