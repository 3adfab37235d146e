namespace Squero.Pipelines;

/// <summary>Everything a job gets as variables, in the order of precedence: settings beat the file, what was given for this pipeline beats all.</summary>
internal static class JobVariables
{
    /// <param name="jobPhase">CI_JOB_ID and what else only a running job has.</param>
    /// <param name="dotenv">From reports of jobs this one depends on.</param>
    public static IReadOnlyList<JobVariable> Assemble(
        PipelineContext context, PlannedJob job, IReadOnlyList<JobVariable> jobPhase, IReadOnlyList<JobVariable> dotenv) =>
        VariableExpansion.ExpandAll(
            [
                .. PredefinedVariables.OfPipeline(context), .. PredefinedVariables.OfJob(context, job), .. jobPhase,
                .. Written(job.Variables), .. dotenv, .. Settings(context, job.Environment?.Name), .. Given(context),
            ],
            out _);

    public static IEnumerable<JobVariable> Written(IEnumerable<YamlVariable> variables) =>
        variables.Select(variable => new JobVariable(variable.Name, variable.Value, Raw: !variable.Expand));

    /// <summary>Settings variables whose scope the environment fits; only unscoped ones without an environment.</summary>
    public static IEnumerable<JobVariable> Settings(PipelineContext context, string? environment) =>
        context.SettingVariables.Where(variable => InScope(variable.EnvironmentScope, environment)).Select(Of);

    public static IEnumerable<JobVariable> Given(PipelineContext context) => context.PipelineVariables.Select(Of);

    private static JobVariable Of(SettingVariable variable) =>
        new(variable.Name, variable.Value, Public: false, variable.Masked, variable.File, variable.Raw);

    private static bool InScope(string scope, string? environment)
    {
        if (scope == "*")
        {
            return true;
        }

        return environment is not null && System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(Escaped(scope), environment, ignoreCase: false);
    }

    // Only * is special in a scope.
    private static string Escaped(string scope) =>
        scope.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("?", "\\?", StringComparison.Ordinal);
}
