using System.Text.Json.Serialization;

namespace Squero.RunnerProtocol;

/// <summary>One upload that a job shall make: the archive, or one kind of report.</summary>
public sealed record JobArtifact
{
    public string? Name { get; init; }
    /// <summary>Also files that git does not track.</summary>
    public bool Untracked { get; init; }
    /// <summary>Globs relative to the project folder; <c>**</c> crosses folders.</summary>
    public IReadOnlyList<string>? Paths { get; init; }
    public IReadOnlyList<string>? Exclude { get; init; }
    /// <summary><c>on_success</c>, <c>on_failure</c> or <c>always</c>.</summary>
    public string? When { get; init; }
    /// <summary>Words like <c>2 weeks</c>; the runner only passes them back.</summary>
    public string? ExpireIn { get; init; }
    /// <summary>See <see cref="ArtifactTypes"/>.</summary>
    public string? ArtifactType { get; init; }
    /// <summary>See <see cref="ArtifactFormats"/>.</summary>
    public string? ArtifactFormat { get; init; }
}

/// <summary>Passed on by the server only: storage is the runner's. Squero's own runner keeps no cache.</summary>
public sealed record JobCache
{
    public required string Key { get; init; }
    public bool Untracked { get; init; }
    public string? Policy { get; init; }
    public IReadOnlyList<string>? Paths { get; init; }
    public string? When { get; init; }
    public IReadOnlyList<string>? FallbackKeys { get; init; }
}

/// <summary>A job whose archive is unpacked into the project folder before the script.</summary>
public sealed record JobDependency
{
    public required long Id { get; init; }
    public required string Name { get; init; }
    /// <summary>The token to download with: the running job's own.</summary>
    public required string Token { get; init; }
    /// <summary>Missing, or without a filename: there is nothing to fetch.</summary>
    public ArtifactsFile? ArtifactsFile { get; init; }
}

public sealed record ArtifactsFile
{
    public string? Filename { get; init; }
    /// <summary>Bytes.</summary>
    public long Size { get; init; }
}

public static class ArtifactTypes
{
    public const string Archive = "archive";
    public const string Metadata = "metadata";
    public const string Trace = "trace";
    public const string Junit = "junit";
    public const string Dotenv = "dotenv";
    public const string Metrics = "metrics";
}

public static class ArtifactFormats
{
    public const string Zip = "zip";
    public const string Gzip = "gzip";
    public const string Raw = "raw";
}

/// <summary>Query parameters of POST /jobs/:id/artifacts; old runners send them as form fields.</summary>
public static class ArtifactParameters
{
    public const string Type = "artifact_type";
    public const string Format = "artifact_format";
    public const string ExpireIn = "expire_in";
    /// <summary>The one part of the multipart body; its file name says the artifact's.</summary>
    public const string FilePart = "file";
}

/// <summary>Values of <see cref="JobArtifact.When"/>.</summary>
public static class ArtifactOccasions
{
    public const string OnSuccess = "on_success";
    public const string OnFailure = "on_failure";
    public const string Always = "always";
}
