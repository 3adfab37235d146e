using Squero.Kernel;
using Squero.Pipelines;
using Squero.Runner;

namespace Squero.Server;

/// <summary>
/// Runs jobs inside the server process, over the same protocol as any other runner: it asks this server by HTTP and has a
/// token of its own. Jobs cannot read the data folder.
/// </summary>
internal sealed class BuiltInRunner(
    ServeOptions options, DataFolder data, ServerAddress address, RunnerStore runners, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<BuiltInRunner> logger)
    : BackgroundService, IHostedLifecycleService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await ListeningAsync(stoppingToken))
        {
            return;
        }

        var runner = new RunnerOptions
        {
            Server = address.External,
            Token = await runners.EnsureBuiltInAsync(stoppingToken),
            Concurrency = Math.Clamp(Environment.ProcessorCount, 1, 8),
            HiddenPaths = [data.Root],
            AllowUnconfinedJobs = options.AllowUnconfinedJobs,
            Name = "built-in",
        };
        await new RunnerLoop(runner, new LogWriter(logger), time).RunAsync(stoppingToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before the server stops to listen: running jobs are ended, and can still say that they were interrupted.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => StopAsync(cancellationToken);

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The first question can only be answered once the server listens. False: it will not.</summary>
    private async Task<bool> ListeningAsync(CancellationToken cancel)
    {
        var started = new TaskCompletionSource<bool>();
        await using var on = lifetime.ApplicationStarted.Register(() => started.TrySetResult(true));
        await using var off = cancel.Register(() => started.TrySetResult(false));
        return await started.Task;
    }
}
