using Squero.Kernel;

namespace Squero.Pipelines;

/// <summary>Starts a manual job, or a delayed one before its time.</summary>
public sealed class PlayJob
{
    private readonly JobBoard board;

    internal PlayJob(JobBoard board) => this.board = board;

    public Task<Job> PlayAsync(Job job, long? personId, CancellationToken cancel) =>
        board.ChangeAsync(
            async session =>
            {
                var now = await session.FindAsync(job.Id) ?? throw Refusal.NotFound("404 Job Not Found");
                if (now.Status is not (JobStatus.Manual or JobStatus.Scheduled))
                {
                    throw Refusal.Invalid("400 Bad request - Unplayable Job");
                }

                await session.Sql.ExecuteAsync("UPDATE pipelines_jobs SET person_id = @personId WHERE id = @Id", new { job.Id, personId });
                await session.MoveAsync(now.PipelineId, now.Id, JobStatus.Pending);
                await session.ReviveAsync(now.PipelineId, now.Name);
                return (await session.FindAsync(job.Id))!;
            },
            cancel);
}
