namespace Squero.Pipelines;

/// <summary>Reads the merged file: global keywords first, then every visible job with what it extends and the defaults.</summary>
internal sealed class DocumentReader(CiMap root, Findings findings)
{
    public const int MaxJobs = 2_000;
    public const int MaxNameLength = 255;
    public const int MaxVariables = 1_000;
    private static readonly string[] DefaultKeys =
    [
        "after_script", "artifacts", "before_script", "cache", "hooks", "id_tokens", "identity", "image", "interruptible", "retry", "services",
        "tags", "timeout",
    ];

    private static readonly string[] OldDefaults = ["image", "services", "cache", "before_script", "after_script"];
    private static readonly HashSet<string> Globals =
        ["default", "include", "stages", "types", "variables", "workflow", "spec", .. OldDefaults];

    private static readonly HashSet<string> Reserved = ["true", "false", "nil", "pages:deploy", ""];
    private readonly ExtendsResolver extends = new(root, findings);
    private readonly Field top = new(findings, null, "", root, root.Place);

    public PipelineDefinition Read()
    {
        var defaults = Defaults();
        var variables = VariableReader.Read(top["variables"], top: true);
        if (variables.Count > MaxVariables)
        {
            top["variables"].Fail($"`variables` has more than {MaxVariables} entries.", ErrorCategory.TooLarge);
        }

        var workflow = WorkflowReader.Read(top["workflow"]);
        var jobs = Jobs(defaults);
        if (jobs.Count == 0 && findings.Errors.Count == 0)
        {
            top.Fail("The file should contain at least one visible job.", ErrorCategory.NoVisibleJobs);
        }

        WarnOfTwins(jobs, workflow);
        return new PipelineDefinition { Stages = Stages(), Variables = variables, Workflow = workflow, Jobs = jobs };
    }

    private List<string> Stages()
    {
        var field = top["stages"].IsGiven ? top["stages"] : top["types"];
        var named = field.IsGiven ? field.Texts() : ["build", "test", "deploy"];
        if (named.FirstOrDefault(stage => stage.Length is 0 or > MaxNameLength) is { } wrong)
        {
            field.Fail($"`stages` has the name `{Field.Cut(wrong)}`, but names have 1 to {MaxNameLength} characters.", ErrorCategory.InvalidName);
        }

        return [".pre", .. named.Where(stage => stage is not (".pre" or ".post")).Distinct(StringComparer.Ordinal), ".post"];
    }

    private CiMap Defaults()
    {
        var own = top["default"];
        own.Map(DefaultKeys);
        var merged = new MapBuilder();
        foreach (var key in OldDefaults.Where(key => top[key].IsGiven))
        {
            if (own[key].IsGiven)
            {
                top[key].Fail($"`{key}` is given both at the top of the file and in `default`.", ErrorCategory.DefaultConflict);
            }

            merged.Set(key, top[key].Node!);
        }

        foreach (var key in DefaultKeys.Where(key => own[key].IsGiven))
        {
            merged.Set(key, own[key].Node!);
        }

        return merged.Build(own.Place);
    }

    private List<JobDefinition> Jobs(CiMap defaults)
    {
        var jobs = new List<JobDefinition>();
        foreach (var (name, value) in root.Entries)
        {
            if (name.StartsWith('.') || Globals.Contains(name))
            {
                continue;
            }

            jobs.AddRange(JobParts(name, value, defaults));
            if (jobs.Count > MaxJobs)
            {
                throw DefinitionException.Because(ErrorCategory.TooLarge, $"The file makes more than {MaxJobs} jobs.", value.Place, name);
            }
        }

        return jobs;
    }

    private IReadOnlyList<JobDefinition> JobParts(string name, CiNode value, CiMap defaults)
    {
        var field = new Field(findings, Field.Cut(name), "", value, value.Place);
        if (value is not CiMap)
        {
            field.Fail($"it should be a job with a `script`, but it is {value.Kind}.", ErrorCategory.MissingScript);
            return [];
        }

        if (name.Length > MaxNameLength || Reserved.Contains(name))
        {
            field.Fail(name.Length > MaxNameLength ? $"the name of a job has at most {MaxNameLength} characters." : "a job cannot have this name.", ErrorCategory.InvalidName);
            return [];
        }

        if (extends.Resolve(name) is not { } own)
        {
            return [];
        }

        var parts = JobReader.Read(field.With(Filled(field.With(own), own, defaults)) with { Job = name });
        foreach (var part in parts.Where(part => part.Name.Length > MaxNameLength).Take(1))
        {
            field.Fail($"with its matrix values the name of a job has more than {MaxNameLength} characters.", ErrorCategory.InvalidName);
        }

        if (parts is [{ Variables.Count: > MaxVariables }, ..])
        {
            field.Fail($"`variables` has more than {MaxVariables} entries.", ErrorCategory.TooLarge);
        }

        return parts;
    }

    private static CiMap Filled(Field job, CiMap own, CiMap defaults)
    {
        var inherit = job["inherit"];
        inherit.Map(["default", "variables"]);
        var wanted = inherit["default"] switch
        {
            { IsGiven: false } => DefaultKeys,
            { IsList: true } list => list.Texts(),
            var choice => choice.Truth() == false ? [] : DefaultKeys,
        };
        var isBridge = job["trigger"].IsGiven;
        var filled = new MapBuilder();
        foreach (var (key, value) in own.Entries)
        {
            filled.Set(key, value);
        }

        foreach (var key in wanted.Where(key => !job[key].IsGiven && defaults[key] is not null && (!isBridge || key == "interruptible")))
        {
            filled.Set(key, defaults[key]!);
        }

        return filled.Build(own.Place);
    }

    private void WarnOfTwins(List<JobDefinition> jobs, WorkflowDefinition? workflow)
    {
        if (workflow?.Rules is not null)
        {
            return;
        }

        foreach (var job in jobs.DistinctBy(job => job.Key))
        {
            if (job.Rules is [.., { If: null, Changes: null, Exists: null, When: not null and not JobWhen.Never }])
            {
                findings.Warnings.Add(
                    $"{job.Key}: the last rule takes every event, so a push to a branch with an open merge request makes two pipelines; `workflow:rules` can prevent that.");
            }
        }
    }
}
