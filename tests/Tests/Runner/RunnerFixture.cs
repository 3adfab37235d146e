using System.Globalization;
using Squero.Runner;
using Squero.RunnerProtocol;

namespace Squero.Tests.Runner;

/// <summary>A peer and a runner at work, in a folder of their own that holds a secret the jobs must not read.</summary>
internal sealed class RunnerFixture : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly StringWriter log = new(CultureInfo.InvariantCulture);
    private Task? running;

    private RunnerFixture(string folder, ForgePeer peer)
    {
        Folder = folder;
        Peer = peer;
    }

    public string Folder { get; }

    public ForgePeer Peer { get; }

    public string Data => Path.Combine(Folder, "data");

    public string Log => log.ToString();

    public static async Task<RunnerFixture> StartAsync(Func<RunnerOptions, RunnerOptions>? change = null)
    {
        var fixture = await WithoutRunnerAsync();
        fixture.running = new RunnerLoop((change ?? (options => options))(fixture.Options), fixture.log, TimeProvider.System).RunAsync(fixture.stop.Token);
        return fixture;
    }

    /// <summary>For tests that start the runner as a process.</summary>
    public static async Task<RunnerFixture> WithoutRunnerAsync()
    {
        // Not in /tmp: a job's own /tmp would hide the data folder even if nothing else did.
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "runner-" + Path.GetRandomFileName())).FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)0x1ED);
        Directory.CreateDirectory(Path.Combine(folder, "data", "inner"));
        await File.WriteAllTextAsync(Path.Combine(folder, "data", "inner", "secret"), "the-crown-jewels\n");
        return new RunnerFixture(folder, await ForgePeer.StartAsync(folder));
    }

    public RunnerOptions Options => new()
    {
        Server = Peer.Address,
        Token = ForgePeer.RunnerToken,
        WorkFolder = Path.Combine(Folder, "work"),
        HiddenPaths = [Data],
        PollInterval = TimeSpan.FromMilliseconds(50),
        KeepAliveInterval = TimeSpan.FromMilliseconds(200),
    };

    public async Task<(JobUpdate End, PeerJob Job)> RunAsync(JobPayload payload)
    {
        var job = Peer.Add(payload);
        return (await job.EndAsync(), job);
    }

    /// <summary>Stops the runner and waits until it has done so.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await (running ?? Task.CompletedTask);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Peer.DisposeAsync();
        stop.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
