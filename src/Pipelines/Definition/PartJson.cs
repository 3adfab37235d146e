using System.Text.Json.Nodes;

namespace Squero.Pipelines;

/// <summary>The parts of a planned job that are maps, with only the keys that were given or have a default.</summary>
internal static class PartJson
{
    public static JsonObject Image(JobImage image) => PlanJson.Without(new JsonObject
    {
        ["name"] = image.Name,
        ["entrypoint"] = Kept(image.Entrypoint),
        ["pull_policy"] = PlanJson.List(image.PullPolicy),
        ["docker"] = Docker(image.DockerPlatform, image.DockerUser),
        ["kubernetes"] = image.KubernetesUser is { } user ? new JsonObject { ["user"] = user } : null,
    });

    public static JsonObject Service(SideContainer service) => PlanJson.Without(new JsonObject
    {
        ["name"] = service.Name,
        ["alias"] = service.Alias,
        ["entrypoint"] = Kept(service.Entrypoint),
        ["command"] = Kept(service.Command),
        ["variables"] = service.Variables.Count == 0 ? null : PlanJson.Map(service.Variables.Select(variable => KeyValuePair.Create(variable.Name, variable.Value))),
        ["pull_policy"] = PlanJson.List(service.PullPolicy),
        ["docker"] = Docker(service.DockerPlatform, service.DockerUser),
    });

    public static JsonObject Environment(JobEnvironment environment) => PlanJson.Without(new JsonObject
    {
        ["name"] = environment.Name,
        ["url"] = environment.Url,
        ["action"] = environment.Action,
        ["on_stop"] = environment.OnStop,
        ["auto_stop_in"] = environment.AutoStopIn,
        ["deployment_tier"] = environment.DeploymentTier,
    });

    public static JsonObject Artifacts(JobArtifacts artifacts)
    {
        var reports = new JsonObject();
        foreach (var report in artifacts.Reports)
        {
            reports[report.Type] = report.Format is null
                ? PlanJson.List(report.Paths)
                : new JsonObject { ["coverage_format"] = report.Format, ["path"] = report.Paths is [var path, ..] ? path : null };
        }

        return PlanJson.Without(new JsonObject
        {
            ["name"] = artifacts.Name,
            ["paths"] = PlanJson.List(artifacts.Paths),
            ["exclude"] = PlanJson.List(artifacts.Exclude),
            ["untracked"] = artifacts.Untracked ? true : null,
            ["expire_in"] = artifacts.ExpireIn,
            ["expose_as"] = artifacts.ExposeAs,
            ["when"] = artifacts.When.ToWord(),
            ["access"] = artifacts.Access == "all" ? null : artifacts.Access,
            ["reports"] = reports.Count == 0 ? null : reports,
        });
    }

    public static JsonObject Cache(JobCache cache) => PlanJson.Without(new JsonObject
    {
        ["key"] = cache.KeyFiles.Count == 0
            ? cache.Key
            : PlanJson.Without(new JsonObject { ["files"] = PlanJson.List(cache.KeyFiles), ["prefix"] = cache.KeyPrefix }),
        ["paths"] = PlanJson.List(cache.Paths),
        ["policy"] = cache.Policy,
        ["when"] = cache.When.ToWord(),
        ["untracked"] = cache.Untracked ? true : null,
        ["unprotect"] = cache.Unprotect ? true : null,
        ["fallback_keys"] = PlanJson.List(cache.FallbackKeys),
    });

    public static JsonObject Retry(JobRetry retry) => PlanJson.Without(new JsonObject
    {
        ["max"] = retry.Max,
        ["when"] = retry.When is ["always"] ? null : PlanJson.List(retry.When),
        ["exit_codes"] = PlanJson.Numbers(retry.ExitCodes),
    });

    public static JsonObject Trigger(JobTrigger trigger) => PlanJson.Without(new JsonObject
    {
        ["project"] = trigger.Project,
        ["branch"] = trigger.Branch,
        ["strategy"] = trigger.Strategy,
        ["include"] = new JsonArray([.. trigger.Include.Select(Include)]),
        ["forward"] = trigger is { ForwardYamlVariables: true, ForwardPipelineVariables: false }
            ? null
            : new JsonObject { ["yaml_variables"] = trigger.ForwardYamlVariables, ["pipeline_variables"] = trigger.ForwardPipelineVariables },
    });

    public static JsonObject Release(JobRelease release) => PlanJson.Without(new JsonObject
    {
        ["tag_name"] = release.TagName,
        ["description"] = release.Description,
        ["name"] = release.Name,
        ["ref"] = release.Ref,
        ["tag_message"] = release.TagMessage,
    });

    private static JsonObject Include(TriggerInclude include) => PlanJson.Without(new JsonObject
    {
        ["local"] = include.Local,
        ["project"] = include.Project,
        ["file"] = include.File,
        ["ref"] = include.Ref,
        ["artifact"] = include.Artifact,
        ["job"] = include.Job,
    });

    private static JsonArray? Kept(IReadOnlyList<string>? texts) => texts is null ? null : PlanJson.List(texts);

    private static JsonObject? Docker(string? platform, string? user) =>
        platform is null && user is null ? null : PlanJson.Without(new JsonObject { ["platform"] = platform, ["user"] = user });
}
