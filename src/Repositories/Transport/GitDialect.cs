using Microsoft.AspNetCore.Http;
using Squero.Kernel;

namespace Squero.Repositories;

/// <summary>Refusals as git shows them: plain text, which the client prints after <c>remote:</c>.</summary>
internal sealed class GitDialect : RefusalDialect
{
    public override async Task WriteAsync(HttpContext context, RefusalKind kind, string sentence)
    {
        context.Response.StatusCode = (int)kind;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        if (kind == RefusalKind.Unauthenticated)
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"Squero\"";
            sentence = "Sign in with your user name and an access token as the password.";
        }

        await context.Response.WriteAsync(sentence + "\n", context.RequestAborted);
    }
}
