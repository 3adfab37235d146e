using Squero.Kernel;

namespace Squero.Server;

/// <summary>What the command line says about a server. Everything has a default that works on one machine.</summary>
internal sealed record ServeOptions
{
    public const string DefaultUrl = "http://127.0.0.1:7070";

    public required string DataFolder { get; init; }

    /// <summary>Addresses to listen on, separated by semicolons.</summary>
    public string Urls { get; init; } = DefaultUrl;

    public string? ExternalUrl { get; init; }

    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Whether the server runs pipeline jobs itself.</summary>
    public bool RunsJobs { get; init; } = true;

    /// <summary>Run jobs although this machine offers no isolation for them.</summary>
    public bool AllowUnconfinedJobs { get; init; }

    /// <summary>The address in all links: as given, else the first listening address with a wildcard read as localhost.</summary>
    public ServerAddress Address()
    {
        var text = ExternalUrl ?? Urls.Split(';', 2)[0].Replace("//*", "//localhost", StringComparison.Ordinal)
            .Replace("//+", "//localhost", StringComparison.Ordinal).Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal)
            .Replace("//[::]", "//localhost", StringComparison.Ordinal);
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is ("http" or "https")
            ? new ServerAddress(url, AllowedHosts)
            : throw new ArgumentException($"`{text}` is not an http or https address.");
    }
}
