using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Squero.Accounts;
using Squero.Kernel;

namespace Squero.Projects;

/// <summary>A namespace as the caller may see it: its own page exists for the caller.</summary>
public sealed record GroupAccess(Namespace Space, Caller Caller, Role Role)
{
    private static readonly object Key = new();

    public bool Can(Role needed) => Role >= needed;

    public static ValueTask<GroupAccess?> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context));

    public static GroupAccess? Of(HttpContext context) => (GroupAccess?)context.Items[Key];

    internal static void Set(HttpContext context, GroupAccess access) => context.Items[Key] = access;
}

/// <summary>
/// The caller must see the namespace named by the route value <c>group</c> (number or full path) and have the role. People's
/// namespaces are seen by everybody with an account; private groups by their members and by members of a project in them.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class GroupRule : Attribute, IAccessRule
{
    private readonly Role role;
    private readonly Scope scope;

    public GroupRule(Role role)
        : this(role, Scope.ReadApi)
    {
    }

    internal GroupRule(Role role, Scope scope) => (this.role, this.scope) = (role, scope);

    public async ValueTask<AccessVerdict> CheckAsync(HttpContext context, Caller caller)
    {
        if (!caller.IsSignedIn || caller.Kind == CallerKind.Job)
        {
            return AccessVerdict.SignInFirst;
        }

        if (!caller.Has(scope))
        {
            return AccessVerdict.NotAllowed($"This token lacks the scope `{scope.Name}`.");
        }

        var services = context.RequestServices;
        var cancel = context.RequestAborted;
        if (await FindAsync(context, services.GetRequiredService<NamespaceStore>(), cancel) is not { } space)
        {
            return AccessVerdict.NotFound("Group");
        }

        var own = caller.IsAdmin ? Role.Owner : await services.GetRequiredService<MemberStore>().RoleAsync(space, caller.PersonId!.Value, cancel);
        var visible = own >= Role.Guest || space.Visibility != Visibility.Private
            || (await services.GetRequiredService<ProjectDoor>().ListInAsync(space, caller, new PageRequest(1, 1), cancel)).Total > 0;
        if (!visible)
        {
            return AccessVerdict.NotFound("Group");
        }

        if (own < role)
        {
            return AccessVerdict.NotAllowed("403 Forbidden");
        }

        GroupAccess.Set(context, new GroupAccess(space, caller, own));
        return AccessVerdict.Allowed;
    }

    private static async Task<Namespace?> FindAsync(HttpContext context, NamespaceStore namespaces, CancellationToken cancel)
    {
        var name = ((context.GetRouteValue("group") as string) ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase).Replace('~', '/');
        return long.TryParse(name, out var id) && await namespaces.FindAsync(id, cancel) is { } byNumber ? byNumber : await namespaces.FindAsync(name, cancel);
    }
}

internal static class GroupRegistration
{
    /// <summary>Endpoints of one namespace; the route must have a value named <c>group</c>.</summary>
    public static TBuilder ForGroup<TBuilder>(this TBuilder builder, Role role, Scope scope)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new GroupRule(role, scope));
}
