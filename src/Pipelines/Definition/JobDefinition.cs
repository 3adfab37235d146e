namespace Squero.Pipelines;

/// <summary>
/// One job as the file says it, after includes, references, extends, defaults and parallel: everything that can be known without an event.
/// Planning decides whether it is in a pipeline and turns it into a <see cref="PlannedJob"/>.
/// </summary>
internal sealed record JobDefinition
{
    /// <summary>Full name, with <c>1/3</c> or <c>: [a, b]</c> for parts of a parallel job.</summary>
    public required string Name { get; init; }

    /// <summary>The key in the file.</summary>
    public required string Key { get; init; }

    public int Line { get; init; }
    public string? File { get; init; }
    public required string Stage { get; init; }
    public IReadOnlyList<string> Script { get; init; } = [];
    public IReadOnlyList<string> BeforeScript { get; init; } = [];
    public IReadOnlyList<string> AfterScript { get; init; } = [];
    public JobImage? Image { get; init; }
    public IReadOnlyList<SideContainer> Services { get; init; } = [];
    public IReadOnlyList<YamlVariable> Variables { get; init; } = [];

    /// <summary>Names of top-level variables the job takes; null takes all.</summary>
    public IReadOnlyList<string>? InheritedVariables { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];
    public JobWhen? When { get; init; }
    public int? StartInSeconds { get; init; }
    public bool? AllowFailure { get; init; }
    public IReadOnlyList<int> AllowFailureExitCodes { get; init; } = [];
    public IReadOnlyList<RuleDefinition>? Rules { get; init; }
    public RefPolicy? Only { get; init; }
    public RefPolicy? Except { get; init; }

    /// <summary>Null: ordered by stages; empty: at once.</summary>
    public IReadOnlyList<NeedDefinition>? Needs { get; init; }

    public IReadOnlyList<string>? Dependencies { get; init; }
    public JobArtifacts? Artifacts { get; init; }
    public IReadOnlyList<JobCache> Caches { get; init; } = [];
    public JobRetry? Retry { get; init; }
    public int? TimeoutSeconds { get; init; }
    public bool Interruptible { get; init; }
    public string? ResourceGroup { get; init; }
    public JobEnvironment? Environment { get; init; }
    public string? Coverage { get; init; }
    public JobTrigger? Trigger { get; init; }
    public JobRelease? Release { get; init; }
    public bool Pages { get; init; }
    public string? ManualConfirmation { get; init; }
    public IReadOnlyList<string> PreGetSourcesScript { get; init; } = [];
    public IReadOnlyList<IdToken> IdTokens { get; init; } = [];
    public ParallelPart? Parallel { get; init; }
}

/// <summary>A variable written in the file. With <c>Expand</c> false its value is taken literally.</summary>
internal sealed record YamlVariable(string Name, string Value, bool Expand = true);

/// <summary>A need as written: a whole job (all its parallel parts) or the matrix rows named.</summary>
/// <param name="Rows">Null: every part; else the rows as name-value pairs.</param>
/// <param name="External">For needs on other pipelines or projects: no ordering.</param>
internal sealed record NeedDefinition(
    string Job, bool Artifacts = true, bool Optional = false,
    IReadOnlyList<IReadOnlyList<KeyValuePair<string, string>>>? Rows = null, bool External = false);

/// <summary>One entry of <c>rules</c>. Absent conditions hold.</summary>
internal sealed record RuleDefinition
{
    public int Line { get; init; }
    public Expression? If { get; init; }
    public PathCondition? Changes { get; init; }
    public PathCondition? Exists { get; init; }
    public JobWhen? When { get; init; }
    public int? StartInSeconds { get; init; }
    public bool? AllowFailure { get; init; }
    public IReadOnlyList<YamlVariable> Variables { get; init; } = [];
    public IReadOnlyList<NeedDefinition>? Needs { get; init; }
    public bool? Interruptible { get; init; }
    public AutoCancel? AutoCancel { get; init; }
}

/// <param name="CompareTo">A ref to compare with instead of the event's own diff (changes only).</param>
internal sealed record PathCondition(IReadOnlyList<string> Paths, string? CompareTo = null);

/// <summary><c>only</c> or <c>except</c>. Null kinds were not given.</summary>
internal sealed record RefPolicy(
    IReadOnlyList<string>? Refs, IReadOnlyList<Expression>? Variables, IReadOnlyList<string>? Changes, bool Kubernetes = false);
