using Squero.Kernel;

namespace Squero.Pipelines;

/// <summary>Tries finished jobs again: a new row takes the place of the old one, and what was skipped behind it comes back in line.</summary>
public sealed class RetryJob
{
    private readonly JobBoard board;

    internal RetryJob(JobBoard board) => this.board = board;

    /// <summary>Returns the new job.</summary>
    public Task<Job> RetryAsync(Job job, long? personId, CancellationToken cancel) =>
        board.ChangeAsync(
            async session =>
            {
                var now = await session.FindAsync(job.Id) ?? throw Refusal.NotFound("404 Job Not Found");
                if (!CanRetry(now))
                {
                    throw Refusal.Forbidden("403 Forbidden - Job is not retryable");
                }

                var id = await session.CloneAsync(now, JobStatus.Pending, personId, afterInterruption: false);
                await session.ReviveAsync(now.PipelineId, now.Name);
                return (await session.FindAsync(id))!;
            },
            cancel);

    /// <summary>Tries every failed or canceled job of a pipeline again. Returns how many.</summary>
    public Task<int> RetryPipelineAsync(long pipelineId, long? personId, CancellationToken cancel) =>
        board.ChangeAsync(
            async session =>
            {
                var again = (await session.ListAsync(pipelineId)).Where(job => job.Status is JobStatus.Failed or JobStatus.Canceled).ToArray();
                foreach (var job in again)
                {
                    await session.CloneAsync((await session.FindAsync(job.Id))!, JobStatus.Created, personId, afterInterruption: false);
                }

                foreach (var job in again)
                {
                    await session.ReviveAsync(pipelineId, job.Name);
                }

                return again.Length;
            },
            cancel);

    internal static bool CanRetry(Job job) =>
        job is { Retried: false, Status: JobStatus.Success or JobStatus.Failed or JobStatus.Canceled };
}
