using System.Globalization;
using Squero.RunnerProtocol;

namespace Squero.Runner;

/// <summary>How a job ended, as it is reported; <paramref name="Sentence"/> is for its log.</summary>
internal sealed record JobEnding(string State, string? Reason, int ExitCode, string Sentence)
{
    public static JobEnding Success { get; } = new(JobStates.Success, null, 0, "Job succeeded");

    public bool IsSuccess => State == JobStates.Success;

    public static JobEnding ScriptFailed(int code) => Failed(FailureReasons.Script, string.Create(CultureInfo.InvariantCulture, $"exit code {code}"), code);

    public static JobEnding Failed(string reason, string sentence, int code = 0) => new(JobStates.Failed, reason, code, "Job failed: " + sentence);

    public static JobEnding Stopped(StopCause cause, TimeSpan timeout) => cause switch
    {
        StopCause.Timeout => Failed(FailureReasons.ExecutionTimeout, string.Create(CultureInfo.InvariantCulture, $"execution took longer than {timeout.TotalSeconds:0} seconds")),
        StopCause.Interrupted => Failed(FailureReasons.RunnerInterrupted, "the runner was stopped; the job can be retried"),
        _ => Failed(FailureReasons.JobCanceled, "canceled"),
    };

    /// <summary>The body of the last call; a reason that the server does not list becomes the general one.</summary>
    public JobUpdate ToUpdate(JobPayload job, TraceLog log)
    {
        var known = job.Features?.FailureReasons;
        var always = Reason is null or FailureReasons.Script or FailureReasons.ExecutionTimeout or FailureReasons.JobCanceled;
        return new JobUpdate
        {
            State = State,
            FailureReason = always || known is null || known.Contains(Reason) ? Reason : FailureReasons.RunnerSystem,
            ExitCode = ExitCode == 0 ? null : ExitCode,
            Checksum = log.Checksum,
            Output = new TraceOutput { Checksum = log.Checksum, Size = log.Size },
        };
    }
}

/// <summary>A stage of a job could not be done; the job ends with this.</summary>
internal sealed class StageFailure(string reason, string sentence) : Exception(sentence)
{
    public JobEnding Ending { get; } = JobEnding.Failed(reason, sentence);
}
