namespace Squero.Experiments;

/// <summary>How a trace ended. The numbers are stored.</summary>
public enum TraceState
{
    Unspecified = 0,
    Ok = 1,
    Error = 2,
    InProgress = 3,
}

/// <summary>What a program did when it answered once. Its id is the client's, unique in the project alone.</summary>
public sealed record Trace
{
    public const int MaxUid = 128;
    public const int MaxPreview = 10_000;

    public long Id { get; init; }

    public string Uid { get; init; } = "";

    public long ProjectId { get; init; }

    public long ExperimentId { get; init; }

    /// <summary>UTC milliseconds.</summary>
    public long StartedMs { get; init; }

    /// <summary>Null while it has not ended.</summary>
    public long? DurationMs { get; init; }

    public TraceState State { get; init; }

    /// <summary>What the client calls the request that it answers.</summary>
    public string? RequestUid { get; init; }

    public string? RequestPreview { get; init; }

    public string? ResponsePreview { get; init; }

    /// <summary>False: whoever began it keeps its spans in a file.</summary>
    public bool KeepsSpans { get; init; }

    /// <summary>The pipeline of the job that began it; null for people.</summary>
    public long? PipelineId { get; init; }

    public IReadOnlyList<NamedText> Tags { get; init; } = [];

    public IReadOnlyList<NamedText> Metadata { get; init; } = [];
}

/// <summary>One step of a trace. <see cref="Body"/> is all of it, as its writer wrote it.</summary>
public sealed record Span
{
    public const int MaxName = 1000;

    /// <summary>So much of a span's attributes and content is searched, in characters.</summary>
    public const int MaxSearched = 20_000;

    public string Uid { get; init; } = "";

    /// <summary>Null for the root.</summary>
    public string? ParentUid { get; init; }

    public string Name { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Status { get; init; } = "";

    public long StartedNs { get; init; }

    /// <summary>0 while it has not ended.</summary>
    public long EndedNs { get; init; }

    /// <summary>A JSON object of texts, as <c>{"name": "value", …}</c>.</summary>
    public string Attributes { get; init; } = "";

    public string Content { get; init; } = "";

    public string Body { get; init; } = "";
}

/// <summary>What somebody thinks of a trace: an opinion of it, or what it should have answered.</summary>
public sealed record Assessment
{
    public string Uid { get; init; } = "";

    public long TraceId { get; init; }

    public string Name { get; init; } = "";

    public bool IsExpectation { get; init; }

    /// <summary>JSON.</summary>
    public string Value { get; init; } = "null";

    /// <summary>JSON, or null.</summary>
    public string? Error { get; init; }

    public string SourceType { get; init; } = "";

    public string SourceId { get; init; } = "";

    public string? SpanUid { get; init; }

    public string? Rationale { get; init; }

    /// <summary>A JSON object of texts, or null.</summary>
    public string? Metadata { get; init; }

    /// <summary>The assessment that this one stands for; that one is no longer valid.</summary>
    public string? Overrides { get; init; }

    public bool Valid { get; init; } = true;

    public long CreatedMs { get; init; }

    public long UpdatedMs { get; init; }
}
