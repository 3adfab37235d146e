using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Squero.Kernel;
using Squero.Registry;

namespace Squero.Deployments;

/// <summary>A version that answers requests now.</summary>
internal sealed record ServingModel(Deployment Deployment, Model Model, ModelVersion Version, WorkerProcess Worker);

/// <summary>
/// Keeps what serves equal to what is wanted: starts a worker for a new deployment, lets the gateway change over once the model
/// has loaded, then ends the old worker; starts a crashed worker again, and gives up after five crashes in a row.
/// </summary>
internal sealed partial class ServingSupervisor(
    DeploymentStore deployments, ModelStore models, BlobStore blobs, WorkerProgram program, TimeProvider time, ILogger<ServingSupervisor> logger)
    : BackgroundService
{
    private const int MaxCrashes = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<long, ServingModel> serving = new();
    private readonly Dictionary<long, (int Crashes, long SinceUs)> crashes = [];
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
                foreach (var wanted in await deployments.WantedAsync(stoppingToken))
                {
                    await EnsureAsync(wanted, stoppingToken);
                }

                await wake.WaitAsync(Pause, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
        finally
        {
            await Task.WhenAll(serving.Values.Select(row => row.Worker.DisposeAsync().AsTask()));
            serving.Clear();
        }
    }

    private async Task EnsureAsync(Deployment wanted, CancellationToken cancel)
    {
        serving.TryGetValue(wanted.ModelId, out var present);
        if (present?.Deployment.Id == wanted.Id && !present.Worker.Ended.IsCompleted)
        {
            return;
        }

        if (present?.Deployment.Id == wanted.Id && await GivesUpAsync(present, cancel))
        {
            return;
        }

        try
        {
            await StartAsync(wanted, present, cancel);
        }
        catch (WorkerFailed failure)
        {
            LogFailed(wanted.Id, failure.Message);
            await deployments.FailedAsync(wanted, failure.Message, cancel);
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
        await deployments.ServesAsync(wanted, cancel);
        LogServes(model.Name, version.Number);
        if (present is not null)
        {
            _ = DrainAsync(present.Worker);
        }
    }

    /// <summary>Counts crashes; five within five minutes end the deployment.</summary>
    private async Task<bool> GivesUpAsync(ServingModel crashed, CancellationToken cancel)
    {
        var now = time.NowMicros();
        var (count, since) = crashes.GetValueOrDefault(crashed.Deployment.Id, (0, now));
        (count, since) = now - since > (long)TimeSpan.FromMinutes(5).TotalMicroseconds ? (1, now) : (count + 1, since);
        crashes[crashed.Deployment.Id] = (count, since);
        LogCrashed(crashed.Model.Name, crashed.Version.Number, count);
        if (count < MaxCrashes)
        {
            return false;
        }

        serving.TryRemove(crashed.Deployment.ModelId, out _);
        await deployments.FailedAsync(crashed.Deployment, $"The worker process of this version ended {count} times within five minutes.", cancel);
        return true;
    }

    /// <summary>Requests that are under way at the old worker may end there.</summary>
    private static async Task DrainAsync(WorkerProcess old)
    {
        await Task.Delay(DrainTime);
        await old.DisposeAsync();
    }

    [LoggerMessage(LogLevel.Information, "Model {Model} serves version {Version}")]
    private partial void LogServes(string model, long version);

    [LoggerMessage(LogLevel.Warning, "The worker of {Model} version {Version} ended unexpectedly ({Crashes} times)")]
    private partial void LogCrashed(string model, long version, int crashes);

    [LoggerMessage(LogLevel.Warning, "Deployment {DeploymentId} failed: {Sentence}")]
    private partial void LogFailed(long deploymentId, string sentence);
}
