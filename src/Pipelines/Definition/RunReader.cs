namespace Squero.Pipelines;

/// <summary>Reads the keywords about how a job runs and what follows: retry, failure, environment, coverage, release, tokens.</summary>
internal static class RunReader
{
    private static readonly string[] Reasons =
    [
        "always", "unknown_failure", "script_failure", "api_failure", "stuck_or_timeout_failure", "runner_system_failure", "runner_unsupported",
        "stale_schedule", "job_execution_timeout", "archived_failure", "unmet_prerequisites", "scheduler_failure", "data_integrity_failure",
        "missing_dependency_failure", "forward_deployment_failure", "pipeline_loop_detected", "image_pull_failure", "trace_size_exceeded",
        "builds_disabled", "environment_creation_failure", "deployment_rejected", "no_matching_runner", "ci_quota_exceeded", "server_error",
        "runner_configuration_error", "runner_external_dependency_failure", "runner_interrupted", "job_token_expired", "user_blocked", "project_deleted",
    ];

    private static readonly string[] Actions = ["start", "prepare", "stop", "verify", "access"];
    private static readonly string[] Tiers = ["production", "staging", "testing", "development", "other"];

    public static JobRetry? Retry(Field field)
    {
        if (!field.IsMap)
        {
            return field.Whole(0, 2, ErrorCategory.InvalidRetry) is { } plain ? new JobRetry(plain, ["always"], []) : null;
        }

        field.Map(["max", "when", "exit_codes"]);
        foreach (var item in field["when"].Items())
        {
            field["when"].With(item).OneOf(Reasons, ErrorCategory.InvalidRetry);
        }

        var codes = ExitCodes(field["exit_codes"]);
        var when = field["when"].Texts();
        return new JobRetry(field["max"].Whole(0, 2, ErrorCategory.InvalidRetry) ?? 0, when.Count == 0 && codes.Count == 0 ? ["always"] : when, codes);
    }

    public static IReadOnlyList<int> ExitCodes(Field field) =>
        [.. field.Items().Select(item => field.With(item).Whole(0, 100_000)).OfType<int>()];

    public static int? Timeout(Field field)
    {
        if (field.Text() is not { } text)
        {
            return null;
        }

        if (Durations.ParseSeconds(text) is { } seconds and > 0)
        {
            return seconds;
        }

        field.Fail($"`timeout` is `{Field.Cut(text)}`, but must be a length of time such as `1h 30m`.");
        return null;
    }

    public static JobEnvironment? Environment(Field field)
    {
        if (!field.IsMap)
        {
            return field.Text() is { } plain ? new JobEnvironment(Checked(field, plain)) : null;
        }

        field.Map(["name", "url", "on_stop", "action", "auto_stop_in", "deployment_tier", "kubernetes"]);
        return new JobEnvironment(Checked(field, field["name"].Text() ?? ""), field["action"].OneOf(Actions) ?? "start")
        {
            Url = field["url"].Text(),
            OnStop = field["on_stop"].Text(),
            AutoStopIn = field["auto_stop_in"].Text(),
            DeploymentTier = field["deployment_tier"].OneOf(Tiers),
        };
    }

    public static string? ResourceGroup(Field field)
    {
        var text = field.Text();
        if (text is not null && (text.Length is 0 or > 255 || text.Any(c => !char.IsAsciiLetterOrDigit(c) && !"-_/${}. ".Contains(c, StringComparison.Ordinal))))
        {
            field.Fail($"`resource_group` is `{Field.Cut(text)}`, but may hold only letters, digits, `-`, `_`, `/`, `$`, `{{`, `}}`, `.` and spaces.");
        }

        return text;
    }

    public static string? Coverage(Field field)
    {
        if (field.Text() is not { } text)
        {
            return null;
        }

        if (text.Length < 3 || text[0] != '/' || text[^1] != '/')
        {
            field.Fail($"`coverage` is `{Field.Cut(text)}`, but must be a pattern between slashes.");
            return null;
        }

        return text[1..^1];
    }

    public static JobRelease? Release(Field field)
    {
        if (field.Map(["tag_name", "description", "name", "ref", "tag_message", "milestones", "released_at", "assets"]) is null)
        {
            return null;
        }

        if (!field["tag_name"].IsGiven || !field["description"].IsGiven)
        {
            field.Fail("`release` needs a `tag_name` and a `description`.");
        }

        return new JobRelease(field["tag_name"].Text() ?? "", field["description"].Text() ?? "")
        {
            Name = field["name"].Text(),
            Ref = field["ref"].Text(),
            TagMessage = field["tag_message"].Text(),
        };
    }

    public static IReadOnlyList<IdToken> IdTokens(Field field)
    {
        if (field.Node is not CiMap map)
        {
            field.Map([]);
            return [];
        }

        return [.. map.Keys.Select(name => new IdToken(name, field[name]["aud"].Texts()))];
    }

    private static string Checked(Field field, string name)
    {
        if (name.Length is 0 or > 255 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && !"-_/${}. ".Contains(c, StringComparison.Ordinal)))
        {
            field.Fail(name.Length == 0
                ? "`environment` has no name."
                : $"`environment` is named `{Field.Cut(name)}`, but names hold only letters, digits, `-`, `_`, `/`, `$`, `{{`, `}}`, `.` and spaces, at most 255.");
        }

        return name;
    }
}
