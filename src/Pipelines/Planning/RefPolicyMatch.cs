namespace Squero.Pipelines;

/// <summary>Decides <c>only</c> and <c>except</c>. A job with neither, nor rules, is for branches and tags unless the workflow has rules.</summary>
internal static class RefPolicyMatch
{
    private static readonly RefPolicy Default = new(["branches", "tags"], null, null);

    public static bool Takes(JobDefinition job, bool workflowHasRules, PipelineContext context, VariableScope scope)
    {
        var only = job.Only ?? (workflowHasRules && job.Except is null ? null : Default);
        return (only is null || All(only, context, scope)) && (job.Except is null || !Any(job.Except, context, scope));
    }

    private static bool All(RefPolicy only, PipelineContext context, VariableScope scope) =>
        (only.Refs ?? Default.Refs!).Any(pattern => RefFits(pattern, context))
        && (only.Variables is null || only.Variables.Any(condition => condition.Holds(scope.Find)))
        && (only.Changes is null || context.ChangedPaths is null || RuleMatch.AnyFits(only.Changes, context.ChangedPaths, scope))
        && !only.Kubernetes;

    private static bool Any(RefPolicy except, PipelineContext context, VariableScope scope) =>
        (except.Refs?.Any(pattern => RefFits(pattern, context)) ?? false)
        || (except.Variables?.Any(condition => condition.Holds(scope.Find)) ?? false)
        || (except.Changes is not null && (context.ChangedPaths is null || RuleMatch.AnyFits(except.Changes, context.ChangedPaths, scope)));

    private static bool RefFits(string pattern, PipelineContext context)
    {
        var at = pattern.LastIndexOf('@');
        if (at > 0 && !pattern.EndsWith('/'))
        {
            if (pattern[(at + 1)..] != context.Project.Path)
            {
                return false;
            }

            pattern = pattern[..at];
        }

        return KindFits(pattern, context) ?? (context.RefKind != RefKind.MergeRequest && NameFits(pattern, context.Ref));
    }

    private static bool? KindFits(string word, PipelineContext context) => word switch
    {
        "branches" => context.RefKind == RefKind.Branch,
        "tags" => context.RefKind == RefKind.Tag,
        "merge_requests" => context.Source == "merge_request_event",
        "pushes" => context.Source == "push",
        "schedules" => context.Source == "schedule",
        "triggers" => context.Source == "trigger",
        "pipelines" => context.Source == "pipeline",
        "external_pull_requests" => context.Source == "external_pull_request_event",
        "web" or "api" or "chat" or "external" => context.Source == word,
        _ => null,
    };

    private static bool NameFits(string pattern, string name) => SafePattern.TryParse(pattern, out _) is { } regex
        ? regex.IsFoundIn(name)
        : pattern == name;
}
