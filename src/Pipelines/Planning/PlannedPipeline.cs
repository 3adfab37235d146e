namespace Squero.Pipelines;

/// <summary>What an event makes of a pipeline file.</summary>
internal abstract record PlanOutcome
{
    internal sealed record Planned(PlannedPipeline Pipeline) : PlanOutcome;

    /// <param name="Reason">workflow_rules or no_jobs.</param>
    internal sealed record NoPipeline(string Reason, string Sentence) : PlanOutcome;

    /// <summary>The file is wrong; on a push this makes a failed pipeline that shows the sentences.</summary>
    internal sealed record InvalidDefinition(IReadOnlyList<DefinitionError> Errors) : PlanOutcome;
}

/// <summary>A pipeline that should be created: all its jobs, nothing started.</summary>
internal sealed record PlannedPipeline
{
    /// <summary>workflow:name after expansion; null when there is none.</summary>
    public string? Name { get; init; }

    /// <summary>Stages that have jobs, in order. <see cref="PlannedJob.StageIndex"/> points into it.</summary>
    public required IReadOnlyList<string> Stages { get; init; }

    /// <summary>Ordered by stage, then as in the file.</summary>
    public required IReadOnlyList<PlannedJob> Jobs { get; init; }

    public AutoCancel AutoCancel { get; init; } = new();
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>
/// One job of a pipeline to be: the event's rules are applied, server-expanded keywords are expanded.
/// Serialises to JSON and back (<see cref="PlannedJobJson"/>), so that a store can keep it in one column.
/// </summary>
internal sealed record PlannedJob
{
    public required string Name { get; init; }

    /// <summary>The key in the file: the same for all parts of a parallel job.</summary>
    public required string Key { get; init; }

    public required string Stage { get; init; }
    public required int StageIndex { get; init; }
    public bool IsBridge => Trigger is not null;
    public required JobWhen When { get; init; }
    public required bool AllowFailure { get; init; }
    public IReadOnlyList<int> AllowFailureExitCodes { get; init; } = [];
    public int? StartInSeconds { get; init; }

    /// <summary>Null: ordered by stages; empty: at once. Names jobs of this pipeline only.</summary>
    public IReadOnlyList<PlannedNeed>? Needs { get; init; }

    /// <summary>Job names whose artifacts to fetch; null: those of all earlier stages, or with needs those with artifacts.</summary>
    public IReadOnlyList<string>? Dependencies { get; init; }

    public IReadOnlyList<string> Script { get; init; } = [];
    public IReadOnlyList<string> BeforeScript { get; init; } = [];
    public IReadOnlyList<string> AfterScript { get; init; } = [];

    /// <summary>Top-level, workflow, job, matrix and rule variables merged, before expansion.</summary>
    public IReadOnlyList<YamlVariable> Variables { get; init; } = [];

    public ParallelPart? Parallel { get; init; }
    public JobImage? Image { get; init; }
    public IReadOnlyList<SideContainer> Services { get; init; } = [];
    public IReadOnlyList<string> Tags { get; init; } = [];
    public JobEnvironment? Environment { get; init; }
    public JobArtifacts? Artifacts { get; init; }
    public IReadOnlyList<JobCache> Caches { get; init; } = [];
    public JobRetry? Retry { get; init; }

    /// <summary>Null: the project's own.</summary>
    public int? TimeoutSeconds { get; init; }

    public bool Interruptible { get; init; }
    public string? ResourceGroup { get; init; }

    /// <summary>Regular expression without its slashes.</summary>
    public string? Coverage { get; init; }

    public JobTrigger? Trigger { get; init; }
    public JobRelease? Release { get; init; }
    public bool Pages { get; init; }
    public string? ManualConfirmation { get; init; }
    public IReadOnlyList<string> PreGetSourcesScript { get; init; } = [];
    public IReadOnlyList<IdToken> IdTokens { get; init; } = [];
}

internal sealed record PlannedNeed(string Job, bool Artifacts);
