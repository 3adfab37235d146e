namespace Squero.Pipelines;

/// <summary>How a job takes part in a pipeline, after its rules.</summary>
internal sealed record JobDecision(
    JobWhen When, int? StartInSeconds, bool AllowFailure, IReadOnlyList<int> AllowFailureExitCodes, bool Interruptible,
    IReadOnlyList<NeedDefinition>? Needs, IReadOnlyList<YamlVariable> Variables)
{
    /// <summary>Null: the job is not in the pipeline.</summary>
    public static JobDecision? Of(JobDefinition job, IReadOnlyList<YamlVariable> variables, bool workflowHasRules, PipelineContext context)
    {
        var plain = new JobDecision(
            job.When ?? JobWhen.OnSuccess, job.StartInSeconds, job.AllowFailure ?? job.When == JobWhen.Manual, job.AllowFailureExitCodes,
            job.Interruptible, job.Needs, variables);
        if (job.Rules is null)
        {
            var free = workflowHasRules && job.Only is null && job.Except is null;
            return free || RefPolicyMatch.Takes(job, workflowHasRules, context, ScopeOf(job, variables, context)) ? plain : null;
        }

        var rule = RuleMatch.First(job.Rules, context, ScopeOf(job, variables, context));
        return rule is null or { When: JobWhen.Never } ? null : plain.After(rule, job);
    }

    private JobDecision After(RuleDefinition rule, JobDefinition job) => new(
        rule.When ?? When,
        rule.StartInSeconds ?? StartInSeconds,
        rule.AllowFailure ?? job.AllowFailure ?? (job.When == JobWhen.Manual && rule.When is null),
        rule.AllowFailure is null ? AllowFailureExitCodes : [],
        rule.Interruptible ?? Interruptible,
        rule.Needs ?? Needs,
        MergedVariables.Merge(Variables, rule.Variables));

    private static VariableScope ScopeOf(JobDefinition job, IReadOnlyList<YamlVariable> variables, PipelineContext context)
    {
        var unplanned = JobPlan.Unplanned(job) with { Environment = null };
        return VariableScope.Of(context, PredefinedVariables.OfJob(context, unplanned).Concat(JobVariables.Written(variables)));
    }
}
