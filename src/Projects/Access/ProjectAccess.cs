using Microsoft.AspNetCore.Http;
using Squero.Accounts;
using Squero.Kernel;

namespace Squero.Projects;

/// <summary>
/// A project as the caller of a request may see it. Handlers take it as a parameter: that it exists means that the
/// caller may see the project and has at least the role the endpoint asked for.
/// </summary>
public sealed record ProjectAccess(Project Project, Caller Caller, Role Role)
{
    private static readonly object Key = new();

    public bool Can(Role needed) => Role >= needed;

    /// <summary>Refuses with 403 when the role is too small.</summary>
    public void Require(Role needed, string act)
    {
        if (!Can(needed))
        {
            throw Refusal.Forbidden($"You need the role {needed.ToString().ToLowerInvariant()} to {act}.");
        }
    }

    /// <summary>The person's id; refuses callers without an account.</summary>
    public long PersonId => Caller.PersonId ?? throw new Refusal(RefusalKind.Unauthenticated, "401 Unauthorized");

    public static ValueTask<ProjectAccess?> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context));

    public static ProjectAccess? Of(HttpContext context) => (ProjectAccess?)context.Items[Key];

    internal static void Set(HttpContext context, ProjectAccess access) => context.Items[Key] = access;
}
