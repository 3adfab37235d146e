namespace Squero.Pipelines;

/// <summary>What counts of a job when it is put together with others.</summary>
internal readonly record struct JobState(JobStatus Status, bool AllowFailure);

/// <summary>The one state of a set of jobs: a stage, a pipeline, or everything before a job. Retried jobs are left out by the caller.</summary>
internal static class CompositeStatus
{
    /// <summary>Null for an empty set.</summary>
    /// <param name="graph">True for the needs of a job, where skipped and ignored jobs count against it.</param>
    public static JobStatus? Of(IEnumerable<JobState> jobs, bool graph = false)
    {
        var seen = Marks.None;
        foreach (var job in jobs)
        {
            seen |= MarkOf(job);
        }

        return seen == Marks.None ? null : graph ? OfGraph(seen) ?? OfSet(seen) : OfSet(seen);
    }

    /// <summary>Did a job fail, or was canceled, that may?</summary>
    public static bool HasWarnings(IEnumerable<JobState> jobs) => jobs.Any(job => MarkOf(job) == Marks.Warning);

    private static Marks MarkOf(JobState job) => job.Status switch
    {
        JobStatus.Failed or JobStatus.Canceled when job.AllowFailure => Marks.Warning,
        JobStatus.Manual when job.AllowFailure => Marks.Ignored,
        var status => (Marks)(1 << (int)status),
    };

    private static JobStatus? OfGraph(Marks seen)
    {
        if ((seen & (Marks.Skipped | Marks.Ignored)) != 0)
        {
            return JobStatus.Skipped;
        }

        return Only(seen, Marks.Success | Marks.Failed | Marks.Canceled | Marks.Warning) ? null : JobStatus.Pending;
    }

    private static JobStatus OfSet(Marks seen)
    {
        const Marks passing = Marks.Warning | Marks.Ignored;
        return seen switch
        {
            _ when Only(seen, Marks.Skipped | Marks.Ignored) => JobStatus.Skipped,
            _ when Only(seen, Marks.Success | Marks.Skipped | passing) => JobStatus.Success,
            _ when Only(seen, Marks.Created | passing) => JobStatus.Created,
            _ when Only(seen, Marks.Preparing | passing) => JobStatus.Preparing,
            _ when Only(seen, Marks.Canceled | Marks.Success | Marks.Skipped | passing) => JobStatus.Canceled,
            _ when Only(seen, Marks.Pending | Marks.Created | Marks.Skipped | passing) => JobStatus.Pending,
            _ when Any(seen, Marks.Running | Marks.Pending) => JobStatus.Running,
            _ when Any(seen, Marks.WaitingForResource) => JobStatus.WaitingForResource,
            _ when Any(seen, Marks.Manual) => JobStatus.Manual,
            _ when Any(seen, Marks.Scheduled) => JobStatus.Scheduled,
            _ when Any(seen, Marks.Preparing) => JobStatus.Preparing,
            _ when Any(seen, Marks.Created) => JobStatus.Running,
            _ when Any(seen, Marks.Canceling) => JobStatus.Canceling,
            _ => JobStatus.Failed,
        };
    }

    private static bool Only(Marks seen, Marks allowed) => (seen & ~allowed) == 0;

    private static bool Any(Marks seen, Marks wanted) => (seen & wanted) != 0;

    [Flags]
    private enum Marks
    {
        None = 0,
        Created = 1 << JobStatus.Created,
        WaitingForResource = 1 << JobStatus.WaitingForResource,
        Preparing = 1 << JobStatus.Preparing,
        WaitingForCallback = 1 << JobStatus.WaitingForCallback,
        Pending = 1 << JobStatus.Pending,
        Running = 1 << JobStatus.Running,
        Canceling = 1 << JobStatus.Canceling,
        Success = 1 << JobStatus.Success,
        Failed = 1 << JobStatus.Failed,
        Canceled = 1 << JobStatus.Canceled,
        Skipped = 1 << JobStatus.Skipped,
        Manual = 1 << JobStatus.Manual,
        Scheduled = 1 << JobStatus.Scheduled,
        Warning = 1 << 20,
        Ignored = 1 << 21,
    }
}
