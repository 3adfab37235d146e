using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Squero.Pipelines;

/// <summary>The CI_* variables that are known before a job runs. Those of a running job are added where it is handed out.</summary>
internal static class PredefinedVariables
{
    private const string NoSha = "0000000000000000000000000000000000000000";

    /// <summary>Known before the pipeline is made: usable in includes, workflow and rules.</summary>
    public static IReadOnlyList<JobVariable> OfPipeline(PipelineContext context)
    {
        var list = new Listing();
        Instance(list, context);
        Commit(list, context);
        Project(list, context);
        list.Add("CI_PIPELINE_SOURCE", context.Source);
        list.Add("CI_PIPELINE_CREATED_AT", Time(context.CreatedAt));
        list.Add("CI_OPEN_MERGE_REQUESTS", context.OpenMergeRequests);
        if (context.MergeRequest is { } request)
        {
            MergeRequest(list, context, request);
        }

        return list.Variables;
    }

    /// <summary>Known when the job is made: usable in rules of jobs, except those about the environment.</summary>
    public static IReadOnlyList<JobVariable> OfJob(PipelineContext context, PlannedJob job)
    {
        var list = new Listing();
        list.Add("CI_PIPELINE_IID", context.PipelineIid?.ToString(CultureInfo.InvariantCulture));
        list.Add("CI_PIPELINE_TRIGGERED", context.Source == "trigger" ? "true" : null);
        list.Add("CI_JOB_NAME", job.Name);
        list.Add("CI_JOB_NAME_SLUG", Slug(job.Name));
        list.Add("CI_JOB_GROUP_NAME", job.Key);
        list.Add("CI_JOB_STAGE", job.Stage);
        list.Add("CI_JOB_MANUAL", job.When == JobWhen.Manual ? "true" : null);
        list.Add("CI_NODE_INDEX", job.Parallel?.Index.ToString(CultureInfo.InvariantCulture));
        list.Add("CI_NODE_TOTAL", (job.Parallel?.Total ?? 1).ToString(CultureInfo.InvariantCulture));
        list.Add("GITLAB_USER_ID", context.Person?.Id.ToString(CultureInfo.InvariantCulture));
        list.Add("GITLAB_USER_LOGIN", context.Person?.Login);
        list.Add("GITLAB_USER_NAME", context.Person?.Name);
        list.Add("GITLAB_USER_EMAIL", context.Person?.Email);
        if (job.Environment is { } environment)
        {
            list.Add("CI_ENVIRONMENT_NAME", environment.Name);
            list.Add("CI_ENVIRONMENT_SLUG", EnvironmentSlug(environment.Name));
            list.Add("CI_ENVIRONMENT_URL", environment.Url);
            list.Add("CI_ENVIRONMENT_ACTION", environment.Action);
            list.Add("CI_ENVIRONMENT_TIER", environment.DeploymentTier);
        }

        return list.Variables;
    }

    /// <summary>Lower case, only 0-9, a-z and -, none of these at the ends, at most 63 characters.</summary>
    public static string Slug(string name)
    {
        var text = new StringBuilder(Math.Min(name.Length, 63));
        foreach (var c in name.Take(63))
        {
            var lower = char.ToLowerInvariant(c);
            text.Append(char.IsAsciiLetterOrDigit(lower) ? lower : '-');
        }

        return text.ToString().Trim('-');
    }

