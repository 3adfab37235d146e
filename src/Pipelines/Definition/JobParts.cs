namespace Squero.Pipelines;

internal enum JobWhen
{
    OnSuccess,
    OnFailure,
    Always,
    Manual,
    Delayed,
    Never,
}

/// <summary>Container image; names hold variables that the runner expands.</summary>
internal sealed record JobImage(string Name)
{
    public IReadOnlyList<string>? Entrypoint { get; init; }
    public IReadOnlyList<string> PullPolicy { get; init; } = [];
    public string? DockerPlatform { get; init; }
    public string? DockerUser { get; init; }
    public string? KubernetesUser { get; init; }
}

/// <summary>A container that runs beside the job (<c>services</c>).</summary>
internal sealed record SideContainer(string Name)
{
    public string? Alias { get; init; }
    public IReadOnlyList<string>? Entrypoint { get; init; }
    public IReadOnlyList<string>? Command { get; init; }
    public IReadOnlyList<YamlVariable> Variables { get; init; } = [];
    public IReadOnlyList<string> PullPolicy { get; init; } = [];
    public string? DockerPlatform { get; init; }
    public string? DockerUser { get; init; }
}

/// <param name="When">on_success, on_failure or always.</param>
internal sealed record JobArtifacts(JobWhen When = JobWhen.OnSuccess)
{
    public string? Name { get; init; }
    public IReadOnlyList<string> Paths { get; init; } = [];
    public IReadOnlyList<string> Exclude { get; init; } = [];
    public bool Untracked { get; init; }

    /// <summary>As written ("2 weeks", "never"); <see cref="Durations"/> reads it.</summary>
    public string? ExpireIn { get; init; }

    public string? ExposeAs { get; init; }

    /// <summary>all, developer, maintainer or none.</summary>
    public string Access { get; init; } = "all";

    public IReadOnlyList<ArtifactReport> Reports { get; init; } = [];
}

/// <param name="Format">Only for coverage_report: cobertura or jacoco.</param>
internal sealed record ArtifactReport(string Type, IReadOnlyList<string> Paths, string? Format = null);

internal sealed record JobCache(IReadOnlyList<string> Paths)
{
    /// <summary>As written; the runner expands it. "default" when none is given.</summary>
    public string Key { get; init; } = "default";

    /// <summary>Files whose last commits make the key (max 2); empty: <see cref="Key"/> is the key.</summary>
    public IReadOnlyList<string> KeyFiles { get; init; } = [];

    public string? KeyPrefix { get; init; }
    public string Policy { get; init; } = "pull-push";
    public JobWhen When { get; init; } = JobWhen.OnSuccess;
    public bool Untracked { get; init; }
    public bool Unprotect { get; init; }
    public IReadOnlyList<string> FallbackKeys { get; init; } = [];
}

/// <param name="Max">0, 1 or 2 further attempts.</param>
/// <param name="When">Failure reasons; ["always"] when none is given.</param>
internal sealed record JobRetry(int Max, IReadOnlyList<string> When, IReadOnlyList<int> ExitCodes)
{
    /// <summary>Is another attempt due after this failure, given how many attempts were made already (1 after the first)?</summary>
    public bool IsDue(string failureReason, int? exitCode, int attemptsMade) =>
        attemptsMade <= Max
        && (When.Contains("always", StringComparer.Ordinal) || When.Contains(failureReason, StringComparer.Ordinal)
            || (exitCode is { } code && ExitCodes.Contains(code)));
}

/// <summary>Name, url and auto_stop_in are expanded in a planned job; unknown references stay.</summary>
/// <param name="Action">start, prepare, stop, verify or access.</param>
internal sealed record JobEnvironment(string Name, string Action = "start")
{
    public string? Url { get; init; }
    public string? OnStop { get; init; }
    public string? AutoStopIn { get; init; }
    public string? DeploymentTier { get; init; }
}

/// <summary>A bridge: starts another pipeline instead of running a script.</summary>
internal sealed record JobTrigger
{
    public string? Project { get; init; }
    public string? Branch { get; init; }

    /// <summary>depend or mirror; null: the bridge succeeds once the other pipeline exists.</summary>
    public string? Strategy { get; init; }

    public IReadOnlyList<TriggerInclude> Include { get; init; } = [];
    public bool ForwardYamlVariables { get; init; } = true;
    public bool ForwardPipelineVariables { get; init; }
}

internal sealed record TriggerInclude(string? Local, string? Project, string? File, string? Ref, string? Artifact, string? Job);

internal sealed record JobRelease(string TagName, string Description)
{
    public string? Name { get; init; }
    public string? Ref { get; init; }
    public string? TagMessage { get; init; }
}

internal sealed record IdToken(string Name, IReadOnlyList<string> Audience);

/// <summary>Which part of a parallel job this is.</summary>
/// <param name="Index">From 1 to <paramref name="Total"/>.</param>
/// <param name="Matrix">Name-value pairs in the order of the file; null for <c>parallel: N</c>.</param>
internal sealed record ParallelPart(int Index, int Total, IReadOnlyList<KeyValuePair<string, string>>? Matrix);

/// <param name="OnNewCommit">conservative, interruptible or none.</param>
/// <param name="OnJobFailure">all or none.</param>
internal sealed record AutoCancel(string OnNewCommit = "conservative", string OnJobFailure = "none");
