using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Squero.RunnerProtocol;

namespace Squero.Pipelines;

/// <summary>POST /jobs/request: a job for the runner, or 204 and the state of the queue. Held while that state is what the runner knows.</summary>
internal sealed partial class JobRequests(
    RunnerStore runners, ClaimJob claim, JobPayloads payloads, JobQueue queue, JobBoard board, PipelineOptions options,
    IHostApplicationLifetime lifetime, ILogger<JobRequests> logger)
{
    public async Task<IResult> AnswerAsync(HttpContext context, CancellationToken cancel)
    {
        var request = await RunnerCalls.ReadAsync(context, ProtocolJson.Default.JobRequest, cancel);
        var token = RunnerCalls.TokenOf(context, request.Token, RunnerHeaders.RunnerToken);
        var runner = await runners.FindByTokenAsync(token, cancel) ?? throw RunnerCalls.Forbidden();
        await runners.NoteContactAsync(runner, request.SystemId ?? "", request.Info, RunnerCalls.AddressOf(context), cancel);

        if (request.LastUpdate is { Length: > 0 } known && known == queue.Version)
        {
            await HoldAsync(known, cancel);
        }

        // Read before looking: what comes between is then not missed by the next request.
        var version = queue.Version;
        if (!runner.Paused && !lifetime.ApplicationStopping.IsCancellationRequested && await claim.ClaimAsync(runner, request, cancel) is { } claimed)
        {
            return await HandOutAsync(claimed, runner, cancel);
        }

        context.Response.Headers[RunnerHeaders.LastUpdate] = version;
        return Results.NoContent();
    }

    /// <summary>Until the queue changes, the time is over, or the server stops.</summary>
    private async Task HoldAsync(string known, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping);
        try
        {
            await queue.WaitAsync(known, options.HoldRequest, either.Token);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The runner is answered at once and asks the next server.
        }
    }

    /// <summary>A job that cannot be written down for a runner fails at once, and says why.</summary>
    private async Task<IResult> HandOutAsync(ClaimedJob claimed, Runner runner, CancellationToken cancel)
    {
        try
        {
            var payload = await payloads.WriteAsync(claimed, runner, cancel);
            return RunnerCalls.Json(payload, ProtocolJson.Default.JobPayload, StatusCodes.Status201Created);
        }
        catch (Exception error)
        {
            LogNotHandedOut(error, claimed.Job.Id);
            var wentAway = error is OperationCanceledException;
            await board.ChangeAsync(
                session => wentAway
                    ? session.MoveAsync(claimed.Job.PipelineId, claimed.Job.Id, JobStatus.Pending)
                    : session.EndAsync(
                        claimed.Job,
                        new JobEnding(JobStatus.Failed, FailureReasons.DataIntegrity, $"The job could not be handed to a runner: {error.Message}")),
                CancellationToken.None);
            return Results.Json(new { message = "409 Conflict" }, statusCode: StatusCodes.Status409Conflict);
        }
    }

    [LoggerMessage(LogLevel.Error, "Job {JobId} could not be handed to a runner")]
    private partial void LogNotHandedOut(Exception error, long jobId);
}
