namespace Squero.Pipelines;

internal enum RefKind
{
    Branch,
    Tag,
    MergeRequest,
}

/// <summary>The event a pipeline is made for, as values: planning does no I/O of its own.</summary>
internal sealed record PipelineContext
{
    /// <summary>CI_PIPELINE_SOURCE: push, merge_request_event, web, api, schedule, trigger, parent_pipeline, pipeline.</summary>
    public string Source { get; init; } = "push";

    /// <summary>Short name of the branch or tag; for a merge request its source branch.</summary>
    public string Ref { get; init; } = "main";

    public RefKind RefKind { get; init; }
    public bool RefProtected { get; init; }
    public CommitFacts Commit { get; init; } = new();
    public ProjectFacts Project { get; init; } = new();
    public InstanceFacts Instance { get; init; } = new();
    public MergeRequestFacts? MergeRequest { get; init; }

    /// <summary>Who set it off; null for the system.</summary>
    public PersonFacts? Person { get; init; }

    /// <summary>CI_OPEN_MERGE_REQUESTS, "group/project!iid" joined by commas; null: none.</summary>
    public string? OpenMergeRequests { get; init; }

    /// <summary>Changed paths of the event; null when no diff is known (then <c>changes</c> holds).</summary>
    public IReadOnlyList<string>? ChangedPaths { get; init; }

    /// <summary>Changed paths against a named ref (<c>changes:compare_to</c>); null when there is no such ref.</summary>
    public Func<string, IReadOnlyList<string>?> ChangedSince { get; init; } = _ => null;

    /// <summary>All file paths of the commit, asked for at most once and only if a rule or a wildcard include needs it.</summary>
    public Func<IReadOnlyList<string>> CommitPaths { get; init; } = () => [];

    /// <summary>Text of a file of the commit (path without leading slash), or null. For <c>include:local</c>.</summary>
    public Func<string, string?> ReadFile { get; init; } = _ => null;

    /// <summary>Variables from settings, lowest precedence first: instance, groups from the root down, project. Already filtered by protection.</summary>
    public IReadOnlyList<SettingVariable> SettingVariables { get; init; } = [];

    /// <summary>Variables given for this one pipeline: run by hand, API, trigger, schedule, push option.</summary>
    public IReadOnlyList<SettingVariable> PipelineVariables { get; init; } = [];

    public long? PipelineIid { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
}

/// <param name="EnvironmentScope">"*" or a pattern with * that the job's environment name must fit.</param>
internal sealed record SettingVariable(
    string Name, string Value, bool Masked = false, bool File = false, bool Raw = false, string EnvironmentScope = "*");

internal sealed record CommitFacts
{
    public string Sha { get; init; } = "0000000000000000000000000000000000000000";
    public string? BeforeSha { get; init; }
    public string Message { get; init; } = "";
    public string? TagMessage { get; init; }

    /// <summary>"Name &lt;mail&gt;".</summary>
    public string Author { get; init; } = "";

    public DateTimeOffset? Timestamp { get; init; }
}

internal sealed record ProjectFacts
{
    public long Id { get; init; } = 1;
    public string Name { get; init; } = "vision";
    public string? Title { get; init; }
    public string? Description { get; init; }

    /// <summary>Full path, "acme/vision".</summary>
    public string Path { get; init; } = "acme/vision";

    public long NamespaceId { get; init; } = 1;
    public string Visibility { get; init; } = "private";
    public string DefaultBranch { get; init; } = "main";
    public string ConfigPath { get; init; } = ".squero-ci.yml";
}

/// <param name="Url">External URL without a slash at the end.</param>
internal sealed record InstanceFacts(string Url = "http://localhost:7070", string Version = "0.1.0");

internal sealed record MergeRequestFacts
{
    public long Id { get; init; }
    public long Iid { get; init; }
    public string SourceBranch { get; init; } = "";
    public string TargetBranch { get; init; } = "";
    public bool SourceProtected { get; init; }
    public bool TargetProtected { get; init; }
    public string Title { get; init; } = "";
    public string Description { get; init; } = "";
    public IReadOnlyList<string> Labels { get; init; } = [];
    public IReadOnlyList<string> Assignees { get; init; } = [];
    public bool Draft { get; init; }
    public bool Squash { get; init; }
    public string? DiffBaseSha { get; init; }
    public long? DiffId { get; init; }

    /// <summary>detached, merged_result or merge_train.</summary>
    public string EventType { get; init; } = "detached";

    public string? SourceSha { get; init; }
    public string? TargetSha { get; init; }
}

internal sealed record PersonFacts(long Id, string Login, string Name, string Email);
