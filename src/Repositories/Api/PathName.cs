using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Squero.Repositories;

/// <summary>
/// A file, branch, tag or commit that is one segment of the address, its slashes written as %2F. Routing hands out the same
/// text for <c>a%2Fb</c> and <c>a%252Fb</c>, which are two files: so it is decoded, once, from the address as it was sent.
/// </summary>
public static class PathName
{
    /// <summary>The value of the route parameter.</summary>
    public static string Of(HttpContext context, string parameter) =>
        Decode(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, context.GetRouteValue(parameter) as string ?? "");

    /// <summary>The segment of <paramref name="target"/> that routing read as <paramref name="routed"/>.</summary>
    internal static string Decode(string target, string routed)
    {
        var end = target.IndexOfAny(['?', '#']);
        var sent = (end < 0 ? target : target[..end]).Split('/').LastOrDefault(segment => Routed(segment) == routed);
        return sent is null ? routed.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase) : Uri.UnescapeDataString(sent);
    }

    // As the server decodes a path: everything but the slash.
    private static string Routed(string segment) =>
        Uri.UnescapeDataString(segment.Replace("%2F", "%252F", StringComparison.Ordinal).Replace("%2f", "%252f", StringComparison.Ordinal));
}
