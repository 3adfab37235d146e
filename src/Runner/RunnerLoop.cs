using Squero.RunnerProtocol;

namespace Squero.Runner;

/// <summary>
/// The runner: asks the server for jobs and executes them, several at a time, until it is cancelled. Give the writer that
/// is to have its log; needs bash, git and on Linux util-linux on the machine.
/// </summary>
public sealed class RunnerLoop(RunnerOptions options, TextWriter log, TimeProvider time)
{
    private const int UnknownsBeforeRest = 3;
    private static readonly TimeSpan RestAfterUnknown = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(30);
    private readonly RunnerLog runnerLog = new(log, time);

    /// <summary>Returns when it was cancelled and the running jobs have reported that they were interrupted.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        options.Check();
        using var work = WorkFolder.Open(options.WorkFolder);
        using var server = new ServerConnection(options, time);
        var confinement = new Confinement(options, work);
        try
        {
            await confinement.ProbeAsync(cancel).ConfigureAwait(false);
            Announce(confinement, work);
            await PollAsync(server, confinement, work, cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            runnerLog.Write($"The runner has stopped.");
        }
    }

    private void Announce(Confinement confinement, WorkFolder work)
    {
        runnerLog.Write($"Runner for {options.Server} with room for {options.Concurrency} jobs, in {work.Path}.");
        if (confinement.Obstacle is { } obstacle)
        {
            runnerLog.Write($"Jobs will be refused: {obstacle}");
        }
        else if (confinement.Mode == ConfinementMode.None)
        {
            runnerLog.Write($"Jobs are NOT isolated: they can read whatever this user can.");
        }
    }

    private async Task PollAsync(ServerConnection server, Confinement confinement, WorkFolder work, CancellationToken cancel)
    {
        // Jobs outlive the cancel by the grace, to report.
        using var abandon = new CancellationTokenSource();
        await using var stopping = cancel.Register(() => abandon.CancelAfter(options.ShutdownGrace));
        var slots = new Task?[options.Concurrency];
        var pace = new Pace(options.PollInterval);
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                var slot = await FreeSlotAsync(slots, cancel).ConfigureAwait(false);
                var offer = await server.RequestJobAsync(pace.LastUpdate, cancel).ConfigureAwait(false);
                if (offer is JobOffer.Taken taken)
                {
                    pace.Reset();
                    runnerLog.Write($"Job {taken.Job.Id} ({taken.Job.JobInfo.ProjectFullPath ?? taken.Job.JobInfo.ProjectName}) begins.");
                    var execution = new JobExecution(taken.Job, slot, options, server, confinement, work, runnerLog, time);
                    slots[slot] = GuardAsync(execution, taken.Job, cancel, abandon.Token);
                    continue;
                }

                await Task.Delay(pace.After(offer, runnerLog), time, cancel).ConfigureAwait(false);
            }
        }
        finally
        {
            await Task.WhenAll(slots.OfType<Task>()).ConfigureAwait(false);
        }
    }

    private static async Task<int> FreeSlotAsync(Task?[] slots, CancellationToken cancel)
    {
        while (true)
        {
            var free = Array.FindIndex(slots, task => task is null or { IsCompleted: true });
            if (free >= 0)
            {
                return free;
            }

            await Task.WhenAny(slots.OfType<Task>()).WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    /// <summary>A job must not end the runner, whatever happens to it.</summary>
    private async Task GuardAsync(JobExecution execution, JobPayload job, CancellationToken interrupt, CancellationToken abandon)
    {
        try
        {
            await execution.RunAsync(interrupt, abandon).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested)
        {
            runnerLog.Write($"Job {job.Id} could not report its end before the runner stopped.");
        }
#pragma warning disable CA1031 // Whatever it is, the other jobs go on and the log says it.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            runnerLog.Write($"Job {job.Id} broke: {problem}");
            await execution.GiveUpAsync(abandon).ConfigureAwait(false);
        }
    }

    /// <summary>How long to wait before the next question.</summary>
    private sealed class Pace(TimeSpan interval)
    {
        private int unknowns;
        private int failures;

        public string? LastUpdate { get; private set; }

        public void Reset()
        {
            LastUpdate = null;
            unknowns = 0;
            failures = 0;
        }

        public TimeSpan After(JobOffer offer, RunnerLog log)
        {
            switch (offer)
            {
                case JobOffer.Nothing nothing:
                    Reset();
                    LastUpdate = nothing.LastUpdate;
                    return interval;
                case JobOffer.Unknown:
                    log.Write($"The server does not know this runner's token.");
                    return ++unknowns < UnknownsBeforeRest ? interval : RestAfterUnknown;
                case JobOffer.Failed failed:
                    log.Write($"No answer to the question for a job: {failed.Reason}");
                    var longer = interval * Math.Pow(2, Math.Min(failures++, 10));
                    return longer < LongestBackOff ? longer : LongestBackOff;
                default:
                    return interval;
            }
        }
    }
}
