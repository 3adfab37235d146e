using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Squero.Kernel;
using Squero.RunnerProtocol;

namespace Squero.Pipelines;

/// <summary>
/// Finds jobs that nobody will end any more: the runner inside this process died with it, another one is silent, the time is over,
/// no runner comes. Also starts delayed jobs when they are due.
/// </summary>
internal sealed partial class JobSweep(Database database, JobBoard board, PipelineOptions options, TimeProvider time, ILogger<JobSweep> logger)
    : BackgroundService
{
    public const string InterruptedNote = "The job was interrupted: the server or its runner stopped. Retry it.";
    private static readonly TimeSpan TimeoutGrace = TimeSpan.FromMinutes(1);
    private readonly long startedUs = time.NowMicros();

    /// <summary>Before the server answers, and so before its own runner asks for jobs.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RecoverAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Nothing that the built-in runner had in hands is running any more.</summary>
    public async Task RecoverAsync(CancellationToken cancel)
    {
        foreach (var id in await IdsAsync("r.built_in = 1", new { }, cancel))
        {
            await InterruptAsync(id, cancel);
        }
    }

    public async Task SweepAsync(CancellationToken cancel)
    {
        var now = time.NowMicros();

        // A server that was away must not hold it against a runner: silence counts from its own start.
        var lost = new { builtIn = SilentBefore(now, options.BuiltInLostAfter), remote = SilentBefore(now, options.RemoteLostAfter) };
        foreach (var id in await IdsAsync(
            "COALESCE(j.touched_us, 0) < CASE WHEN r.built_in = 1 THEN @builtIn ELSE @remote END", lost, cancel))
        {
            await InterruptAsync(id, cancel);
        }

        foreach (var id in await IdsAsync("j.started_us + j.timeout_seconds * 1000000 < @over", new { over = now - Micro(TimeoutGrace) }, cancel))
        {
            await EndAsync(id, new JobEnding(JobStatus.Failed, FailureReasons.ExecutionTimeout, "The job took longer than its time limit."), cancel);
        }

        await EndStuckAsync(now, cancel);
        await StartDelayedAsync(now, cancel);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.SweepEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LogFailed(error);
            }
        }
    }

    private Task<IReadOnlyList<long>> IdsAsync(string condition, object parameters, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.ListAsync<long>(
                $"""
                SELECT j.id FROM pipelines_jobs j LEFT JOIN pipelines_runners r ON r.id = j.runner_id
                WHERE j.status IN ({(int)JobStatus.Running}, {(int)JobStatus.Canceling}) AND {condition} ORDER BY j.id LIMIT 1000
                """,
                parameters),
            cancel);

    /// <summary>Nobody's fault: the job fails, and is tried again by itself once.</summary>
    private Task InterruptAsync(long id, CancellationToken cancel) =>
        board.ChangeAsync(
            async session =>
            {
                if (await session.FindAsync(id) is not { Status: JobStatus.Running or JobStatus.Canceling } job)
                {
                    return;
                }

                if (job.Status == JobStatus.Canceling)
                {
                    await session.EndAsync(job, new JobEnding(JobStatus.Canceled, FailureReasons.JobCanceled));
                    return;
                }

                LogInterrupted(job.Id);
                await session.EndAsync(job, new JobEnding(JobStatus.Failed, FailureReasons.RunnerSystem, InterruptedNote));
                if (!job.AfterInterruption && await session.FindAsync(id) is { Retried: false })
                {
                    await session.CloneAsync(job, JobStatus.Pending, job.PersonId, afterInterruption: true);
                }
            },
            cancel);

    private Task EndAsync(long id, JobEnding ending, CancellationToken cancel) =>
        board.ChangeAsync(
            async session =>
            {
                if (await session.FindAsync(id) is { } job && !job.Status.IsFinished())
                {
                    await session.EndAsync(job, job.Status == JobStatus.Canceling ? ending with { Status = JobStatus.Canceled } : ending);
                }
            },
            cancel);

    private async Task EndStuckAsync(long now, CancellationToken cancel)
    {
        var stuck = await database.ReadAsync(
            session => session.ListAsync<long>(
                "SELECT id FROM pipelines_jobs WHERE status = @pending AND queued_us < @before ORDER BY id LIMIT 1000",
                new { pending = (int)JobStatus.Pending, before = now - Micro(options.StuckAfter) }),
            cancel);
        foreach (var id in stuck)
        {
            await EndAsync(id, new JobEnding(JobStatus.Failed, FailureReasons.StuckOrTimeout, "No runner took the job in time."), cancel);
        }
    }

    private async Task StartDelayedAsync(long now, CancellationToken cancel)
    {
        var due = await database.ReadAsync(
            session => session.ListAsync<long>(
                "SELECT id FROM pipelines_jobs WHERE status = @scheduled AND due_us <= @now ORDER BY due_us, id LIMIT 1000",
                new { scheduled = (int)JobStatus.Scheduled, now }),
            cancel);
        foreach (var id in due)
        {
            await board.ChangeAsync(
                async session =>
                {
                    if (await session.FindAsync(id) is { Status: JobStatus.Scheduled } job)
                    {
                        await session.MoveAsync(job.PipelineId, id, JobStatus.Pending);
                    }
                },
                cancel);
        }
    }

    private long SilentBefore(long now, TimeSpan limit) => now - Micro(limit) > startedUs ? now - Micro(limit) : 0;

    private static long Micro(TimeSpan span) => (long)span.TotalMicroseconds;

    [LoggerMessage(LogLevel.Warning, "Job {JobId} was interrupted: its runner is gone")]
    private partial void LogInterrupted(long jobId);

    [LoggerMessage(LogLevel.Error, "Looking for lost jobs failed")]
    private partial void LogFailed(Exception error);
}
