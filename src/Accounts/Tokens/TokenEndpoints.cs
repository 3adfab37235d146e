using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Squero.Kernel;

namespace Squero.Accounts;

/// <summary>The forms of the tokens page. A new secret is shown in the answer itself and kept nowhere.</summary>
internal static class TokenEndpoints
{
    public static readonly object NewSecret = new();

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/-/settings/tokens", CreateAsync).ForSignedIn(Scope.Api);
        app.MapPost("/-/settings/tokens/{id:long}/revocation", RevokeAsync).ForSignedIn(Scope.Api);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, TokenStore tokens, CancellationToken cancel)
    {
        var form = await context.Request.ReadFormAsync(cancel);
        var scopes = form["scopes"].OfType<string>().ToList();
        var (_, secret) = await tokens.CreateAsync(context.Caller().PersonId!.Value, form["name"].ToString(), scopes, null, cancel);
        context.Items[NewSecret] = secret;
        context.Response.Headers.CacheControl = "no-store";
        return new RazorComponentResult<TokensPage>();
    }

    private static async Task<IResult> RevokeAsync(HttpContext context, long id, TokenStore tokens, CancellationToken cancel) =>
        await tokens.RevokeAsync(context.Caller().PersonId!.Value, id, cancel)
            ? Results.Redirect("/-/settings/tokens")
            : throw Refusal.NotFound("You have no such token.");
}
