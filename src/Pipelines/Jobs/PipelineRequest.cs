namespace Squero.Pipelines;

/// <summary>An event that may make a pipeline.</summary>
public sealed record PipelineRequest
{
    public required long ProjectId { get; init; }

    /// <summary>Short name of a branch or tag.</summary>
    public required string Ref { get; init; }

    public bool IsTag { get; init; }

    public required string Sha { get; init; }

    /// <summary>What the ref held before; null or zeros when there is no diff to look at.</summary>
    public string? BeforeSha { get; init; }

    /// <summary>push, web, api, merge_request_event …</summary>
    public required string Source { get; init; }

    public long? PersonId { get; init; }

    /// <summary>Given for this one pipeline; they win over all others.</summary>
    public IReadOnlyList<JobVariable> Variables { get; init; } = [];

    /// <summary>The same key makes one pipeline, however often it is asked for.</summary>
    public string? OnceKey { get; init; }

    /// <summary>For source merge_request_event.</summary>
    public PipelineMergeRequest? MergeRequest { get; init; }
}

/// <summary>What a pipeline for a merge request has to know of it.</summary>
public sealed record PipelineMergeRequest(
    long Id, long Iid, string SourceBranch, string TargetBranch, string Title, string Description, bool Draft, string? DiffBaseSha);

/// <summary>How an attempt to make a pipeline ended.</summary>
public abstract record PipelineOutcome
{
    private PipelineOutcome()
    {
    }

    public sealed record Created(Pipeline Pipeline) : PipelineOutcome;

    /// <summary>The file is wrong. The pipeline (failed, with the errors) is there when a push made it, else null.</summary>
    public sealed record Invalid(IReadOnlyList<string> Errors, Pipeline? Pipeline) : PipelineOutcome;

    /// <summary>No file, rules that let nothing through, or [skip ci]: the sentence says it.</summary>
    public sealed record Nothing(string Reason, string Sentence) : PipelineOutcome;
}
