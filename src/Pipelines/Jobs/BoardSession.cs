using Squero.Kernel;
using Squero.RunnerProtocol;

namespace Squero.Pipelines;

/// <summary>One transaction on the states of jobs. Pipelines touched here are settled when it ends.</summary>
internal sealed class BoardSession(WriteSession session)
{
    private const int MaxAttemptsOfStopped = 10;
    private readonly SortedSet<long> touched = [];

    public WriteSession Sql { get; } = session;

    /// <summary>Did a job become pending?</summary>
    public bool Woke { get; private set; }

    public void Touch(long pipelineId) => touched.Add(pipelineId);

    public Task<Job?> FindAsync(long jobId) => JobStore.FindAsync(Sql, jobId);

    public Task<IReadOnlyList<BoardJob>> ListAsync(long pipelineId) =>
        Sql.ListAsync<BoardJob>(
            """
            SELECT id, name, stage_index, status, allow_failure, start_when, resource_group, plan
            FROM pipelines_jobs WHERE pipeline_id = @pipelineId AND retried = 0 ORDER BY position, id
            """,
            new { pipelineId });

    /// <summary>Puts a job that is not taken by a runner into another waiting state.</summary>
    public async Task MoveAsync(long pipelineId, long jobId, JobStatus to)
    {
        Touch(pipelineId);
        await Sql.ExecuteAsync(
            """
            UPDATE pipelines_jobs SET status = @to, queued_us = CASE WHEN @pending = 1 THEN @NowMicros ELSE NULL END WHERE id = @jobId
            """,
            new { jobId, to = (int)to, pending = to == JobStatus.Pending ? 1 : 0, Sql.NowMicros });
        Woke |= to == JobStatus.Pending;
    }

    /// <summary>Ends a job for good, and makes the row of its next attempt when its rules ask for one.</summary>
    public async Task EndAsync(Job job, JobEnding ending)
    {
        Touch(job.PipelineId);
        var plan = PlannedJobJson.Read(job.Plan);
        var allowed = ending.Status == JobStatus.Failed && plan.AllowFailureExitCodes.Count > 0
            ? ending.ExitCode is { } code && plan.AllowFailureExitCodes.Contains(code)
            : job.AllowFailure;
        await Sql.ExecuteAsync(
            """
            UPDATE pipelines_jobs SET status = @status, allow_failure = @allowed, failure_reason = @Reason, failure_note = @Note, exit_code = @ExitCode,
                finished_us = @NowMicros, touched_us = @NowMicros WHERE id = @Id
            """,
            new
            {
                job.Id,
                status = (int)ending.Status,
                allowed = allowed ? 1 : 0,
                ending.Reason,
                ending.Note,
                ending.ExitCode,
                Sql.NowMicros,
            });
        await Sql.PublishAsync(new JobFinished(job.ProjectId, job.Id, job.PipelineId, ending.Status));
        if (ending.Status == JobStatus.Failed
            && (plan.Retry?.IsDue(ending.Reason ?? FailureReasons.Unknown, ending.ExitCode, job.Attempt) == true || IsStopped(job, ending)))
        {
            await CloneAsync(job, JobStatus.Pending, job.PersonId, job.AfterInterruption);
        }
    }

    /// <summary>
    /// Whoever stops a runner, or a server with its own, means no job by it: what was running begins again when there is a
    /// runner. Not for ever, in case a runner says so of every job.
    /// </summary>
    private static bool IsStopped(Job job, JobEnding ending) => ending.Reason == FailureReasons.RunnerInterrupted && job.Attempt < MaxAttemptsOfStopped;

    /// <summary>A new row in the place of a finished one.</summary>
    public async Task<long> CloneAsync(Job job, JobStatus status, long? personId, bool afterInterruption)
    {
        Touch(job.PipelineId);
        Woke |= status == JobStatus.Pending;
        await Sql.ExecuteAsync("UPDATE pipelines_jobs SET retried = 1 WHERE id = @Id", new { job.Id });
        var plan = PlannedJobJson.Read(job.Plan);
        return await Sql.InsertAsync(
            """
            INSERT INTO pipelines_jobs (pipeline_id, project_id, position, name, stage, stage_index, status, allow_failure, start_when, created_us,
                queued_us, attempt, after_interruption, person_id, timeout_seconds, resource_group, tags, plan)
            SELECT pipeline_id, project_id, position, name, stage, stage_index, @status, @allowed, start_when, @NowMicros,
                @queued, attempt + 1, @interrupted, @personId, timeout_seconds, resource_group, tags, plan
            FROM pipelines_jobs WHERE id = @Id RETURNING id
            """,
            new
            {
                job.Id,
                status = (int)status,
                allowed = plan.AllowFailure ? 1 : 0,
                queued = status == JobStatus.Pending ? Sql.NowMicros : (long?)null,
                interrupted = afterInterruption ? 1 : 0,
                personId,
                Sql.NowMicros,
            });
    }

    /// <summary>Puts skipped jobs behind the named one back in line, because it is played or retried.</summary>
    public async Task ReviveAsync(long pipelineId, string name)
    {
        var jobs = await ListAsync(pipelineId);
        foreach (var id in JobTurn.Revived([.. jobs.Select(job => job.ToTurn())], name))
        {
            await MoveAsync(pipelineId, id, JobStatus.Created);
        }
    }

    /// <summary>Lets jobs take their turn and puts pipelines' states together, until nothing moves.</summary>
    public async Task SettleAsync()
    {
        while (touched.Count > 0)
        {
            var pipelineId = touched.Min;
            touched.Remove(pipelineId);
            await PipelineTurn.SettleAsync(this, pipelineId);
        }
    }
}
