using System.Text.Json.Serialization;

namespace Squero.RunnerProtocol;

/// <summary>
/// A job as it is handed to a runner (answer 201 of POST /jobs/request). Runners read it strictly: a text where a
/// number belongs makes them drop it. Keys with null are left out; there is deliberately no <c>run</c> key.
/// </summary>
public sealed record JobPayload
{
    public required long Id { get; init; }
    /// <summary>The job token: for every further call about this job, git over HTTP and artifacts.</summary>
    public required string Token { get; init; }
    public bool AllowGitFetch { get; init; }
    public required JobOrigin JobInfo { get; init; }
    public required JobSource GitInfo { get; init; }
    public required JobLimits RunnerInfo { get; init; }
    /// <summary>Order counts: a later variable of the same key wins.</summary>
    public required IReadOnlyList<JobVariable> Variables { get; init; }
    /// <summary>At least one named <see cref="JobStep.Script"/>.</summary>
    public required IReadOnlyList<JobStep> Steps { get; init; }
    public JobImage? Image { get; init; }
    public IReadOnlyList<JobImage>? Services { get; init; }
    public IReadOnlyList<JobArtifact>? Artifacts { get; init; }
    public IReadOnlyList<JobCache>? Cache { get; init; }
    public IReadOnlyList<JobCredential>? Credentials { get; init; }
    public IReadOnlyList<JobDependency>? Dependencies { get; init; }
    public JobFeatures? Features { get; init; }
}

/// <summary>Where a job comes from: the payload's <c>job_info</c>.</summary>
public sealed record JobOrigin
{
    public long Id { get; init; }
    public required string Name { get; init; }
    public required string Stage { get; init; }
    public long PipelineId { get; init; }
    public long ProjectId { get; init; }
    public required string ProjectName { get; init; }
    /// <summary>As in <c>acme/vision</c>.</summary>
    public string? ProjectFullPath { get; init; }
    public long NamespaceId { get; init; }
    public long RootNamespaceId { get; init; }
    public long UserId { get; init; }
    public double TimeInQueueSeconds { get; init; }
    /// <summary>A text on the wire, as in <c>0</c> or <c>+Inf</c>.</summary>
    public string? ProjectJobsRunningOnInstanceRunnersCount { get; init; }
}

/// <summary>What to fetch and check out: the payload's <c>git_info</c>.</summary>
public sealed record JobSource
{
    /// <summary>Full URL with credentials: <c>http://gitlab-ci-token:TOKEN@host/acme/vision.git</c>.</summary>
    public required string RepoUrl { get; init; }
    /// <summary><c>sha1</c> or <c>sha256</c>.</summary>
    public string? RepoObjectFormat { get; init; }
    /// <summary>Name of the branch or tag.</summary>
    public required string Ref { get; init; }
    /// <summary>The full commit id; a short one crashes GitLab Runner.</summary>
    public required string Sha { get; init; }
    public string? BeforeSha { get; init; }
    /// <summary><c>branch</c> or <c>tag</c>.</summary>
    public string? RefType { get; init; }
    /// <summary>The first should name a ref of the server that keeps the commit alive: <c>+refs/pipelines/301:refs/pipelines/301</c>.</summary>
    public required IReadOnlyList<string> Refspecs { get; init; }
    /// <summary>Commits to fetch; 0 is all.</summary>
    public int Depth { get; init; }
    public bool Protected { get; init; }
}

/// <summary>The payload's <c>runner_info</c>.</summary>
public sealed record JobLimits
{
    /// <summary>Seconds for the whole job; 0 is read as 7200.</summary>
    public required int Timeout { get; init; }
}

public sealed record JobVariable
{
    public required string Key { get; init; }
    public required string Value { get; init; }
    public bool Public { get; init; }
    /// <summary>To be starred out in the log.</summary>
    public bool Masked { get; init; }
    /// <summary>The value goes to a file, the variable holds its path.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool File { get; init; }
    /// <summary>References to other variables in the value stay as they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Raw { get; init; }
}

/// <summary>A list of shell commands: <c>script</c> (before_script and script in one) or <c>after_script</c>.</summary>
public sealed record JobStep
{
    public const string Script = "script";
    public const string AfterScript = "after_script";

    public required string Name { get; init; }
    [JsonPropertyName("script")]
    public required IReadOnlyList<string> Commands { get; init; }
    /// <summary>Seconds.</summary>
    public int Timeout { get; init; }
    /// <summary><c>on_success</c>, or <c>always</c> for after_script.</summary>
    public required string When { get; init; }
    public bool AllowFailure { get; init; }
}

public sealed record JobImage
{
    public required string Name { get; init; }
    public string? Alias { get; init; }
    public IReadOnlyList<string>? Entrypoint { get; init; }
    public IReadOnlyList<string>? Command { get; init; }
    public IReadOnlyList<string>? PullPolicy { get; init; }
    public IReadOnlyList<JobVariable>? Variables { get; init; }
}

public sealed record JobCredential
{
    /// <summary><c>registry</c>.</summary>
    public required string Type { get; init; }
    public required string Url { get; init; }
    public required string Username { get; init; }
    public required string Password { get; init; }
}

/// <summary>What this server understands: the payload's <c>features</c>.</summary>
public sealed record JobFeatures
{
    /// <summary>False and the log has no section marks.</summary>
    public bool TraceSections { get; init; }
    public IReadOnlyList<string>? TokenMaskPrefixes { get; init; }
    /// <summary>See <see cref="RunnerProtocol.FailureReasons"/>; the runner maps others to older ones.</summary>
    public IReadOnlyList<string>? FailureReasons { get; init; }
}
