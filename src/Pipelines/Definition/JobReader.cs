namespace Squero.Pipelines;

/// <summary>Reads one visible job, its inherited keys already merged in and defaults already filled.</summary>
internal static class JobReader
{
    private static readonly string[] Keys =
    [
        "after_script", "allow_failure", "artifacts", "before_script", "cache", "coverage", "dast_configuration", "dependencies", "environment",
        "except", "extends", "hooks", "id_tokens", "identity", "image", "inherit", "inputs", "interruptible", "manual_confirmation", "needs", "only",
        "pages", "parallel", "publish", "release", "resource_group", "retry", "rules", "run", "script", "secrets", "services", "stage", "start_in",
        "tags", "timeout", "variables", "when",
    ];

    private static readonly string[] BridgeKeys =
    [
        "trigger", "allow_failure", "extends", "needs", "only", "except", "rules", "stage", "variables", "when", "start_in", "resource_group",
        "environment", "parallel", "inherit", "interruptible", "manual_confirmation", "tags",
    ];

    /// <summary>The parts of the job, one unless it is parallel; empty when it cannot be read at all (reported).</summary>
    public static IReadOnlyList<JobDefinition> Read(Field job)
    {
        var map = (CiMap)job.Node!;
        var isBridge = job["trigger"].IsGiven;
        if (!isBridge && !job["script"].IsGiven && !job["run"].IsGiven)
        {
            job.Fail("it should have a `script` (or `run` or `trigger`): there is nothing to do.", ErrorCategory.MissingScript);
        }

        foreach (var (key, value) in map.Entries.Where(entry => !(isBridge ? BridgeKeys : Keys).Contains(entry.Key, StringComparer.Ordinal)))
        {
            job.With(value).Named(key).Fail(
                $"unknown keys: `{Field.Cut(key)}` is no keyword of a {(isBridge ? "job with `trigger`" : "job")}.", ErrorCategory.UnknownKeyword);
        }

        CheckConflicts(job);
        var read = AddFlow(job, AddFiles(job, AddScripts(job, Basics(job))));
        var parts = MatrixReader.Read(job["parallel"]);
        if (isBridge && job["parallel"].IsGiven && !job["parallel"].IsMap)
        {
            job["parallel"].Fail("a job with `trigger` takes only `parallel:matrix`.", ErrorCategory.InvalidParallel);
        }

        return parts is null ? [read] : [.. parts.Select(part => PartOf(read, part)).GroupBy(part => part.Name).Select(same => same.Last())];
    }

    private static void CheckConflicts(Field job)
    {
        if (job["run"].IsGiven && job["script"].IsGiven)
        {
            job["run"].Fail("`run` and `script` cannot be used together.");
        }

        if (!job["rules"].IsGiven)
        {
            return;
        }

        foreach (var key in new[] { "only", "except", "start_in" }.Where(key => job[key].IsGiven))
        {
            job[key].Fail($"the key `{key}` may not be used with `rules`.", ErrorCategory.RulesConflict);
        }
    }

    private static JobDefinition Basics(Field job) => new()
    {
        Name = job.Job!,
        Key = job.Job!,
        Line = job.Place.Line,
        File = job.Place.File,
        Stage = job["stage"].Text() ?? "test",
        Variables = VariableReader.Read(job["variables"]),
        InheritedVariables = Inherited(job["inherit"]["variables"]),
        Tags = Tags(job["tags"]),
        Trigger = TriggerReader.Read(job["trigger"]),
        Image = ImageReader.Image(job["image"]),
        Services = ImageReader.Services(job["services"]),
    };

    private static JobDefinition AddScripts(Field job, JobDefinition read)
    {
        var script = job["script"].Texts();
        if (job["script"].IsGiven && script.All(string.IsNullOrWhiteSpace))
        {
            job["script"].Fail("its `script` is empty.", ErrorCategory.MissingScript);
        }

        if (job["run"].IsGiven)
        {
            job["run"].Fail("`run` (steps) is not offered; write a `script`.", ErrorCategory.NotSupported);
        }

        job["hooks"].Map(["pre_get_sources_script"]);
        return read with
        {
            Script = script,
            BeforeScript = job["before_script"].Texts(),
            AfterScript = job["after_script"].Texts(),
            PreGetSourcesScript = job["hooks"]["pre_get_sources_script"].Texts(),
        };
    }

    private static JobDefinition AddFiles(Field job, JobDefinition read) => read with
    {
        Artifacts = FileReader.Artifacts(job["artifacts"]),
        Caches = FileReader.Caches(job["cache"]),
        Dependencies = job["dependencies"].IsGiven ? job["dependencies"].Texts() : null,
        Coverage = RunReader.Coverage(job["coverage"]),
        Release = RunReader.Release(job["release"]),
        Pages = read.Key == "pages" || job["pages"] is { IsGiven: true, Node: not CiScalar { Value: false } },
        IdTokens = RunReader.IdTokens(job["id_tokens"]),
        Environment = RunReader.Environment(job["environment"]),
    };

    private static JobDefinition AddFlow(Field job, JobDefinition read)
    {
        var when = job["when"].OneOf(WhenWords.OfJob, ErrorCategory.InvalidWhen) is { } word ? WhenWords.Parse(word) : (JobWhen?)null;
        if (when == JobWhen.Delayed != job["start_in"].IsGiven && !job["rules"].IsGiven)
        {
            job[when == JobWhen.Delayed ? "when" : "start_in"].Fail(
                when == JobWhen.Delayed ? "`when` is delayed, but `start_in` is missing." : "`start_in` needs `when: delayed` beside it.",
                ErrorCategory.InvalidStartIn);
        }

        var failure = job["allow_failure"];
        failure = failure.IsMap ? failure["exit_codes"] : failure;
        if (job["allow_failure"].IsMap)
        {
            job["allow_failure"].Map(["exit_codes"]);
        }

        return read with
        {
            When = when,
            StartInSeconds = RuleReader.StartIn(job["start_in"]),
            AllowFailure = job["allow_failure"].IsMap ? false : failure.Truth(),
            AllowFailureExitCodes = job["allow_failure"].IsMap ? RunReader.ExitCodes(failure) : [],
            Rules = RuleReader.ForJob(job["rules"]),
            Only = RefPolicyReader.Read(job["only"]),
            Except = RefPolicyReader.Read(job["except"]),
            Needs = job["needs"].IsGiven ? NeedReader.Read(job["needs"]) : null,
            Retry = RunReader.Retry(job["retry"]),
            TimeoutSeconds = RunReader.Timeout(job["timeout"]),
            Interruptible = job["interruptible"].Truth() ?? false,
            ResourceGroup = RunReader.ResourceGroup(job["resource_group"]),
            ManualConfirmation = job["manual_confirmation"].Text(),
        };
    }

    private static IReadOnlyList<string>? Inherited(Field field) => field switch
    {
        { IsGiven: false } => null,
        { IsList: true } => field.Texts(),
        _ => field.Truth() == false ? [] : null,
    };

    private static IReadOnlyList<string> Tags(Field field)
    {
        var tags = field.Texts();
        if (tags.Count >= 50)
        {
            field.Fail($"`tags` has {tags.Count} entries, but fewer than 50 are allowed.");
        }

        return tags;
    }

    private static JobDefinition PartOf(JobDefinition whole, ParallelPart part) => whole with
    {
        Parallel = part,
        Name = part.Matrix is null
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{whole.Key} {part.Index}/{part.Total}")
            : $"{whole.Key}: [{string.Join(", ", part.Matrix.Select(pair => pair.Value))}]",
    };
}
