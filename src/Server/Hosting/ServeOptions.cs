using Squero.Kernel;

namespace Squero.Server;

/// <summary>What the command line says about a server. Everything has a default that works on one machine.</summary>
internal sealed record ServeOptions
{
    public const string DefaultUrl = "http://127.0.0.1:7070";

    public const int DefaultMaxPushMegabytes = 250;

    public required string DataFolder { get; init; }

    /// <summary>Where a PostgreSQL database is; null: SQLite in the data folder.</summary>
    public DatabaseAddress? Database { get; init; }

    /// <summary>Addresses to listen on, separated by semicolons.</summary>
    public string Urls { get; init; } = DefaultUrl;

    public string? ExternalUrl { get; init; }

    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Whether the server runs pipeline jobs itself.</summary>
    public bool RunsJobs { get; init; } = true;

    /// <summary>Run jobs although this machine offers no isolation for them.</summary>
    public bool AllowUnconfinedJobs { get; init; }

    /// <summary>The largest push to a repository, in megabytes of what is sent.</summary>
    public int MaxPushMegabytes { get; init; } = DefaultMaxPushMegabytes;

    /// <summary>Whether webhooks may lead to this machine and the network around it.</summary>
    public bool PrivateWebhooks { get; init; }

    /// <summary>The addresses to listen on, each checked.</summary>
    public string[] ListenAddresses()
    {
        var addresses = Urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return addresses.Length == 0 ? throw Refusal.Invalid("--urls names no address to listen on.") : [.. addresses.Select(Checked)];
    }

    /// <summary>The address in all links: as given, else the first listening address with a wildcard read as localhost.</summary>
    public ServerAddress Address()
    {
        var text = ExternalUrl ?? AsLink(ListenAddresses()[0]);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw Refusal.Invalid($"`{text}` is not an http or https address such as {DefaultUrl}.");
        }

        return url is { PathAndQuery: "/", Fragment: "", UserInfo: "" }
            ? new ServerAddress(url, AllowedHosts)
            : throw Refusal.Invalid($"`{text}` is more than scheme, host and port: the server has a host name of its own, not a folder of another site.");
    }

    private static string AsLink(string address) =>
        address.Replace("//*", "//localhost", StringComparison.Ordinal).Replace("//+", "//localhost", StringComparison.Ordinal)
            .Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal).Replace("//[::]", "//localhost", StringComparison.Ordinal);

    private static string Checked(string address)
    {
        if (!Uri.TryCreate(AsLink(address), UriKind.Absolute, out var url) || url is not { PathAndQuery: "/", Fragment: "", UserInfo: "" })
        {
            throw Refusal.Invalid($"`{address}` is not an address to listen on, such as {DefaultUrl} or http://*:8080.");
        }

        if (url.Scheme != Uri.UriSchemeHttp)
        {
            throw Refusal.Invalid($"`{address}`: the server itself speaks http only. Let a proxy end TLS and give its address as --external-url.");
        }

        return url.Port > 0 ? address : throw Refusal.Invalid($"`{address}` needs a port of its own: links could not name it.");
    }
}
