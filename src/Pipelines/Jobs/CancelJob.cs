using Squero.Kernel;
using Squero.RunnerProtocol;

namespace Squero.Pipelines;

/// <summary>
/// Cancels jobs. One that runs on a runner that can end gracefully is canceling until the runner has said so;
/// canceling it once more ends it at once.
/// </summary>
public sealed class CancelJob
{
    private readonly JobBoard board;

    internal CancelJob(JobBoard board) => this.board = board;

    public Task<Job> CancelAsync(Job job, bool force, CancellationToken cancel) =>
        board.ChangeAsync(
            async session =>
            {
                var now = await session.FindAsync(job.Id) ?? throw Refusal.NotFound("404 Job Not Found");
                if (now.Status.IsFinished())
                {
                    throw Refusal.Forbidden($"The job `{now.Name}` has already ended ({now.Status.ToWord()}).");
                }

                await CancelAsync(session, now, force || now.Status == JobStatus.Canceling);
                return (await session.FindAsync(job.Id))!;
            },
            cancel);

    /// <summary>Cancels all that has not ended; jobs that have are left as they are.</summary>
    public Task CancelPipelineAsync(long pipelineId, CancellationToken cancel) =>
        board.ChangeAsync(session => CancelPipelineAsync(session, pipelineId), cancel);

    internal static async Task CancelPipelineAsync(BoardSession session, long pipelineId)
    {
        foreach (var job in (await session.ListAsync(pipelineId)).Where(job => !job.Status.IsFinished()))
        {
            await CancelAsync(session, (await session.FindAsync(job.Id))!, force: false);
        }
    }

    internal static async Task CancelAsync(BoardSession session, Job job, bool force)
    {
        if (job.Status is JobStatus.Running or JobStatus.Canceling && job.CancelsGracefully && !force)
        {
            session.Touch(job.PipelineId);
            await session.Sql.ExecuteAsync(
                "UPDATE pipelines_jobs SET status = @status WHERE id = @Id", new { job.Id, status = (int)JobStatus.Canceling });
            return;
        }

        await session.EndAsync(job, new JobEnding(JobStatus.Canceled, job.StartedUs is null ? null : FailureReasons.JobCanceled));
    }
}
