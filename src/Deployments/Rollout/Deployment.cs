namespace Squero.Deployments;

/// <summary>How a deployment stands. The numbers are stored.</summary>
public enum DeploymentState
{
    Starting = 1,
    Serving = 2,
    Failed = 3,
    Replaced = 4,

    /// <summary>The alias was taken away; nothing serves in its place.</summary>
    Ended = 5,
}

/// <summary>One act of putting a model's version into an environment.</summary>
public sealed record Deployment
{
    public const string Production = "production";

    public long Id { get; init; }

    public long ProjectId { get; init; }

    public long ModelId { get; init; }

    public long VersionId { get; init; }

    public string Environment { get; init; } = Production;

    public DeploymentState State { get; init; }

    /// <summary>Why it failed, for people.</summary>
    public string? Sentence { get; init; }

    public long PersonId { get; init; }

    public long CreatedUs { get; init; }

    public long? ServingUs { get; init; }

    public long? EndedUs { get; init; }
}

/// <summary>A version has begun to serve, or could not.</summary>
public sealed record DeploymentSettled(long ProjectId, long DeploymentId, DeploymentState State);
