using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Squero.Kernel;
using Squero.Registry;

namespace Squero.Deployments;

/// <summary>A version that answers requests now.</summary>
internal sealed record ServingModel(Deployment Deployment, Model Model, ModelVersion Version, WorkerProcess Worker);

/// <summary>
/// Keeps what serves equal to what is wanted: starts a worker for a new deployment, lets the gateway change over once the model
/// has loaded, then ends the old worker; starts a crashed worker again, and gives up after five crashes in a row. Every model
/// has a lane of its own, so that one that loads for minutes keeps no other waiting.
/// </summary>
internal sealed partial class ServingSupervisor(
    DeploymentStore deployments, ModelStore models, BlobStore blobs, WorkerProgram program, TimeProvider time, ILogger<ServingSupervisor> logger)
    : BackgroundService
{
    private const int MaxCrashes = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<long, ServingModel> serving = new();
    private readonly ConcurrentDictionary<WorkerProcess, bool> retiring = new();
    private readonly ConcurrentDictionary<long, (int Crashes, long SinceUs)> crashes = new();
    private readonly Dictionary<long, Task> lanes = [];
    private readonly SemaphoreSlim wake = new(0);

    public void Wake() => wake.Release();

    /// <summary>What serves for a model of a project now; null when nothing does.</summary>
    public ServingModel? Find(long projectId, string model) =>
        serving.Values.FirstOrDefault(row => row.Model.ProjectId == projectId && row.Model.Name == model);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await FillLanesAsync(stoppingToken);
                await wake.WaitAsync(Pause, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
        finally
        {
            await Task.WhenAll(lanes.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.WhenAll(serving.Values.Select(row => row.Worker).Concat(retiring.Keys).Select(worker => worker.DisposeAsync().AsTask()));
            serving.Clear();
        }
    }

    private async Task FillLanesAsync(CancellationToken cancel)
    {
        try
        {
            var all = await deployments.WantedAsync(cancel);
            EndUnwanted(all.Select(wanted => wanted.ModelId).ToHashSet());
            foreach (var wanted in all)
            {
                if (!lanes.TryGetValue(wanted.ModelId, out var lane) || lane.IsCompleted)
                {
                    lanes[wanted.ModelId] = EnsureAsync(wanted, cancel);
                }
            }
        }
        catch (DbException error)
        {
            // What serves goes on serving; the next look is in a second.
            LogBlind(error);
        }
    }

    /// <summary>What nobody wants any more ends, unless its lane is at work on it: then at the next look.</summary>
    private void EndUnwanted(HashSet<long> wanted)
    {
        foreach (var modelId in serving.Keys.Where(id => !wanted.Contains(id)))
        {
            if ((!lanes.TryGetValue(modelId, out var lane) || lane.IsCompleted) && serving.TryRemove(modelId, out var unwanted))
            {
                _ = DrainAsync(unwanted.Worker);
            }
        }
    }

    private async Task EnsureAsync(Deployment wanted, CancellationToken cancel)
    {
        serving.TryGetValue(wanted.ModelId, out var present);
        var crashed = present?.Deployment.Id == wanted.Id && present.Worker.Ended.IsCompleted;
        if (present?.Deployment.Id == wanted.Id && !crashed)
        {
            return;
        }

        try
        {
            if (!crashed || !await GivesUpAsync(wanted, "the worker process ended", cancel))
            {
                await StartAsync(wanted, present, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The server stops.
        }
        catch (Exception error)
        {
            // Anything: a model must not take the server down with it.
            LogFailed(error, wanted.Id);
            await SettleFailureAsync(wanted, error is WorkerFailed ? error.Message : $"The version could not be started: {error.Message}", cancel);
        }
    }

    private async Task StartAsync(Deployment wanted, ServingModel? present, CancellationToken cancel)
    {
        var model = await models.FindAsync(wanted.ModelId, cancel) ?? throw new WorkerFailed("The model is gone from the registry.");
        var version = await models.VersionByIdAsync(wanted.VersionId, cancel) ?? throw new WorkerFailed("The version is gone from the registry.");
        var file = (await models.FilesAsync(version.Id, cancel)).FirstOrDefault(row => row.Path == version.ModelPath)
            ?? throw new WorkerFailed($"Version {version.Number} of {model.Name} has no model file.");
        await using var bytes = blobs.OpenRead(file.Hash) ?? throw new WorkerFailed($"The file {file.Path} of version {version.Number} is gone from the store.");
        var worker = await WorkerProcess.StartAsync(program, bytes, cancel);
        _ = worker.Ended.ContinueWith(_ => Wake(), TaskScheduler.Default);
        serving[wanted.ModelId] = new ServingModel(wanted, model, version, worker);
        if (present is not null)
        {
            _ = DrainAsync(present.Worker);
        }

        await deployments.ServesAsync(wanted, cancel);
        LogServes(model.Name, version.Number);
    }

    /// <summary>A new version that cannot start has failed; one that has served before gets the chances of a crashed one.</summary>
    private async Task SettleFailureAsync(Deployment wanted, string sentence, CancellationToken cancel)
    {
        if (wanted.State == DeploymentState.Serving)
        {
            await GivesUpAsync(wanted, sentence, cancel);
        }
        else
        {
            await deployments.FailedAsync(wanted, sentence, cancel);
        }
    }

    /// <summary>Counts crashes; five within five minutes end the deployment.</summary>
    private async Task<bool> GivesUpAsync(Deployment deployment, string reason, CancellationToken cancel)
    {
        var now = time.NowMicros();
        var (count, since) = crashes.GetValueOrDefault(deployment.Id, (0, now));
        (count, since) = now - since > (long)TimeSpan.FromMinutes(5).TotalMicroseconds ? (1, now) : (count + 1, since);
        crashes[deployment.Id] = (count, since);
        LogCrashed(deployment.Id, count, reason);
        if (count < MaxCrashes)
        {
            return false;
        }

        if (serving.TryRemove(deployment.ModelId, out var crashed))
        {
            _ = DrainAsync(crashed.Worker);
        }

        await deployments.FailedAsync(deployment, $"Given up after {count} times within five minutes: {reason.TrimEnd('.')}.", cancel);
        return true;
    }

    /// <summary>Requests that are under way at the old worker may end there.</summary>
    private async Task DrainAsync(WorkerProcess old)
    {
        retiring[old] = true;
        await Task.Delay(DrainTime);
        await old.DisposeAsync();
        retiring.TryRemove(old, out _);
    }

    [LoggerMessage(LogLevel.Information, "Model {Model} serves version {Version}")]
    private partial void LogServes(string model, long version);

    [LoggerMessage(LogLevel.Warning, "Deployment {DeploymentId} broke down ({Crashes} times): {Reason}")]
    private partial void LogCrashed(long deploymentId, int crashes, string reason);

    [LoggerMessage(LogLevel.Warning, "Deployment {DeploymentId} could not start")]
    private partial void LogFailed(Exception error, long deploymentId);

    [LoggerMessage(LogLevel.Error, "The wanted deployments cannot be read")]
    private partial void LogBlind(Exception error);
}
