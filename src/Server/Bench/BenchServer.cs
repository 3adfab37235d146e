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
    private readonly Process process;
    private readonly TemporaryFolder folder;

    private BenchServer(Process process, TemporaryFolder folder, Uri url, string token, TimeSpan startTime) =>
        (this.process, this.folder, Url, Token, StartTime) = (process, folder, url, token, startTime);

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
        start.Environment["DOTNET_TieredPGO"] = "0"; // As ./squero starts a server.
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
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        try
        {
            await AnsweringAsync(process, url, cancel);
            return new BenchServer(process, folder, new Uri(url), token, watch.Elapsed);
        }
        catch
        {
            await EndAsync(process, folder);
            throw;
        }
    }

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

    public async ValueTask DisposeAsync() => await EndAsync(process, folder);

    private static async Task EndAsync(Process process, TemporaryFolder folder)
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        folder.Dispose();
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
