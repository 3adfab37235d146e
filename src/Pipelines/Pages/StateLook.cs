using Squero.Ui;

namespace Squero.Pipelines;

/// <summary>How states look: a tone and a word, never the tone alone.</summary>
public static class StateLook
{
    public static Tone ToneOf(JobStatus status, bool allowFailure = false) => status switch
    {
        JobStatus.Success => Tone.Ok,
        JobStatus.Failed => allowFailure ? Tone.Warn : Tone.Bad,
        JobStatus.Running or JobStatus.Canceling => Tone.Run,
        JobStatus.Manual => Tone.Accent,
        _ => Tone.Muted,
    };

    public static string WordOf(JobStatus status, bool allowFailure = false) => status switch
    {
        JobStatus.Success => "passed",
        JobStatus.Failed when allowFailure => "failed, allowed",
        JobStatus.WaitingForResource => "waiting",
        JobStatus.WaitingForCallback => "waiting",
        _ => status.ToWord(),
    };

    /// <summary>"7 m 12 s", or nothing before the start.</summary>
    public static string Duration(long? startedUs, long? finishedUs, long nowUs) =>
        startedUs is { } start ? TimeText.Duration(TimeSpan.FromMicroseconds(Math.Max(0, (finishedUs ?? nowUs) - start))) : "";

    /// <summary>What a failure reason means, for people.</summary>
    public static string SentenceOf(Job job) => job.FailureNote ?? job.FailureReason switch
    {
        "script_failure" => job.ExitCode is { } code ? $"The script ended with exit code {code}." : "The script failed.",
        "runner_system_failure" => "The runner had a fault of its own. Retry the job.",
        "job_execution_timeout" => "The job took longer than its time limit.",
        "job_canceled" => "The job was canceled.",
        "missing_dependency_failure" => "Files of an earlier job that this one needs are gone. Retry that job first.",
        "runner_external_dependency_failure" => "The runner could not reach the repository or the artifacts.",
        "runner_configuration_error" => "The runner is not set up to run this job.",
        "runner_interrupted" => "The runner was stopped while the job ran. If it has not begun again by itself, retry it.",
        null => "",
        var other => $"Reason: {other.Replace('_', ' ')}.",
    };
}
