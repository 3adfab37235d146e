namespace Squero.Experiments;

/// <summary>How an attempt stands. The numbers are stored.</summary>
public enum CandidateStatus
{
    Running = 1,
    Scheduled = 2,
    Finished = 3,
    Failed = 4,
    Killed = 5,

    /// <summary>Nobody said how it ended; it has logged nothing for long.</summary>
    Lost = 6,
}

/// <summary>One attempt at a model: params, metrics, artifacts, origin.</summary>
public sealed record Candidate
{
    public long Id { get; init; }

    /// <summary>32 hexadecimal digits, unique on the server; what clients call it.</summary>
    public string Uid { get; init; } = "";

    public long ProjectId { get; init; }

    public long ExperimentId { get; init; }

    /// <summary>The number within the project, for people: c-91.</summary>
    public long Iid { get; init; }

    public string Name { get; init; } = "";

    public CandidateStatus Status { get; init; }

    public long StartedUs { get; init; }

    public long? EndedUs { get; init; }

    public long CreatedUs { get; init; }

    public long? PersonId { get; init; }

    /// <summary>What the client said its user is called; not an account.</summary>
    public string UserName { get; init; } = "";

    /// <summary>Why the server ended it, when it did.</summary>
    public string? Note { get; init; }

    public bool Deleted { get; init; }

    public long? JobId { get; init; }

    public long? PipelineId { get; init; }

    public string? Sha { get; init; }

    public string? Ref { get; init; }

    /// <summary>Where it comes from, as a fact: only a candidate logged with a job's token has one.</summary>
    public Origin? Origin =>
        JobId is { } job && PipelineId is { } pipeline && Sha is { } sha ? new Origin(job, pipeline, sha, Ref ?? "") : null;

    public bool HasEnded => Status is not (CandidateStatus.Running or CandidateStatus.Scheduled);

    public string Label => $"c-{Iid}";
}

/// <summary>The job, pipeline and commit that made a candidate.</summary>
public sealed record Origin(long JobId, long PipelineId, string Sha, string Ref);

/// <summary>A candidate ended, or its status was set again after its end.</summary>
public sealed record CandidateFinished(long ProjectId, long CandidateId, CandidateStatus Status);
