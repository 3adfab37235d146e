namespace Squero.Pipelines;

/// <summary>State of a job; stages and pipelines have the same words (<see cref="CompositeStatus"/>).</summary>
public enum JobStatus
{
    Created,
    WaitingForResource,
    Preparing,
    WaitingForCallback,
    Pending,
    Running,
    Canceling,
    Success,
    Failed,
    Canceled,
    Skipped,
    Manual,
    Scheduled,
}

/// <summary>The snake_case spelling of states, as in the API and the database.</summary>
public static class JobStatusWords
{
    private static readonly string[] Words =
    [
        "created", "waiting_for_resource", "preparing", "waiting_for_callback", "pending", "running", "canceling",
        "success", "failed", "canceled", "skipped", "manual", "scheduled",
    ];

    public static string ToWord(this JobStatus status) => Words[(int)status];

    /// <summary>Null for a word that is no state.</summary>
    public static JobStatus? Parse(string word) => Array.IndexOf(Words, word) is >= 0 and var index ? (JobStatus)index : null;

    /// <summary>Success, failed, canceled or skipped: nothing moves it any more but a person.</summary>
    public static bool IsFinished(this JobStatus status) =>
        status is JobStatus.Success or JobStatus.Failed or JobStatus.Canceled or JobStatus.Skipped;

    /// <summary>Taking up a runner, or about to.</summary>
    public static bool IsActive(this JobStatus status) =>
        status is JobStatus.WaitingForResource or JobStatus.Preparing or JobStatus.WaitingForCallback or JobStatus.Pending
            or JobStatus.Running or JobStatus.Canceling;
}
