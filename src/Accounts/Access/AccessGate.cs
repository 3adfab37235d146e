using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Squero.Kernel;

namespace Squero.Accounts;

/// <summary>
/// Stands before every endpoint: checks the Host, finds the caller, guards cookie requests against forgery and asks the
/// endpoint's rule. An endpoint without a rule is closed.
/// </summary>
internal sealed partial class AccessGate(RequestDelegate next, ServerAddress address, IAntiforgery antiforgery, ILogger<AccessGate> logger)
{
    public async Task InvokeAsync(HttpContext context, Credentials credentials)
    {
        if (!address.Allows(context.Request.Host.Host))
        {
            throw Refusal.Invalid(context.Request.Host.HasValue
                ? $"This server does not answer to the name `{context.Request.Host.Host}`. Start it with --allowed-host to allow it."
                : "The request names no host.");
        }

        // Routing's own answers (405, 415) are endpoints without a route; they tell nothing and touch nothing.
        if (context.GetEndpoint() is not { } endpoint || endpoint is not RouteEndpoint)
        {
            await next(context);
            return;
        }

        var caller = await credentials.IdentifyAsync(context);
        if (caller is null && endpoint.Metadata.GetMetadata<OpenToAllAttribute>() is null)
        {
            throw new Refusal(RefusalKind.Unauthenticated, "401 Unauthorized");
        }

        caller ??= Caller.Anonymous;
        context.SetCaller(caller);
        if (endpoint.Metadata.GetMetadata<IAccessRule>() is not { } rule)
        {
            LogWithoutRule(endpoint.DisplayName);
            throw Refusal.Forbidden("This address is closed.");
        }

        await GuardAgainstForgeryAsync(context, caller, endpoint);
        Enforce(await rule.CheckAsync(context, caller));
        await next(context);
    }

    private async Task GuardAgainstForgeryAsync(HttpContext context, Caller caller, Endpoint endpoint)
    {
        var method = context.Request.Method;
        var changes = !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);
        var needsProof = caller.Kind == CallerKind.Session || endpoint.Metadata.GetMetadata<BrowserFormAttribute>() is not null;
        if (!changes || !needsProof)
        {
            return;
        }

        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && !address.IsOwnOrigin(origin, context.Request.Host.Value))
        {
            throw Refusal.Forbidden("This request came from another site and was refused.");
        }

        if (!await HasHiddenTokenAsync(context))
        {
            throw Refusal.Forbidden("The form has expired, or came from another site. Reload the page and send it again: nothing was changed.");
        }
    }

    private async Task<bool> HasHiddenTokenAsync(HttpContext context)
    {
        try
        {
            return await antiforgery.IsRequestValidAsync(context);
        }
        catch (AntiforgeryValidationException unread) when (unread.InnerException is InvalidDataException reason)
        {
            // It looks for the token in the form and met, say, a NUL character on the way.
            throw Refusal.Invalid($"The form cannot be read: {reason.Message}");
        }
    }

    private static void Enforce(AccessVerdict verdict)
    {
        switch (verdict)
        {
            case AccessVerdict.Pass:
                return;
            case AccessVerdict.Hidden hidden:
                throw Refusal.NotFound($"404 {hidden.What} Not Found");
            case AccessVerdict.Forbidden forbidden:
                throw Refusal.Forbidden(forbidden.Sentence);
            default:
                throw new Refusal(RefusalKind.Unauthenticated, "401 Unauthorized");
        }
    }

    [LoggerMessage(LogLevel.Error, "Endpoint {Endpoint} declares no access rule and stays closed")]
    private partial void LogWithoutRule(string? endpoint);
}

/// <summary>Endpoint metadata: this form needs an antiforgery token even from anonymous callers (sign-in, setup).</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class BrowserFormAttribute : Attribute;
