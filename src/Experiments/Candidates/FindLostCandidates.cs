using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>What the operator of a server may set.</summary>
public sealed record ExperimentLimits
{
    /// <summary>How long a candidate without a job may log nothing and still count as running.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromHours(24);
}

/// <summary>
/// A process that was killed never says that its candidate ended. One that belongs to no job, and has logged nothing for long,
/// is marked as lost; should it log again, it runs again. Candidates of jobs end with their job.
/// </summary>
public sealed partial class FindLostCandidates(Database database, CandidateLog log, ExperimentLimits limits, TimeProvider time, ILogger<FindLostCandidates> logger)
    : BackgroundService
{
    private const int AtOnce = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    /// <summary>Marks those that are lost now. Returns how many.</summary>
    public async Task<int> MarkAsync(CancellationToken cancel)
    {
        var marked = await database.WriteAsync(MarkAsync, cancel);
        if (marked > 0)
        {
            log.ForgetActivity();
        }

        return marked;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Pause, time, stoppingToken);
                await TryMarkAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The next start looks again.
        }
    }

    private async Task TryMarkAsync(CancellationToken cancel)
    {
        try
        {
            while (await MarkAsync(cancel) == AtOnce)
            {
            }
        }
        catch (DbException error)
        {
            LogFailed(error);
        }
    }

    private async Task<int> MarkAsync(WriteSession session)
    {
        var limit = session.NowMicros - (long)limits.IdleLimit.TotalMicroseconds;
        var lost = await session.ListAsync<Candidate>(
            $"""
            SELECT {CandidateStore.Columns} FROM experiments_candidates c
            WHERE c.status <= 2 AND c.job_id IS NULL AND c.created_us < @limit AND c.active_us < @limit
              AND NOT EXISTS (SELECT 1 FROM experiments_files f WHERE f.project_id = c.project_id AND f.candidate_id = c.id AND f.created_us >= @limit)
            ORDER BY c.id LIMIT {AtOnce}
            """,
            new { limit });
        foreach (var candidate in lost)
        {
            await session.ExecuteAsync(
                "UPDATE experiments_candidates SET status = @status, note = @note WHERE id = @Id",
                new { candidate.Id, status = (int)CandidateStatus.Lost, note = $"It has logged nothing for {limits.IdleLimit.TotalHours:0.#} hours; its process is probably gone." });
            await session.PublishAsync(new CandidateFinished(candidate.ProjectId, candidate.Id, CandidateStatus.Lost));
        }

        return lost.Count;
    }

    [LoggerMessage(LogLevel.Error, "Lost candidates could not be looked for; the next look is in ten minutes")]
    private partial void LogFailed(Exception error);
}
