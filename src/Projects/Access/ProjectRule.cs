using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Squero.Accounts;

namespace Squero.Projects;

/// <summary>
/// The caller must see the project named by the route value <c>project</c> (number or full path, a slash written as %2F or ~)
/// and have the role. Reading takes Guest where visibility lets strangers in; they then have <see cref="Role.None"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ProjectRule : Attribute, IAccessRule
{
    private readonly Role role;
    private readonly Scope scope;

    /// <summary>For pages: anybody who can see the project when <paramref name="role"/> is None, else members with the role.</summary>
    public ProjectRule(Role role)
        : this(role, Scope.ReadApi)
    {
    }

    internal ProjectRule(Role role, Scope scope) => (this.role, this.scope) = (role, scope);

    /// <summary>The least role this endpoint asks for.</summary>
    public Role Role => role;

    public async ValueTask<AccessVerdict> CheckAsync(HttpContext context, Caller caller)
    {
        var name = NameOf(context);
        var door = context.RequestServices.GetRequiredService<ProjectDoor>();
        var access = name is null ? null : await door.FindAsync(name, caller, context.RequestAborted);
        if (access is null)
        {
            return caller.IsSignedIn ? AccessVerdict.NotFound("Project") : AccessVerdict.SignInFirst;
        }

        if (caller.IsSignedIn && !caller.Has(scope))
        {
            return AccessVerdict.NotAllowed($"This token lacks the scope `{scope.Name}`.");
        }

        // A job runs what is still under review. Code, branches, pipelines and discussions are changed by people.
        if (caller.Kind == CallerKind.Job && scope == Scope.Api && context.GetEndpoint()?.Metadata.GetMetadata<OpenToJobsAttribute>() is null)
        {
            return AccessVerdict.NotAllowed("A job reads its own project and logs candidates; it may not change this.");
        }

        if (!access.Can(role))
        {
            return caller.IsSignedIn ? AccessVerdict.NotAllowed("403 Forbidden") : AccessVerdict.SignInFirst;
        }

        ProjectAccess.Set(context, access);
        return AccessVerdict.Allowed;
    }

    private static string? NameOf(HttpContext context) =>
        (context.GetRouteValue("project") as string)?.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase).Replace('~', '/');
}

/// <summary>Endpoint metadata: the tokens of the project's own jobs may write here. Without it they only read.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OpenToJobsAttribute : Attribute;

public static class ProjectRegistration
{
    public static TBuilder OpenToJobs<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new OpenToJobsAttribute());

    /// <summary>Endpoints of one project; the route must have a value named <c>project</c>.</summary>
    public static TBuilder ForProject<TBuilder>(this TBuilder builder, Role role, Scope scope)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new ProjectRule(role, scope));
}
