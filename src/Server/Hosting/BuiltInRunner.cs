using Squero.Kernel;
using Squero.Pipelines;
using Squero.Runner;

namespace Squero.Server;

/// <summary>
/// Runs jobs inside the server process, over the same protocol as any other runner: it asks this server by HTTP and has a
/// token of its own. Jobs cannot read the data folder.
/// </summary>
internal sealed class BuiltInRunner(
    ServeOptions options, DataFolder data, ServerAddress address, RunnerStore runners, IHostApplicationLifetime lifetime, ILogger<BuiltInRunner> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await StartedAsync(stoppingToken);
        var runner = new RunnerOptions
        {
            Server = address.External,
            Token = await runners.EnsureBuiltInAsync(stoppingToken),
            Concurrency = Math.Clamp(Environment.ProcessorCount, 1, 8),
            HiddenPaths = [data.Root],
            AllowUnconfinedJobs = options.AllowUnconfinedJobs,
            Name = "built-in",
        };
        await RunnerEntry.RunAsync(runner, new LogWriter(logger), stoppingToken);
    }

    /// <summary>The first question can only be answered once the server listens.</summary>
    private async Task StartedAsync(CancellationToken cancel)
    {
        var started = new TaskCompletionSource();
        await using var on = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(cancel);
    }
}
