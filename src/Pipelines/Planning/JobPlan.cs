namespace Squero.Pipelines;

/// <summary>Makes the planned job: copies what the file says and expands what the server expands (tags, environment, resource group, trigger).</summary>
internal static class JobPlan
{
    public static PlannedJob Make(JobDefinition job, JobDecision decision, IReadOnlyList<PlannedNeed>? needs, PipelineContext context)
    {
        var planned = Unplanned(job) with
        {
            When = decision.When,
            StartInSeconds = decision.When == JobWhen.Delayed ? decision.StartInSeconds : null,
            AllowFailure = decision.AllowFailure,
            AllowFailureExitCodes = decision.AllowFailureExitCodes,
            Interruptible = decision.Interruptible,
            Needs = needs,
            Variables = decision.Variables,
        };
        var lookup = Lookup(planned, context);
        return planned with
        {
            Tags = [.. job.Tags.Select(tag => VariableExpansion.Expand(tag, lookup))],
            ResourceGroup = job.ResourceGroup is { } group ? VariableExpansion.Expand(group, lookup) : null,
            Environment = job.Environment is null ? null : Expanded(job.Environment, lookup),
            Trigger = job.Trigger is null ? null : Expanded(job.Trigger, lookup),
        };
    }

    /// <summary>The job with nothing decided yet.</summary>
    public static PlannedJob Unplanned(JobDefinition job) => new()
    {
        Name = job.Name,
        Key = job.Key,
        Stage = job.Stage,
        StageIndex = 0,
        When = job.When ?? JobWhen.OnSuccess,
        AllowFailure = false,
        Dependencies = job.Dependencies,
        Script = job.Script,
        BeforeScript = job.BeforeScript,
        AfterScript = job.AfterScript,
        Parallel = job.Parallel,
        Image = job.Image,
        Services = job.Services,
        Tags = job.Tags,
        Environment = job.Environment,
        Artifacts = job.Artifacts,
        Caches = job.Caches,
        Retry = job.Retry,
        TimeoutSeconds = job.TimeoutSeconds,
        Coverage = job.Coverage,
        Trigger = job.Trigger,
        Release = job.Release,
        Pages = job.Pages,
        ManualConfirmation = job.ManualConfirmation,
        PreGetSourcesScript = job.PreGetSourcesScript,
        IdTokens = job.IdTokens,
    };

    private static Func<string, string?> Lookup(PlannedJob planned, PipelineContext context)
    {
        var all = PredefinedVariables.OfPipeline(context)
            .Concat(PredefinedVariables.OfJob(context, planned with { Environment = null }))
            .Concat(JobVariables.Written(planned.Variables))
            .Concat(JobVariables.Settings(context, null))
            .Concat(JobVariables.Given(context));
        var expanded = VariableExpansion.ExpandAll(all, out var circle);
        if (circle.Count > 0)
        {
            throw DefinitionException.Because(
                ErrorCategory.CircularVariables,
                $"{planned.Name}: circular variable reference detected: {string.Join(" → ", circle)}.", default, planned.Key, "variables");
        }

        var values = expanded.ToDictionary(variable => variable.Key, variable => variable.Value, StringComparer.Ordinal);
        return values.GetValueOrDefault;
    }

    private static JobEnvironment Expanded(JobEnvironment environment, Func<string, string?> lookup)
    {
        var name = VariableExpansion.Expand(environment.Name, lookup);
        string? WithName(string key) => key switch
        {
            "CI_ENVIRONMENT_NAME" => name,
            "CI_ENVIRONMENT_SLUG" => PredefinedVariables.EnvironmentSlug(name),
            _ => lookup(key),
        };
        return environment with
        {
            Name = name,
            Url = environment.Url is { } url ? VariableExpansion.Expand(url, WithName) : null,
            AutoStopIn = environment.AutoStopIn is { } length ? VariableExpansion.Expand(length, WithName) : null,
        };
    }

    private static JobTrigger Expanded(JobTrigger trigger, Func<string, string?> lookup) => trigger with
    {
        Project = trigger.Project is { } project ? VariableExpansion.Expand(project, lookup) : null,
        Branch = trigger.Branch is { } branch ? VariableExpansion.Expand(branch, lookup) : null,
    };
}
