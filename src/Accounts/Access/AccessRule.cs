using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Squero.Accounts;

/// <summary>What the gate does with a request.</summary>
public abstract record AccessVerdict
{
    public static AccessVerdict Allowed { get; } = new Pass();

    public static AccessVerdict SignInFirst { get; } = new NeedsSignIn();

    public static AccessVerdict NotFound(string what) => new Hidden(what);

    public static AccessVerdict NotAllowed(string sentence) => new Forbidden(sentence);

    public sealed record Pass : AccessVerdict;

    public sealed record NeedsSignIn : AccessVerdict;

    public sealed record Hidden(string What) : AccessVerdict;

    public sealed record Forbidden(string Sentence) : AccessVerdict;
}

/// <summary>
/// Endpoint metadata that says who may call it. Every endpoint has exactly one; the gate turns away requests to endpoints
/// without. Pages carry it as an attribute, minimal APIs through <see cref="AccessRegistration"/>.
/// </summary>
public interface IAccessRule
{
    ValueTask<AccessVerdict> CheckAsync(HttpContext context, Caller caller);
}

/// <summary>Open to the world: sign-in, health, static files, routes that check a token of their own.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OpenToAllAttribute : Attribute, IAccessRule
{
    public ValueTask<AccessVerdict> CheckAsync(HttpContext context, Caller caller) => ValueTask.FromResult(AccessVerdict.Allowed);
}

/// <summary>Anybody with an account, in a session or with a token of the scope.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SignedInAttribute : Attribute, IAccessRule
{
    private readonly Scope scope;

    public SignedInAttribute()
        : this(Scope.Api)
    {
    }

    internal SignedInAttribute(Scope scope) => this.scope = scope;

    public ValueTask<AccessVerdict> CheckAsync(HttpContext context, Caller caller) =>
        ValueTask.FromResult(
            !caller.IsSignedIn || caller.Kind == CallerKind.Job
                ? AccessVerdict.SignInFirst
                : caller.Has(scope) ? AccessVerdict.Allowed : AccessVerdict.NotAllowed($"This token lacks the scope `{scope.Name}`."));
}

/// <summary>Administrators of the server.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AdminsOnlyAttribute : Attribute, IAccessRule
{
    public ValueTask<AccessVerdict> CheckAsync(HttpContext context, Caller caller) =>
        ValueTask.FromResult(
            caller.IsAdmin ? AccessVerdict.Allowed
            : caller.IsSignedIn ? AccessVerdict.NotFound("page")
            : AccessVerdict.SignInFirst);
}

public static class AccessRegistration
{
    public static TBuilder OpenToAll<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new OpenToAllAttribute());

    public static TBuilder ForSignedIn<TBuilder>(this TBuilder builder, Scope scope)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new SignedInAttribute(scope));

    public static TBuilder ForAdmins<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AdminsOnlyAttribute());
}
