namespace Squero.Pipelines;

/// <summary>A file that a job left: its archive, or a report.</summary>
public sealed record Artifact
{
    public long Id { get; init; }

    public long JobId { get; init; }

    /// <summary>archive, junit, metrics, dotenv …</summary>
    public string Type { get; init; } = "";

    /// <summary>zip, gzip or raw.</summary>
    public string Format { get; init; } = "";

    public string Filename { get; init; } = "";

    /// <summary>Of its blob.</summary>
    public string Hash { get; init; } = "";

    public long Size { get; init; }

    public long CreatedUs { get; init; }

    /// <summary>After this it is not offered any more; null: kept.</summary>
    public long? ExpiresUs { get; init; }
}

/// <summary>One file in an archive.</summary>
public sealed record ArtifactFile
{
    public string Path { get; init; } = "";

    public long Size { get; init; }
}
