using System.Net;
using System.Net.Sockets;

namespace Squero.Kernel;

/// <summary>
/// Keeps requests that people make the server send away from what only the server can reach. A name is resolved once, every address is
/// looked at, and the connection goes to an address that was looked at: a name that points elsewhere a moment later gains nothing.
/// </summary>
public static class PublicNetwork
{
    // Special-purpose addresses: https://www.iana.org/assignments/iana-ipv4-special-registry and …-ipv6-special-registry.
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24",
            "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/128", "::1/128", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16",
            "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>Whether the address is one of the internet's, and neither of this machine nor of the network around it.</summary>
    public static bool IsPublic(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !Special.Any(network => network.BaseAddress.AddressFamily == plain.AddressFamily && network.Contains(plain));
    }

    /// <summary>For <see cref="System.Net.Http.SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <param name="resolve">The addresses of a host; null: as the machine resolves names.</param>
    public static async ValueTask<Stream> ConnectAsync(DnsEndPoint host, Func<string, CancellationToken, Task<IPAddress[]>>? resolve, CancellationToken cancel)
    {
        resolve ??= Dns.GetHostAddressesAsync;
        var addresses = IPAddress.TryParse(host.Host, out var literal) ? [literal] : await resolve(host.Host, cancel);
        if (addresses.Length == 0 || !addresses.All(IsPublic))
        {
            throw new NotPublicException(host.Host);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, host.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A host is not one of the internet's.</summary>
public sealed class NotPublicException(string host) : Exception($"{host} is not an address of the internet.");
