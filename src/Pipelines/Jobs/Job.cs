namespace Squero.Pipelines;

/// <summary>
/// One script for one runner. A finished job never changes: a retry is a new row, and the old one is marked <see cref="Retried"/>.
/// </summary>
public sealed record Job
{
    public long Id { get; init; }

    public long PipelineId { get; init; }

    public long ProjectId { get; init; }

    public string Name { get; init; } = "";

    public string Stage { get; init; } = "";

    public int StageIndex { get; init; }

    public JobStatus Status { get; init; }

    public bool AllowFailure { get; init; }

    /// <summary>Starts only when somebody plays it.</summary>
    public bool IsManual => When == JobWhen.Manual;

    public long CreatedUs { get; init; }

    public long? QueuedUs { get; init; }

    public long? StartedUs { get; init; }

    public long? FinishedUs { get; init; }

    /// <summary>script_failure, runner_system_failure … (RunnerProtocol's FailureReasons).</summary>
    public string? FailureReason { get; init; }

    /// <summary>A sentence for people where the reason alone says too little.</summary>
    public string? FailureNote { get; init; }

    public int? ExitCode { get; init; }

    /// <summary>Another row took its place.</summary>
    public bool Retried { get; init; }

    public long? RunnerId { get; init; }

    public string Sha { get; init; } = "";

    public string Ref { get; init; } = "";

    public long? PersonId { get; init; }

    /// <summary>Bytes of log received.</summary>
    public long LogSize { get; init; }

    internal JobWhen When { get; init; }

    /// <summary>Attempts made, this one included.</summary>
    internal int Attempt { get; init; }

    /// <summary>True when this row was made because an earlier one was interrupted.</summary>
    internal bool AfterInterruption { get; init; }

    internal long? TouchedUs { get; init; }

    /// <summary>When a delayed job is due.</summary>
    internal long? DueUs { get; init; }

    internal int TimeoutSeconds { get; init; }

    internal string? SystemId { get; init; }

    internal string? TokenHash { get; init; }

    internal bool CancelsGracefully { get; init; }

    /// <summary>JSON of the <see cref="PlannedJob"/>.</summary>
    internal string Plan { get; init; } = "{}";

    public double? DurationSeconds(long nowUs) => StartedUs is { } start ? ((FinishedUs ?? nowUs) - start) / 1e6 : null;
}
