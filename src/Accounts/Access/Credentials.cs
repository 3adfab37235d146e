using System.Text;
using Microsoft.AspNetCore.Http;
using Squero.Kernel;

namespace Squero.Accounts;

/// <summary>Contributed by modules that issue tokens of their own (job tokens). Null: not one of mine.</summary>
public interface ITokenSource
{
    ValueTask<Caller?> FindAsync(string token, CancellationToken cancel);
}

/// <summary>
/// Finds out who calls. A token in a header wins and cookies are then ignored; a wrong token is an error, never a fall-back.
/// </summary>
internal sealed class Credentials(TokenStore tokens, SessionStore sessions, IEnumerable<ITokenSource> sources)
{
    public const string SessionCookie = "squero_session";

    /// <summary>Null when a token was given and is not valid.</summary>
    public async ValueTask<Caller?> IdentifyAsync(HttpContext context)
    {
        var cancel = context.RequestAborted;
        if (TokenOf(context.Request) is { } token)
        {
            return await FindAsync(token, cancel);
        }

        return context.Request.Cookies[SessionCookie] is { Length: > 0 } cookie
            ? await sessions.FindAsync(cookie, cancel) is { } person ? new Caller(CallerKind.Session, person, []) : Caller.Anonymous
            : Caller.Anonymous;
    }

    private async ValueTask<Caller?> FindAsync(string token, CancellationToken cancel)
    {
        foreach (var source in sources)
        {
            if (await source.FindAsync(token, cancel) is { } caller)
            {
                return caller;
            }
        }

        return await tokens.FindCallerAsync(token, cancel);
    }

    private static string? TokenOf(HttpRequest request)
    {
        if (Header(request, "PRIVATE-TOKEN") is { } personal)
        {
            return personal;
        }

        if (Header(request, "Authorization") is { } authorization)
        {
            return authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? authorization[7..].Trim()
                : authorization.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) ? BasicPassword(authorization[6..].Trim())
                : "";
        }

        // Runners send JOB-TOKEN on their own routes, which check it themselves; elsewhere it is a credential like any other.
        return Header(request, "JOB-TOKEN");
    }

    private static string? Header(HttpRequest request, string name) =>
        request.Headers[name].ToString() is { Length: > 0 } value ? value : null;

    private static string BasicPassword(string encoded)
    {
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
        {
            return "";
        }

        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? "" : pair[(colon + 1)..];
    }
}
