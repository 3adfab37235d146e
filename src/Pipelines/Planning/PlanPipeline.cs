namespace Squero.Pipelines;

/// <summary>Decides what an event makes of a pipeline file.</summary>
internal static class PlanPipeline
{
    /// <summary>Reads the file and plans it.</summary>
    public static PlanOutcome Plan(string text, string fileName, PipelineContext context) =>
        ReadDefinition.Read(text, fileName, context) switch
        {
            DefinitionOutcome.Valid valid => Plan(valid.Definition, context),
            DefinitionOutcome.Invalid invalid => new PlanOutcome.InvalidDefinition(invalid.Errors),
            var other => throw new InvalidOperationException($"No plan for {other}."),
        };

    public static PlanOutcome Plan(PipelineDefinition definition, PipelineContext context)
    {
        try
        {
            return Decide(definition, Listed(context));
        }
        catch (DefinitionException refused)
        {
            return new PlanOutcome.InvalidDefinition([refused.Error]);
        }
    }

    // The list of a commit's files is asked for once, however many rules look at it.
    private static PipelineContext Listed(PipelineContext context)
    {
        var paths = new Lazy<IReadOnlyList<string>>(context.CommitPaths);
        return context with { CommitPaths = () => paths.Value };
    }

    private static PlanOutcome Decide(PipelineDefinition definition, PipelineContext context)
    {
        var scope = VariableScope.Of(context, JobVariables.Written(definition.Variables));
        var rules = definition.Workflow?.Rules;
        var rule = rules is null ? null : RuleMatch.First(rules, context, scope);
        if (rules is not null && rule is null or { When: JobWhen.Never })
        {
            return new PlanOutcome.NoPipeline("workflow_rules", "Pipeline filtered out by workflow rules.");
        }

        var jobs = PlanJobs(definition, rule?.Variables ?? [], context);
        if (jobs.TrueForAll(job => job.Stage is ".pre" or ".post"))
        {
            return new PlanOutcome.NoPipeline(
                "no_jobs",
                "Pipeline will not run for the selected trigger. The rules configuration prevented any jobs from being added to the pipeline.");
        }

        var stages = definition.Stages.Where(stage => jobs.Exists(job => job.Stage == stage)).ToList();
        return new PlanOutcome.Planned(new PlannedPipeline
        {
            Name = NameOf(definition, rule, context),
            Stages = stages,
            Jobs = [.. jobs.Select(job => job with { StageIndex = stages.IndexOf(job.Stage) }).OrderBy(job => job.StageIndex)],
            AutoCancel = rule?.AutoCancel ?? definition.Workflow?.AutoCancel ?? new AutoCancel(),
            Warnings = definition.Warnings,
        });
    }

    private static List<PlannedJob> PlanJobs(PipelineDefinition definition, IReadOnlyList<YamlVariable> workflowVariables, PipelineContext context)
    {
        var shared = new MergedVariables(definition.Variables, workflowVariables);
        var included = new List<(JobDefinition Job, JobDecision Decision)>();
        foreach (var job in definition.Jobs)
        {
            if (JobDecision.Of(job, shared.For(job), definition.Workflow?.Rules is not null, context) is { } decision)
            {
                included.Add((job, decision));
            }
        }

        var present = included.Select(one => one.Job.Name).ToHashSet(StringComparer.Ordinal);
        var needs = new NeedPlan(definition, present);
        return [.. included.Select(one => JobPlan.Make(one.Job, one.Decision, needs.Resolve(one.Job, one.Decision.Needs), context))];
    }

    private static string? NameOf(PipelineDefinition definition, RuleDefinition? rule, PipelineContext context)
    {
        if (definition.Workflow?.Name is not { } name)
        {
            return null;
        }

        var variables = JobVariables.Written(definition.Variables.Concat(rule?.Variables ?? []));
        var expanded = VariableExpansion.Expand(name, VariableScope.Of(context, variables).FindExpanded).Trim();
        return expanded.Length == 0 ? null : expanded.Length > 255 ? expanded[..255] : expanded;
    }
}
