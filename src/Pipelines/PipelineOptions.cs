namespace Squero.Pipelines;

/// <summary>Limits and times of pipelines; the defaults suit one machine.</summary>
public sealed record PipelineOptions
{
    /// <summary>A job of the runner inside this process that sends nothing for so long is lost. It sends every 30 seconds at least.</summary>
    public TimeSpan BuiltInLostAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The same for runners elsewhere, whose network may be away for a while.</summary>
    public TimeSpan RemoteLostAfter { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Pending jobs that nobody takes for so long fail.</summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromHours(24);

    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a job request is held while there is nothing to do; runners give up after 60 seconds and more.</summary>
    public TimeSpan HoldRequest { get; init; } = TimeSpan.FromSeconds(50);

    /// <summary>Bytes of one job's log that are kept.</summary>
    public int LogBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Bytes of one uploaded artifact.</summary>
    public long ArtifactBytesMax { get; init; } = 512L * 1024 * 1024;
}
