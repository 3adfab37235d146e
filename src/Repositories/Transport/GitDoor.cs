using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>Who may fetch and push. Git routes know tokens only; a browser's session does not count here.</summary>
internal sealed class GitDoor(ProjectDoor door, NamespaceStore namespaces, MemberStore members, CreateProject create)
{
    public async Task<Project> ForFetchAsync(HttpContext context)
    {
        var caller = CallerOf(context);
        var access = await door.FindAsync(NameOf(context), caller, context.RequestAborted) ?? throw NotThere(context, caller);
        Require(caller, Scope.ReadRepository);
        var open = access.Project.Visibility == Visibility.Public || (access.Project.Visibility == Visibility.Internal && caller.IsSignedIn);
        return open || access.Can(Role.Reporter)
            ? access.Project
            : throw Refusal.Forbidden($"You need the role reporter to fetch {access.Project.FullPath}.");
    }

    /// <summary>Null: the project is not there yet, and the caller may create it by pushing.</summary>
    public async Task<Project?> ForPushAsync(HttpContext context)
    {
        var caller = CallerOf(context);
        if (!caller.IsSignedIn)
        {
            throw SignInFirst();
        }

        if (caller.Kind == CallerKind.Job)
        {
            throw Refusal.Forbidden("A job may fetch its own project, and may not push.");
        }

        Require(caller, Scope.WriteRepository);
        if (await door.FindAsync(NameOf(context), caller, context.RequestAborted) is { } access)
        {
            return access.Can(Role.Developer)
                ? access.Project
                : throw Refusal.Forbidden($"You need the role developer to push to {access.Project.FullPath}.");
        }

        return await MayCreateAsync(NameOf(context), caller, context.RequestAborted) ? null : throw NotThere(context, caller);
    }

    public async Task<Project> CreateAsync(HttpContext context) =>
        await create.CreateByPushAsync(CallerOf(context), NameOf(context), context.RequestAborted) ?? throw NotThere(context, CallerOf(context));

    public static Caller CallerOf(HttpContext context)
    {
        var caller = context.Caller();
        return caller.Kind switch
        {
            CallerKind.Session => Caller.Anonymous,

            // A wrong token is an error, never a fall-back to what strangers may do.
            CallerKind.Anonymous when context.Request.Headers.ContainsKey("Authorization") => throw SignInFirst(),
            _ => caller,
        };
    }

    private async Task<bool> MayCreateAsync(string path, Caller caller, CancellationToken cancel)
    {
        var slash = path.LastIndexOf('/');
        if (slash < 0 || await namespaces.FindAsync(path[..slash], cancel) is not { } space)
        {
            return false;
        }

        var role = caller.IsAdmin ? Role.Owner : await members.RoleAsync(space, caller.PersonId ?? 0, cancel);
        if (role < Role.Maintainer)
        {
            return false;
        }

        Project.CheckPath(path[(slash + 1)..]);
        return true;
    }

    private static void Require(Caller caller, Scope scope)
    {
        if (caller.IsSignedIn && !caller.Has(scope))
        {
            throw Refusal.Forbidden($"This token lacks the scope {scope.Name}.");
        }
    }

    private static string NameOf(HttpContext context) =>
        ((context.GetRouteValue("project") as string) ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase).Replace('~', '/');

    // Strangers are asked to sign in whether or not the project is there.
    private static Refusal NotThere(HttpContext context, Caller caller) =>
        caller.IsSignedIn ? Refusal.NotFound($"There is no project {NameOf(context)}, or you may not see it.") : SignInFirst();

    private static Refusal SignInFirst() => new(RefusalKind.Unauthenticated, "401 Unauthorized");
}
