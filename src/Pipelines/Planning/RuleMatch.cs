namespace Squero.Pipelines;

/// <summary>Which rule decides: the first all of whose conditions hold.</summary>
internal static class RuleMatch
{
    // Beyond this many comparisons a condition counts as true, so that no file can make planning slow.
    private const int MaxComparisons = 50_000;

    /// <summary>Null when none matches.</summary>
    public static RuleDefinition? First(IReadOnlyList<RuleDefinition> rules, PipelineContext context, VariableScope scope) =>
        rules.FirstOrDefault(rule => Holds(rule, context, scope));

    /// <summary>Does any path fit any of the patterns, variables in them expanded?</summary>
    public static bool AnyFits(IReadOnlyList<string> patterns, IReadOnlyList<string> paths, VariableScope scope)
    {
        var globs = patterns.Select(pattern => PathGlob.Of(VariableExpansion.Expand(pattern, scope.FindExpanded))).ToList();
        if ((long)globs.Count * paths.Count <= MaxComparisons)
        {
            return globs.Any(glob => paths.Any(glob.Fits));
        }

        return globs.Exists(glob => !glob.IsLiteral) || globs.Exists(glob => paths.Any(glob.Fits));
    }

    private static bool Holds(RuleDefinition rule, PipelineContext context, VariableScope scope) =>
        (rule.If is null || rule.If.Holds(scope.Find))
        && (rule.Changes is null || Changed(rule.Changes, context, scope))
        && (rule.Exists is null || AnyFits(rule.Exists.Paths, context.CommitPaths(), scope));

    private static bool Changed(PathCondition condition, PipelineContext context, VariableScope scope)
    {
        var paths = context.ChangedPaths;
        if (condition.CompareTo is { } target)
        {
            var name = VariableExpansion.Expand(target, scope.FindExpanded);
            paths = context.ChangedSince(name) ?? throw DefinitionException.Because(
                ErrorCategory.InvalidValue, $"`rules:changes:compare_to` names `{Field.Cut(name)}`, which is no ref of this project.");
        }

        return paths is null || AnyFits(condition.Paths, paths, scope);
    }
}
