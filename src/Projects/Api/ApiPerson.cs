using Squero.Accounts;
using Squero.Kernel;

namespace Squero.Projects;

/// <summary>A person in REST answers.</summary>
public sealed record ApiPerson(long Id, string Username, string Name, string State, bool Locked, string? AvatarUrl, string WebUrl)
{
    public static ApiPerson From(Person person, ServerAddress address) =>
        new(person.Id, person.Username, person.Name, person.Blocked ? "blocked" : "active", false, null, address.Link("/" + person.Username));
}

/// <summary>The answer of GET /user: the caller's own account.</summary>
public sealed record ApiSelf(
    long Id, string Username, string Name, string State, string? AvatarUrl, string WebUrl, string? CreatedAt, string Email, string CommitEmail,
    bool IsAdmin, bool CanCreateProject, bool CanCreateGroup, bool TwoFactorEnabled, long? NamespaceId)
{
    public static ApiSelf From(Person person, Namespace? own, ServerAddress address) =>
        new(
            person.Id, person.Username, person.Name, "active", null, address.Link("/" + person.Username), Micros.ToIso(person.CreatedUs),
            person.Email, person.Email, person.IsAdmin, true, true, false, own?.Id);
}
