namespace Squero.Repositories;

/// <summary>Limits of git transport; section <c>Repositories</c> of the configuration.</summary>
public sealed record RepositoryLimits
{
    /// <summary>The largest push, in bytes of what is sent (a compressed pack).</summary>
    public long MaxPushBytes { get; init; } = 250L * 1024 * 1024;

    /// <summary>Fetches and pushes at work at the same time; more wait for their turn.</summary>
    public int MaxTransfers { get; init; } = 32;

    /// <summary>The longest time one fetch or push may take.</summary>
    public TimeSpan MaxTransferTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>"250 MB": for sentences.</summary>
    public string MaxPushText =>
        MaxPushBytes >= 1024 * 1024
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{MaxPushBytes / (1024 * 1024)} MB")
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{MaxPushBytes / 1024} KB");
}
