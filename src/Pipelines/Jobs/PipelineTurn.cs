using Squero.RunnerProtocol;

namespace Squero.Pipelines;

/// <summary>Moves one pipeline on after a change: turns of its jobs, resource groups, then its own state.</summary>
internal static class PipelineTurn
{
    public static async Task SettleAsync(BoardSession board, long pipelineId)
    {
        var pipeline = await board.Sql.FirstAsync<Pipeline>(
            $"SELECT {PipelineStore.Columns} FROM pipelines_pipelines WHERE id = @pipelineId", new { pipelineId });
        if (pipeline is null || pipeline.Errors is not null)
        {
            return;
        }

        var jobs = await board.ListAsync(pipelineId);
        jobs = await CancelRestAsync(board, pipeline, jobs);
        jobs = await TakeTurnsAsync(board, pipeline, jobs);
        await FreeResourcesAsync(board, pipeline.ProjectId, jobs);
        await ComposeAsync(board, pipeline, await board.ListAsync(pipelineId));
    }

    /// <summary>workflow:auto_cancel:on_job_failure: the first failure that counts ends the others.</summary>
    private static async Task<IReadOnlyList<BoardJob>> CancelRestAsync(BoardSession board, Pipeline pipeline, IReadOnlyList<BoardJob> jobs)
    {
        if (!jobs.Any(job => job.Status == JobStatus.Failed && !job.AllowFailure)
            || await board.Sql.CountAsync("SELECT cancel_on_failure FROM pipelines_pipelines WHERE id = @Id", new { pipeline.Id }) == 0)
        {
            return jobs;
        }

        foreach (var job in jobs.Where(job => !job.Status.IsFinished() && job.Status != JobStatus.Canceling))
        {
            await CancelJob.CancelAsync(board, (await board.FindAsync(job.Id))!, force: false);
        }

        return await board.ListAsync(pipeline.Id);
    }

    private static async Task<IReadOnlyList<BoardJob>> TakeTurnsAsync(BoardSession board, Pipeline pipeline, IReadOnlyList<BoardJob> jobs)
    {
        if (jobs.All(job => job.Status != JobStatus.Created))
        {
            return jobs;
        }

        foreach (var change in JobTurn.Due([.. jobs.Select(job => job.ToTurn())]))
        {
            await EnterAsync(board, pipeline, jobs.First(job => job.Id == change.Id), change.To);
        }

        return await board.ListAsync(pipeline.Id);
    }

    private static async Task EnterAsync(BoardSession board, Pipeline pipeline, BoardJob job, JobStatus to)
    {
        var plan = job.Planned();
        if (to == JobStatus.Pending && plan.IsBridge)
        {
            await board.EndAsync(
                (await board.FindAsync(job.Id))!,
                new JobEnding(JobStatus.Failed, FailureReasons.RunnerUnsupported, "This server does not start child pipelines yet: take `trigger` out of this job."));
            return;
        }

        await board.MoveAsync(pipeline.Id, job.Id, to);
        if (to == JobStatus.Scheduled)
        {
            await board.Sql.ExecuteAsync(
                "UPDATE pipelines_jobs SET due_us = @due WHERE id = @Id",
                new { job.Id, due = board.Sql.NowMicros + (plan.StartInSeconds ?? 0) * 1_000_000L });
        }
    }

    /// <summary>One job of a resource group at a time in the whole project, the oldest first.</summary>
    private static async Task FreeResourcesAsync(BoardSession board, long projectId, IReadOnlyList<BoardJob> jobs)
    {
        foreach (var group in jobs.Select(job => job.ResourceGroup).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            var busy = await board.Sql.CountAsync(
                "SELECT count(*) FROM pipelines_jobs WHERE project_id = @projectId AND resource_group = @group AND retried = 0 AND status IN @holding",
                new { projectId, group, holding = new[] { (int)JobStatus.Pending, (int)JobStatus.Running, (int)JobStatus.Canceling } });
            var next = busy > 0
                ? null
                : await board.Sql.FirstAsync<Waiting>(
                    """
                    SELECT id, pipeline_id FROM pipelines_jobs
                    WHERE project_id = @projectId AND resource_group = @group AND retried = 0 AND status = @waiting ORDER BY id LIMIT 1
                    """,
                    new { projectId, group, waiting = (int)JobStatus.WaitingForResource });
            if (next is not null)
            {
                await board.MoveAsync(next.PipelineId, next.Id, JobStatus.Pending);
            }
        }
    }

    private static async Task ComposeAsync(BoardSession board, Pipeline pipeline, IReadOnlyList<BoardJob> jobs)
    {
        var status = CompositeStatus.Of(jobs.Select(job => new JobState(job.Status, job.AllowFailure))) ?? pipeline.Status;
        if (status == pipeline.Status)
        {
            return;
        }

        var started = pipeline.StartedUs ?? (status is JobStatus.Running or JobStatus.Success or JobStatus.Failed ? board.Sql.NowMicros : null);
        await board.Sql.ExecuteAsync(
            "UPDATE pipelines_pipelines SET status = @status, started_us = @started, finished_us = @finished, updated_us = @NowMicros WHERE id = @Id",
            new
            {
                pipeline.Id,
                status = (int)status,
                started,
                finished = status.IsFinished() ? board.Sql.NowMicros : (long?)null,
                board.Sql.NowMicros,
            });
        if (status.IsFinished())
        {
            await board.Sql.PublishAsync(new PipelineFinished(pipeline.ProjectId, pipeline.Id, pipeline.Sha, pipeline.Ref, status));
        }
    }

    private sealed record Waiting
    {
        public long Id { get; init; }

        public long PipelineId { get; init; }
    }
}