    /// <summary>At most 24 characters, begins with a letter; a short hash tells apart names that would look the same.</summary>
    public static string EnvironmentSlug(string name)
    {
        var slug = new StringBuilder();
        foreach (var c in name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'))
        {
            if (c != '-' || slug.Length == 0 || slug[^1] != '-')
            {
                slug.Append(c);
            }
        }

        var text = slug.ToString();
        text = text.Length > 0 && char.IsAsciiLetter(text[0]) ? text : "env-" + text;
        if (text.Length <= 24 && text == name)
        {
            return text.TrimEnd('-');
        }

        text = text.Length > 17 ? text[..17] : text;
        return $"{(text.EndsWith('-') ? text : text + "-")}{Suffix(name)}";
    }

    private static void Instance(Listing list, PipelineContext context)
    {
        var url = new Uri(context.Instance.Url);
        var version = context.Instance.Version.Split('-')[0].Split('.');
        list.Add("CI", "true");
        list.Add("GITLAB_CI", "true");
        list.Add("CI_API_V4_URL", $"{context.Instance.Url}/api/v4");
        list.Add("CI_SERVER_URL", context.Instance.Url);
        list.Add("CI_SERVER_HOST", url.Host);
        list.Add("CI_SERVER_PORT", url.Port.ToString(CultureInfo.InvariantCulture));
        list.Add("CI_SERVER_PROTOCOL", url.Scheme);
        list.Add("CI_SERVER_FQDN", url.Authority);
        list.Add("CI_SERVER_NAME", "Squero");
        list.Add("CI_SERVER_VERSION", context.Instance.Version);
        list.Add("CI_SERVER_VERSION_MAJOR", version[0]);
        list.Add("CI_SERVER_VERSION_MINOR", version.ElementAtOrDefault(1));
        list.Add("CI_SERVER_VERSION_PATCH", version.ElementAtOrDefault(2));
    }

    private static void Commit(Listing list, PipelineContext context)
    {
        var commit = context.Commit;
        var lines = commit.Message.Split('\n');
        list.Add("CI_COMMIT_SHA", commit.Sha);
        list.Add("CI_COMMIT_SHORT_SHA", commit.Sha[..Math.Min(8, commit.Sha.Length)]);
        list.Add("CI_COMMIT_BEFORE_SHA", commit.BeforeSha ?? NoSha);
        list.Add("CI_COMMIT_REF_NAME", context.Ref);
        list.Add("CI_COMMIT_REF_SLUG", Slug(context.Ref));
        list.Add("CI_COMMIT_REF_PROTECTED", context.RefProtected ? "true" : "false");
        list.Add("CI_COMMIT_BRANCH", context.RefKind == RefKind.Branch ? context.Ref : null);
        list.Add("CI_COMMIT_TAG", context.RefKind == RefKind.Tag ? context.Ref : null);
        list.Add("CI_COMMIT_TAG_MESSAGE", context.RefKind == RefKind.Tag ? commit.TagMessage : null);
        list.Add("CI_COMMIT_MESSAGE", commit.Message);
        list.Add("CI_COMMIT_TITLE", lines[0].TrimEnd('\r'));
        list.Add("CI_COMMIT_DESCRIPTION", lines.Length > 1 ? string.Join('\n', lines.Skip(1)).TrimStart('\n', '\r') : "");
        list.Add("CI_COMMIT_AUTHOR", commit.Author);
        list.Add("CI_COMMIT_TIMESTAMP", Time(commit.Timestamp));
    }

    private static void Project(Listing list, PipelineContext context)
    {
        var project = context.Project;
        var slash = project.Path.LastIndexOf('/');
        var space = slash < 0 ? "" : project.Path[..slash];
        list.Add("CI_PROJECT_ID", project.Id.ToString(CultureInfo.InvariantCulture));
        list.Add("CI_PROJECT_NAME", project.Name);
        list.Add("CI_PROJECT_TITLE", project.Title ?? project.Name);
        list.Add("CI_PROJECT_DESCRIPTION", project.Description ?? "");
        list.Add("CI_PROJECT_PATH", project.Path);
        list.Add("CI_PROJECT_PATH_SLUG", Slug(project.Path));
        list.Add("CI_PROJECT_NAMESPACE", space);
        list.Add("CI_PROJECT_NAMESPACE_ID", project.NamespaceId.ToString(CultureInfo.InvariantCulture));
        list.Add("CI_PROJECT_ROOT_NAMESPACE", space.Split('/')[0]);
        list.Add("CI_PROJECT_URL", $"{context.Instance.Url}/{project.Path}");
        list.Add("CI_PROJECT_VISIBILITY", project.Visibility);
        list.Add("CI_DEFAULT_BRANCH", project.DefaultBranch);
        list.Add("CI_CONFIG_PATH", project.ConfigPath);
    }

    private static void MergeRequest(Listing list, PipelineContext context, MergeRequestFacts request)
    {
        const int longest = 2_700;
        var iid = request.Iid.ToString(CultureInfo.InvariantCulture);
        var url = $"{context.Instance.Url}/{context.Project.Path}";
        var id = context.Project.Id.ToString(CultureInfo.InvariantCulture);
        list.Add("CI_MERGE_REQUEST_ID", request.Id.ToString(CultureInfo.InvariantCulture));
        list.Add("CI_MERGE_REQUEST_IID", iid);
        list.Add("CI_MERGE_REQUEST_REF_PATH", $"refs/merge-requests/{iid}/{(request.EventType == "detached" ? "head" : "merge")}");
        list.Add("CI_MERGE_REQUEST_PROJECT_ID", id);
        list.Add("CI_MERGE_REQUEST_PROJECT_PATH", context.Project.Path);
        list.Add("CI_MERGE_REQUEST_PROJECT_URL", url);
        list.Add("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", request.TargetBranch);
        list.Add("CI_MERGE_REQUEST_TARGET_BRANCH_PROTECTED", request.TargetProtected ? "true" : "false");
        list.Add("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", request.EventType == "detached" ? "" : request.TargetSha);
        list.Add("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", request.SourceBranch);
        list.Add("CI_MERGE_REQUEST_SOURCE_BRANCH_PROTECTED", request.SourceProtected ? "true" : "false");
        list.Add("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", request.EventType == "detached" ? "" : request.SourceSha);
        list.Add("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", id);
        list.Add("CI_MERGE_REQUEST_SOURCE_PROJECT_PATH", context.Project.Path);
        list.Add("CI_MERGE_REQUEST_SOURCE_PROJECT_URL", url);
        list.Add("CI_MERGE_REQUEST_TITLE", request.Title);
        list.Add("CI_MERGE_REQUEST_DESCRIPTION", request.Description[..Math.Min(longest, request.Description.Length)]);
        list.Add("CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED", request.Description.Length > longest ? "true" : "false");
        list.Add("CI_MERGE_REQUEST_ASSIGNEES", request.Assignees.Count > 0 ? string.Join(", ", request.Assignees) : null);
        list.Add("CI_MERGE_REQUEST_LABELS", request.Labels.Count > 0 ? string.Join(',', request.Labels) : null);
        list.Add("CI_MERGE_REQUEST_DRAFT", request.Draft ? "true" : "false");
        list.Add("CI_MERGE_REQUEST_EVENT_TYPE", request.EventType);
        list.Add("CI_MERGE_REQUEST_DIFF_ID", request.DiffId?.ToString(CultureInfo.InvariantCulture));
        list.Add("CI_MERGE_REQUEST_DIFF_BASE_SHA", request.DiffBaseSha);
        list.Add("CI_MERGE_REQUEST_SQUASH_ON_MERGE", request.Squash ? "true" : "false");
    }

    private static string? Time(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture);

    private static string Suffix(string name)
    {
        const string digits = "0123456789abcdefghijklmnopqrstuvwxyz";
        var number = new BigInteger(SHA256.HashData(Encoding.UTF8.GetBytes(name)), isUnsigned: true, isBigEndian: true);
        var text = new char[6];
        for (var at = 5; at >= 0; at--)
        {
            number = BigInteger.DivRem(number, 36, out var digit);
            text[at] = digits[(int)digit];
        }

        return new string(text);
    }

    private sealed class Listing
    {
        public List<JobVariable> Variables { get; } = new(64);

        public void Add(string key, string? value)
        {
            if (value is not null)
            {
                Variables.Add(new JobVariable(key, value));
            }
        }
    }
}
