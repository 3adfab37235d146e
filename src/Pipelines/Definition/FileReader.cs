namespace Squero.Pipelines;

/// <summary>Reads the keywords about files that outlive a job: <c>artifacts</c> and <c>cache</c>.</summary>
internal static class FileReader
{
    public const int MaxCaches = 4;
    private static readonly string[] ArtifactKeys =
        ["paths", "exclude", "expire_in", "when", "name", "untracked", "expose_as", "public", "access", "reports"];

    private static readonly string[] ReportTypes =
    [
        "accessibility", "annotations", "api_fuzzing", "browser_performance", "codequality", "container_scanning", "coverage_fuzzing",
        "coverage_report", "cyclonedx", "dast", "dependency_scanning", "dotenv", "junit", "license_scanning", "load_performance", "lsif", "metrics",
        "performance", "repository_xray", "requirements", "requirements_v2", "sast", "scip", "secret_detection", "terraform", "cluster_image_scanning",
    ];

    private static readonly string[] CacheKeys = ["key", "paths", "policy", "when", "untracked", "unprotect", "fallback_keys"];
    private static readonly string[] Accesses = ["all", "developer", "maintainer", "none"];
    private static readonly string[] CoverageFormats = ["cobertura", "jacoco"];
    private static readonly string[] Policies = ["pull-push", "pull", "push"];

    public static JobArtifacts? Artifacts(Field field)
    {
        if (field.Map(ArtifactKeys) is null)
        {
            return null;
        }

        var expiry = field["expire_in"].Text();
        if (expiry is not null && expiry != "never" && Durations.ParseSeconds(expiry) is null)
        {
            field["expire_in"].Fail($"`artifacts:expire_in` is `{Field.Cut(expiry)}`, but must be a length of time such as `2 weeks`, or `never`.");
        }

        return new JobArtifacts(When(field["when"]))
        {
            Name = field["name"].Text(),
            Paths = field["paths"].Texts(),
            Exclude = field["exclude"].Texts(),
            Untracked = field["untracked"].Truth() ?? false,
            ExpireIn = expiry,
            ExposeAs = field["expose_as"].Text(),
            Access = field["access"].OneOf(Accesses) ?? (field["public"].Truth() == false ? "developer" : "all"),
            Reports = Reports(field["reports"]),
        };
    }

    public static IReadOnlyList<JobCache> Caches(Field field)
    {
        var items = field.Items();
        if (items.Count > MaxCaches)
        {
            field.Fail($"`cache` has {items.Count} entries, but at most {MaxCaches} are allowed.");
            return [];
        }

        return [.. items.Where(item => item is not CiMap { Entries.Length: 0 }).Select(item => Cache(field.With(item))).OfType<JobCache>()];
    }

    private static JobWhen When(Field field) => field.OneOf(WhenWords.OfFiles) is { } word ? WhenWords.Parse(word) : JobWhen.OnSuccess;

    private static List<ArtifactReport> Reports(Field field)
    {
        var reports = new List<ArtifactReport>();
        if (field.Map(ReportTypes) is not { } map)
        {
            return reports;
        }

        foreach (var (type, _) in map.Entries)
        {
            var one = field[type];
            if (type == "coverage_report" && one.IsMap)
            {
                one.Map(["coverage_format", "path"]);
                reports.Add(new ArtifactReport(type, one["path"].Texts(), one["coverage_format"].OneOf(CoverageFormats)));
            }
            else if (one.IsGiven)
            {
                reports.Add(new ArtifactReport(type, one.Texts()));
            }
        }

        return reports;
    }

    private static JobCache? Cache(Field one)
    {
        if (one.Map(CacheKeys) is null)
        {
            if (!one.IsGiven)
            {
                one.Fail("an entry of `cache` is empty.");
            }

            return null;
        }

        var key = one["key"];
        var plain = key.IsMap ? null : key.Text();
        if (plain is not null && (plain.Contains('/', StringComparison.Ordinal) || plain.Contains("%2F", StringComparison.OrdinalIgnoreCase) || plain.All(c => c == '.')))
        {
            key.Fail($"`cache:key` is `{Field.Cut(plain)}`, but must not hold a slash nor be only dots.");
        }

        var files = key.IsMap ? KeyFiles(key) : [];
        var policy = one["policy"].Text();
        if (policy is not null && !policy.StartsWith('$') && !Policies.Contains(policy))
        {
            one["policy"].OneOf(Policies);
        }

        return new JobCache(one["paths"].Texts())
        {
            Key = plain ?? "default",
            KeyFiles = files,
            KeyPrefix = key.IsMap ? key["prefix"].Text() : null,
            Policy = policy ?? "pull-push",
            When = When(one["when"]),
            Untracked = one["untracked"].Truth() ?? false,
            Unprotect = one["unprotect"].Truth() ?? false,
            FallbackKeys = AtMost(one["fallback_keys"], 5),
        };
    }

    private static IReadOnlyList<string> KeyFiles(Field key)
    {
        key.Map(["files", "files_commits", "prefix"]);
        return AtMost(key["files"].IsGiven ? key["files"] : key["files_commits"], 2);
    }

    private static IReadOnlyList<string> AtMost(Field field, int most)
    {
        var texts = field.Texts();
        if (texts.Count > most)
        {
            field.Fail($"`{field.Keyword}` has {texts.Count} entries, but at most {most} are allowed.");
        }

        return texts;
    }
}
