using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Kernel;

namespace Squero.Accounts;

/// <summary>Signing in and out, and the one-time links, as browser forms that answer with a redirect.</summary>
internal static class SessionEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/-/sign-in", SignInAsync).OpenToAll().WithMetadata(new BrowserFormAttribute());
        app.MapPost("/-/sign-out", SignOutAsync).OpenToAll().WithMetadata(new BrowserFormAttribute());
        app.MapPost("/-/setup/{token}", RedeemAsync).OpenToAll().WithMetadata(new BrowserFormAttribute());
    }

    private static async Task<IResult> SignInAsync(
        HttpContext context, PersonStore people, SessionStore sessions, SignInAttempts attempts, ServerAddress address, CancellationToken cancel)
    {
        var form = await context.Request.ReadFormAsync(cancel);
        var username = form["username"].ToString().Trim();
        attempts.Begin(username);
        var person = await people.FindAsync(username, cancel);
        if (!Passwords.Verify(person, form["password"].ToString()) || person!.Blocked)
        {
            return Results.Redirect($"/-/sign-in?failed=1&return={Uri.EscapeDataString(LocalPath(form["return"]))}");
        }

        attempts.Succeeded(username);
        await StartAsync(context, sessions, address, person, cancel);
        return Results.Redirect(LocalPath(form["return"]));
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, SessionStore sessions, CancellationToken cancel)
    {
        if (context.Request.Cookies[Credentials.SessionCookie] is { } cookie)
        {
            await sessions.EndAsync(cookie, cancel);
        }

        context.Response.Cookies.Delete(Credentials.SessionCookie);
        return Results.Redirect("/-/sign-in");
    }

    private static async Task<IResult> RedeemAsync(
        string token, HttpContext context, SetupLink links, SessionStore sessions, ServerAddress address, CancellationToken cancel)
    {
        var form = await context.Request.ReadFormAsync(cancel);
        var person = await links.RedeemAsync(token, form["username"].ToString().Trim(), form["password"].ToString(), cancel);
        await StartAsync(context, sessions, address, person, cancel);
        return Results.Redirect("/");
    }

    private static async Task StartAsync(HttpContext context, SessionStore sessions, ServerAddress address, Person person, CancellationToken cancel)
    {
        var secret = await sessions.StartAsync(person.Id, cancel);
        context.Response.Cookies.Append(
            Credentials.SessionCookie,
            secret,
            new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                // Behind a proxy that ends TLS the request itself is plain.
                Secure = context.Request.IsHttps || address.External.Scheme == Uri.UriSchemeHttps,
                MaxAge = SessionStore.Lifetime,
                Path = "/",
                IsEssential = true,
            });
    }

    /// <summary>
    /// Only paths of this server: an absolute or protocol-relative address would be an open redirect. Browsers drop tabs and
    /// line ends from addresses and read a backslash as a slash, so only visible ASCII without it passes.
    /// </summary>
    private static string LocalPath(string? path) =>
        path is ['/', ..] and not ['/', '/', ..] && path.All(letter => letter is > ' ' and <= '~' and not '\\') ? path : "/";
}
