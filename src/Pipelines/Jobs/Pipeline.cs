namespace Squero.Pipelines;

/// <summary>
/// What an event set off at one commit: a set of <see cref="Job"/>s in stages. Its state is put together from theirs and never set by hand;
/// a finished pipeline comes to life again when a job of it is retried or played.
/// </summary>
public sealed record Pipeline
{
    public long Id { get; init; }

    /// <summary>Number within the project.</summary>
    public long Iid { get; init; }

    public long ProjectId { get; init; }

    /// <summary>Short name of the branch or tag; of a merge request its source branch.</summary>
    public string Ref { get; init; } = "";

    public string Sha { get; init; } = "";

    public string BeforeSha { get; init; } = "";

    public JobStatus Status { get; init; }

    /// <summary>CI_PIPELINE_SOURCE: push, web, api, merge_request_event …</summary>
    public string Source { get; init; } = "";

    public long? PersonId { get; init; }

    /// <summary>workflow:name; null when there is none.</summary>
    public string? Name { get; init; }

    public long CreatedUs { get; init; }

    public long UpdatedUs { get; init; }

    public long? StartedUs { get; init; }

    public long? FinishedUs { get; init; }

    /// <summary>What is wrong with the pipeline file, one sentence a line; null when nothing is.</summary>
    public string? Errors { get; init; }

    public long? MergeRequestIid { get; init; }

    /// <summary>True for a tag's pipeline.</summary>
    public bool IsTag => RefKind == RefKind.Tag;

    internal RefKind RefKind { get; init; }

    /// <summary>JSON of what planning was given.</summary>
    internal string Context { get; init; } = "{}";
}
