using System.Security.Cryptography;
using System.Text;
using Squero.Repositories;
using Wire = Squero.RunnerProtocol;

namespace Squero.Pipelines;

/// <summary>Our words for the parts of a job, in the words of the protocol.</summary>
internal static class PayloadParts
{
    private static readonly HashSet<string> GzipReports = new(StringComparer.Ordinal)
    {
        "junit", "dotenv", "metrics", "cobertura", "jacoco", "annotations", "cyclonedx",
    };

    public static Wire.JobVariable Of(JobVariable variable) => new()
    {
        Key = variable.Key,
        Value = variable.Value,
        Public = variable.Public,
        Masked = variable.Masked,
        File = variable.File,
        Raw = variable.Raw,
    };

    public static IReadOnlyList<Wire.JobStep> StepsOf(PlannedJob plan, int timeout)
    {
        var script = new Wire.JobStep
        {
            Name = Wire.JobStep.Script,
            Commands = [.. plan.BeforeScript, .. plan.Script],
            Timeout = timeout,
            When = "on_success",
            AllowFailure = false,
        };
        return plan.AfterScript.Count == 0
            ? [script]
            :
            [
                script,
                new Wire.JobStep
                {
                    Name = Wire.JobStep.AfterScript, Commands = plan.AfterScript, Timeout = timeout, When = "always", AllowFailure = true,
                },
            ];
    }

    public static Wire.JobImage Of(JobImage image) => new()
    {
        Name = image.Name,
        Entrypoint = image.Entrypoint,
        PullPolicy = image.PullPolicy.Count == 0 ? null : image.PullPolicy,
    };

    public static Wire.JobImage Of(SideContainer service) => new()
    {
        Name = service.Name,
        Alias = service.Alias,
        Entrypoint = service.Entrypoint,
        Command = service.Command,
        PullPolicy = service.PullPolicy.Count == 0 ? null : service.PullPolicy,
        Variables = [.. service.Variables.Select(variable => new Wire.JobVariable { Key = variable.Name, Value = variable.Value, Public = true })],
    };

    /// <summary>One upload for the files, and one for each kind of report.</summary>
    public static IReadOnlyList<Wire.JobArtifact>? ArtifactsOf(JobArtifacts? artifacts)
    {
        if (artifacts is null)
        {
            return null;
        }

        var uploads = new List<Wire.JobArtifact>();
        if (artifacts.Paths.Count > 0 || artifacts.Untracked)
        {
            uploads.Add(new Wire.JobArtifact
            {
                Name = artifacts.Name,
                Untracked = artifacts.Untracked,
                Paths = artifacts.Paths,
                Exclude = artifacts.Exclude.Count == 0 ? null : artifacts.Exclude,
                When = WordOf(artifacts.When),
                ExpireIn = artifacts.ExpireIn,
                ArtifactType = Wire.ArtifactTypes.Archive,
                ArtifactFormat = Wire.ArtifactFormats.Zip,
            });
        }

        uploads.AddRange(artifacts.Reports.Select(report => ReportOf(report, artifacts.ExpireIn)));
        return uploads;
    }

    private static Wire.JobArtifact ReportOf(ArtifactReport report, string? expireIn)
    {
        var type = report.Type == "coverage_report" ? report.Format ?? "cobertura" : report.Type;
        return new Wire.JobArtifact
        {
            Name = type switch
            {
                "junit" => "junit.xml",
                "dotenv" => ".env",
                "metrics" => "metrics.txt",
                _ => $"{type}-report",
            },
            Paths = report.Paths,
            When = Wire.ArtifactOccasions.Always,
            ExpireIn = expireIn,
            ArtifactType = type,
            ArtifactFormat = GzipReports.Contains(type) ? Wire.ArtifactFormats.Gzip : Wire.ArtifactFormats.Raw,
        };
    }

    public static Wire.JobDependency Of(GivenArchive archive, string token) => new()
    {
        Id = archive.JobId,
        Name = archive.JobName,
        Token = token,
        ArtifactsFile = new Wire.ArtifactsFile { Filename = archive.Filename, Size = archive.Size },
    };

    public static async Task<IReadOnlyList<Wire.JobCache>> CachesOfAsync(
        PlannedJob plan, GitRepository repository, string sha, bool refProtected, CancellationToken cancel)
    {
        var caches = new List<Wire.JobCache>();
        foreach (var cache in plan.Caches)
        {
            var key = cache.KeyFiles.Count == 0 ? cache.Key : await FileKeyAsync(cache, repository, sha, cancel);
            caches.Add(new Wire.JobCache
            {
                Key = cache.Unprotect ? key : $"{key}-{(refProtected ? "protected" : "non_protected")}",
                Untracked = cache.Untracked,
                Policy = cache.Policy,
                Paths = cache.Paths,
                When = WordOf(cache.When),
                FallbackKeys = cache.FallbackKeys,
            });
        }

        return caches;
    }

    /// <summary>Changes when the content of one of the files does.</summary>
    private static async Task<string> FileKeyAsync(JobCache cache, GitRepository repository, string sha, CancellationToken cancel)
    {
        var oids = new StringBuilder();
        foreach (var path in cache.KeyFiles)
        {
            oids.Append((await repository.BlobAsync(sha, path, cancel))?.Oid).Append(' ');
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(oids.ToString())))[..40];
        return cache.KeyPrefix is { } prefix ? $"{prefix}-{hash}" : hash;
    }

    private static string WordOf(JobWhen when) => when switch
    {
        JobWhen.OnFailure => Wire.ArtifactOccasions.OnFailure,
        JobWhen.Always => Wire.ArtifactOccasions.Always,
        _ => Wire.ArtifactOccasions.OnSuccess,
    };
}
