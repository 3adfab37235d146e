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

    /// <summary>
    /// Whether a page of this server may have sent it: one at the external address, or at the host and port that were asked.
    /// What listens on another port of this machine is another site. The scheme is left to a proxy that ends TLS.
    /// </summary>
    public bool IsOwnOrigin(string origin, string? askedHost) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var from)
        && Allows(from.Host)
        && (Uri.Compare(from, External, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0
            || (Uri.TryCreate($"{from.Scheme}://{askedHost}", UriKind.Absolute, out var asked) && asked.Authority == from.Authority));

    /// <summary>An absolute link to a path that begins with a slash.</summary>
    public string Link(string path) => External.GetLeftPart(UriPartial.Authority) + path;
}
