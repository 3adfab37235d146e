using System.Diagnostics;

namespace Squero.Tests.Runner;

/// <summary>The runner as a process of its own, by <c>squero runner</c>.</summary>
internal sealed class RunnerProcess : IDisposable
{
    private readonly Process process;

    private RunnerProcess(Process process) => this.process = process;

    public int Id => process.Id;

    public static async Task<RunnerProcess> StartAsync(
        RunnerFixture fixture, bool asNobody = false, string? hidden = null, string? path = null, bool allowUnconfined = false)
    {
        var nobody = asNobody && Environment.UserName == "root";
        string[] command =
        [
            Path.Combine(AppContext.BaseDirectory, "squero"), "runner", "--url", fixture.Peer.Address.ToString(),
            "--work", Path.Combine(fixture.Folder, "work"), "--hide", hidden ?? fixture.Data,
            .. allowUnconfined ? ["--allow-unconfined-jobs"] : Array.Empty<string>(),
        ];
        var start = nobody
            ? new ProcessStartInfo("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", .. command])
            : new ProcessStartInfo(command[0], command[1..]);
        start.RedirectStandardOutput = true;
        start.Environment["SQUERO_RUNNER_TOKEN"] = ForgePeer.RunnerToken;
        if (path is not null)
        {
            start.Environment["PATH"] = path;
        }

        if (nobody)
        {
            // The data folder belongs to the runner's user, as it would when server and runner are one process.
            using var give = Process.Start("chown", ["-R", "65534:65534", fixture.Folder]);
            await give.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return new RunnerProcess(process);
    }

    /// <summary>SIGTERM, and a clean exit.</summary>
    public async Task StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{Id}"]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>SIGKILL for this one process only.</summary>
    public async Task KillAsync()
    {
        process.Kill(entireProcessTree: false);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: false);
        }

        process.Dispose();
    }
}
