using System.Text.Json.Nodes;

namespace Squero.Pipelines;

/// <summary>Shows what a plan came to as JSON: keywords as in the file, names in snake_case.</summary>
internal static class PlanJson
{
    public static JsonObject Of(PlanOutcome outcome, PipelineContext context) => outcome switch
    {
        PlanOutcome.Planned planned => Pipeline(planned.Pipeline, context),
        PlanOutcome.NoPipeline none => new JsonObject { ["result"] = "no_pipeline", ["reason"] = none.Reason, ["message"] = none.Sentence },
        PlanOutcome.InvalidDefinition invalid => Invalid(invalid.Errors),
        _ => throw new InvalidOperationException($"No JSON for {outcome}."),
    };

    private static JsonObject Invalid(IReadOnlyList<DefinitionError> errors) => new()
    {
        ["result"] = "invalid",
        ["error"] = new JsonObject { ["category"] = errors[0].Category, ["message"] = errors[0].ToString() },
        ["errors"] = new JsonArray([.. errors.Select(error => Without(new JsonObject
        {
            ["category"] = error.Category,
            ["message"] = error.Sentence,
            ["job"] = error.Job,
            ["keyword"] = error.Keyword,
            ["file"] = error.File,
            ["line"] = error.Line,
        }))]),
    };

    private static JsonObject Pipeline(PlannedPipeline pipeline, PipelineContext context)
    {
        var jobs = new JsonObject();
        foreach (var job in pipeline.Jobs)
        {
            jobs[job.Name] = Job(job, context);
        }

        return new JsonObject
        {
            ["result"] = "pipeline",
            ["name"] = pipeline.Name,
            ["stages"] = List(pipeline.Stages),
            ["warnings"] = List(pipeline.Warnings),
            ["jobs"] = jobs,
        };
    }

    private static JsonObject Job(PlannedJob job, PipelineContext context)
    {
        var environment = JobVariables.Assemble(context, job, [], []);
        return new JsonObject
        {
            ["type"] = job.IsBridge ? "bridge" : "build",
            ["stage"] = job.Stage,
            ["when"] = job.When.ToWord(),
            ["allow_failure"] = job.AllowFailure,
            ["allow_failure_exit_codes"] = Numbers(job.AllowFailureExitCodes),
            ["start_in_seconds"] = job.StartInSeconds,
            ["needs"] = job.Needs is null ? null : new JsonArray([.. job.Needs.Select(need => new JsonObject { ["job"] = need.Job, ["artifacts"] = need.Artifacts })]),
            ["dependencies"] = job.Dependencies is null ? null : List(job.Dependencies),
            ["script"] = List(job.Script),
            ["before_script"] = List(job.BeforeScript),
            ["after_script"] = List(job.AfterScript),
            ["variables"] = Map(job.Variables.Select(variable => KeyValuePair.Create(variable.Name, variable.Value))),
            ["variables_expanded"] = Map(environment.Select(variable => KeyValuePair.Create(variable.Key, variable.Value))),
            ["matrix"] = job.Parallel?.Matrix is { } row ? Map(row) : null,
            ["node_index"] = job.Parallel?.Index,
            ["node_total"] = job.Parallel?.Total,
            ["tags"] = List(job.Tags),
            ["image"] = job.Image is null ? null : PartJson.Image(job.Image),
            ["services"] = new JsonArray([.. job.Services.Select(PartJson.Service)]),
            ["environment"] = job.Environment is null ? null : PartJson.Environment(job.Environment),
            ["artifacts"] = job.Artifacts is null ? null : PartJson.Artifacts(job.Artifacts),
            ["cache"] = new JsonArray([.. job.Caches.Select(PartJson.Cache)]),
            ["retry"] = job.Retry is null ? null : PartJson.Retry(job.Retry),
            ["timeout_seconds"] = job.TimeoutSeconds,
            ["interruptible"] = job.Interruptible,
            ["resource_group"] = job.ResourceGroup,
            ["coverage"] = job.Coverage,
            ["trigger"] = job.Trigger is null ? null : PartJson.Trigger(job.Trigger),
            ["release"] = job.Release is null ? null : PartJson.Release(job.Release),
        };
    }

    internal static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    internal static JsonArray Numbers(IEnumerable<int> numbers) => new([.. numbers.Select(number => JsonValue.Create(number))]);

    /// <summary>Without keys that say nothing: null, an empty list, false.</summary>
    internal static JsonObject Without(JsonObject map)
    {
        foreach (var key in map.Where(pair => pair.Value is null or JsonArray { Count: 0 }).Select(pair => pair.Key).ToList())
        {
            map.Remove(key);
        }

        return map;
    }

    internal static JsonObject Map(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var map = new JsonObject();
        foreach (var (key, value) in pairs)
        {
            map[key] = value;
        }

        return map;
    }
}
