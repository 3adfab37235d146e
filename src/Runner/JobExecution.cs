using System.Net;
using Squero.RunnerProtocol;

namespace Squero.Runner;

/// <summary>One job from the server's offer to the last report: folder, log, stages, ending.</summary>
internal sealed class JobExecution(
    JobPayload job, int slot, RunnerOptions options, ServerConnection server, Confinement confinement, WorkFolder work, RunnerLog runnerLog, TimeProvider time)
{
    private const int DefaultTimeoutSeconds = 7200;
    private const int FinalTries = 10;
    private static readonly TimeSpan LongestFinalWait = TimeSpan.FromSeconds(60);

    /// <param name="interrupt">The runner is asked to stop: the job ends as interrupted.</param>
    /// <param name="abandon">The runner does not wait any longer: nothing more is sent.</param>
    public async Task RunAsync(CancellationToken interrupt, CancellationToken abandon)
    {
        using var stop = new JobStop();
        var accepted = await server.UpdateAsync(job, new JobUpdate { State = JobStates.Running }, abandon).ConfigureAwait(false);
        if (accepted.IsDropped || accepted.Status == HttpStatusCode.NotFound)
        {
            return;
        }

        using var folder = JobFolder.Create(
            work, job.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), job.JobInfo.ProjectName,
            confinement.JobUser(slot), confinement.Mode != ConfinementMode.None);
        var variables = await ResolveVariablesAsync(folder, abandon).ConfigureAwait(false);
        var mask = new SecretMask(variables.Secrets.Append(job.Token), job.Features?.TokenMaskPrefixes ?? []);
        await using var log = new TraceLog(Path.Combine(folder.Private, "trace"), mask, options.MaxTraceBytes, job.Features?.TraceSections ?? false, time);
        var sender = new TraceSender(server, job, log, stop, options, time);
        sender.Heed(accepted);

        var ending = await RunStagesAsync(folder, variables, log, sender, stop, interrupt).ConfigureAwait(false);
        if (!stop.IsDropped)
        {
            await ReportAsync(ending, log, sender, stop, abandon).ConfigureAwait(false);
        }

        runnerLog.Write($"Job {job.Id} ended: {(stop.IsDropped ? "the server gave it up" : ending.Sentence)}.");
    }

    /// <summary>Reports a job whose execution broke before it could report itself.</summary>
    public Task GiveUpAsync(CancellationToken cancel) =>
        server.UpdateAsync(job, new JobUpdate { State = JobStates.Failed, FailureReason = FailureReasons.RunnerSystem }, cancel);

    private Task<JobVariables> ResolveVariablesAsync(JobFolder folder, CancellationToken cancel)
    {
        var own = new Dictionary<string, string>
        {
            ["CI_SERVER"] = "yes",
            ["CI_BUILDS_DIR"] = folder.Inside("builds"),
            ["CI_PROJECT_DIR"] = folder.InsideProject,
            ["CI_CONCURRENT_ID"] = slot.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["CI_CONCURRENT_PROJECT_ID"] = slot.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["CI_DISPOSABLE_ENVIRONMENT"] = "true",
            ["CI_RUNNER_VERSION"] = RunnerSelf.Version,
            ["CI_JOB_TIMEOUT"] = Timeout.TotalSeconds.ToString("0", System.Globalization.CultureInfo.InvariantCulture),
        };
        var list = job.Variables.Concat(own.Select(pair => new JobVariable { Key = pair.Key, Value = pair.Value, Raw = true }));
        return JobVariables.ResolveAsync(list, (name, value) => folder.WriteFileAsync(name, value, cancel));
    }

    private TimeSpan Timeout => TimeSpan.FromSeconds(job.RunnerInfo.Timeout > 0 ? job.RunnerInfo.Timeout : DefaultTimeoutSeconds);

    private async Task<JobEnding> RunStagesAsync(
        JobFolder folder, JobVariables variables, TraceLog log, TraceSender sender, JobStop stop, CancellationToken interrupt)
    {
        await using var timer = time.CreateTimer(_ => stop.Ask(StopCause.Timeout), null, Timeout, System.Threading.Timeout.InfiniteTimeSpan);
        await using var interruption = interrupt.Register(() => stop.Ask(StopCause.Interrupted));
        using var finished = new CancellationTokenSource();
        var sending = sender.RunAsync(finished.Token);
        try
        {
            var stages = new JobStages(job, folder, variables, log, stop, options, server, confinement);
            return await stages.RunAsync(Timeout).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return JobEnding.Failed(FailureReasons.RunnerSystem, problem.Message);
        }
        finally
        {
            await finished.CancelAsync().ConfigureAwait(false);
            await sending.ConfigureAwait(false);
        }
    }

    /// <summary>The rest of the log, then the final state, until the server has both.</summary>
    private async Task ReportAsync(JobEnding ending, TraceLog log, TraceSender sender, JobStop stop, CancellationToken abandon)
    {
        if (ending.IsSuccess)
        {
            log.Success(ending.Sentence);
        }
        else
        {
            log.Error(ending.Sentence);
        }

        log.Complete();
        var wait = TimeSpan.FromSeconds(1);
        for (var turn = 0; turn < FinalTries && !stop.IsDropped; turn++)
        {
            await sender.FlushAsync(abandon).ConfigureAwait(false);
            var answer = await server.UpdateAsync(job, ending.ToUpdate(job, log), abandon).ConfigureAwait(false);
            if (answer.Status is HttpStatusCode.OK or HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
            {
                return;
            }

            if (answer.Status == HttpStatusCode.PreconditionFailed)
            {
                sender.Restart();
                continue;
            }

            await Task.Delay(answer.Interval ?? wait, time, abandon).ConfigureAwait(false);
            wait = wait * 2 < LongestFinalWait ? wait * 2 : LongestFinalWait;
        }
    }
}
