namespace Squero.Kernel;

/// <summary>Where people reach this server. All absolute links come from <see cref="External"/>, never from a Host header.</summary>
public sealed class ServerAddress
{
    private readonly HashSet<string> hosts;

    public ServerAddress(Uri external, IEnumerable<string> allowedHosts)
    {
        External = new Uri(external.GetLeftPart(UriPartial.Authority));
        hosts = new HashSet<string>(allowedHosts, StringComparer.OrdinalIgnoreCase) { External.Host, "localhost", "127.0.0.1", "[::1]", "::1" };
    }

    /// <summary>Scheme, host and port, without a trailing slash in use: join with <see cref="Link"/>.</summary>
    public Uri External { get; }

    public bool Allows(string host) => hosts.Contains(host);

    /// <summary>An absolute link to a path that begins with a slash.</summary>
    public string Link(string path) => External.GetLeftPart(UriPartial.Authority) + path;
}
