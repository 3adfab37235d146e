using Microsoft.AspNetCore.Http;
using Squero.Kernel;
using Squero.RunnerProtocol;

namespace Squero.Pipelines;

/// <summary>PUT /jobs/:id and PATCH /jobs/:id/trace: what a runner tells of its job while it lasts.</summary>
internal sealed class JobReports(JobStore jobs, JobBoard board, LogStore logs, Database database)
{
    public async Task<IResult> UpdateAsync(HttpContext context, long id, CancellationToken cancel)
    {
        var update = await RunnerCalls.ReadAsync(context, ProtocolJson.Default.JobUpdate, cancel);
        var job = await FindAsync(context, id, update.Token, cancel);
        var ending = EndingOf(update);
        if (job.Status is not (JobStatus.Running or JobStatus.Canceling))
        {
            // The same last word once more is no mistake: the first answer may have been lost.
            var repeated = ending is not null && (job.Status == ending.Status || (job.Status == JobStatus.Canceled && ending.Status == JobStatus.Failed));
            return repeated ? Answer(context, job, StatusCodes.Status200OK) : Gone(context, job);
        }

        if (ending is null)
        {
            await TouchAsync(id, cancel);
            return Answer(context, job, StatusCodes.Status200OK);
        }

        if (await logs.AskAgainAsync(job, update.Output, update.Checksum, cancel))
        {
            return Answer(context, job, StatusCodes.Status412PreconditionFailed);
        }

        return Answer(context, await FinishAsync(id, ending, cancel), StatusCodes.Status200OK);
    }

    public async Task<IResult> TraceAsync(HttpContext context, long id, CancellationToken cancel)
    {
        var job = await FindAsync(context, id, null, cancel);
        if (job.Status is not (JobStatus.Running or JobStatus.Canceling))
        {
            return Gone(context, job);
        }

        if (TraceRange.ParseStart(context.Request.Headers.ContentRange) is not { } start)
        {
            throw Refusal.Invalid("400 Missing header Content-Range");
        }

        await using var piece = new MemoryStream();
        await RunnerCalls.CopyAsync(context.Request.Body, piece, 2 * TraceRange.MaxPatchBytes, cancel);
        var outcome = await logs.AppendAsync(job, start, piece.GetBuffer().AsMemory(0, (int)piece.Length), cancel);
        var (status, size) = outcome switch
        {
            LogOutcome.Appended appended => (StatusCodes.Status202Accepted, appended.Size),
            LogOutcome.Gap gap => (StatusCodes.Status416RangeNotSatisfiable, gap.Size),
            _ => throw new InvalidOperationException("Not an outcome."),
        };
        context.Response.Headers.Range = TraceRange.ForAnswer(size);
        return Answer(context, job, status);
    }

    /// <summary>The job, if the token is its own; 403 tells the runner to give it up.</summary>
    public async Task<Job> FindAsync(HttpContext context, long id, string? tokenInBody, CancellationToken cancel)
    {
        var token = RunnerCalls.TokenOf(context, tokenInBody, RunnerHeaders.JobToken);
        var job = await jobs.FindAsync(id, cancel);
        return job?.TokenHash is { } hash && hash == SecretText.Hash(token) ? job : throw RunnerCalls.Forbidden();
    }

    private static JobEnding? EndingOf(JobUpdate update) => update.State switch
    {
        JobStates.Success => new JobEnding(JobStatus.Success),
        JobStates.Failed => new JobEnding(
            JobStatus.Failed,
            update.FailureReason is { Length: > 0 } reason
                ? FailureReasons.All.Contains(reason) ? reason : FailureReasons.Unknown
                : FailureReasons.Script,
            null,
            update.ExitCode),
        _ => null,
    };

    private Task<Job> FinishAsync(long id, JobEnding ending, CancellationToken cancel) =>
        board.ChangeAsync(
            async session =>
            {
                var job = (await session.FindAsync(id))!;
                if (job.Status is JobStatus.Running or JobStatus.Canceling)
                {
                    await session.EndAsync(
                        job, job.Status == JobStatus.Canceling ? ending with { Status = JobStatus.Canceled, Reason = FailureReasons.JobCanceled } : ending);
                    logs.Forget(id);
                }

                return (await session.FindAsync(id))!;
            },
            cancel);

    private Task TouchAsync(long id, CancellationToken cancel) =>
        database.WriteAsync(
            session => session.ExecuteAsync("UPDATE pipelines_jobs SET touched_us = @NowMicros WHERE id = @id", new { id, session.NowMicros }), cancel);

    private IResult Answer(HttpContext context, Job job, int status)
    {
        context.Response.Headers[RunnerHeaders.JobStatus] = job.Status.ToWord();
        context.Response.Headers[RunnerHeaders.TraceUpdateInterval] = logs.UpdateInterval(job.Id);
        return Results.Text($"{status}", "text/plain", statusCode: status);
    }

    private static IResult Gone(HttpContext context, Job job)
    {
        context.Response.Headers[RunnerHeaders.JobStatus] = job.Status.ToWord();
        return Results.Json(new { message = "403 Forbidden - Job is not running" }, statusCode: StatusCodes.Status403Forbidden);
    }
}
