using Squero.Kernel;

namespace Squero.Projects;

/// <summary>Somebody's role in a project, own or inherited from its groups.</summary>
public sealed record Member
{
    public long PersonId { get; init; }

    public Role Role { get; init; }

    public long CreatedUs { get; init; }

    /// <summary>True when the role comes from a group above.</summary>
    public bool Inherited { get; init; }
}

public sealed class MemberStore(Database database)
{
    // A project's own members, those of the groups above it, and the person whose namespace it is in. @Id = 0 asks for a group: its own
    // members are then those that are not inherited.
    private const string AllRoles =
        """
        WITH RECURSIVE above (id, parent_id, person_id) AS (
            SELECT n.id, n.parent_id, n.person_id FROM projects_namespaces n WHERE n.id = @NamespaceId
            UNION ALL
            SELECT n.id, n.parent_id, n.person_id FROM projects_namespaces n JOIN above a ON n.id = a.parent_id
        ),
        roles (person_id, role, created_us, inherited) AS (
            SELECT person_id, role, created_us, 0 FROM projects_members WHERE project_id = @Id
            UNION ALL
            SELECT m.person_id, m.role, m.created_us, CASE WHEN @Id = 0 AND m.namespace_id = @NamespaceId THEN 0 ELSE 1 END
            FROM projects_members m JOIN above a ON m.namespace_id = a.id
            UNION ALL
            SELECT a.person_id, 50, 0, 1 FROM above a WHERE a.person_id IS NOT NULL
        )
        """;

    private readonly Remembered<(long Project, long Namespace, long Person), Standing> roles =
        new(database, "projects_members", "projects_namespaces", "projects_projects");

    /// <summary>The person's strongest role, None when there is none.</summary>
    public async Task<Role> RoleAsync(Project project, long personId, CancellationToken cancel) =>
        (await roles.FindAsync((project.Id, project.NamespaceId, personId), session => ReadRoleAsync(session, project, personId), cancel))!.Role;

    public async Task<Role> RoleAsync(Namespace space, long personId, CancellationToken cancel) =>
        (Role)await database.ReadAsync(
            session => session.CountAsync(
                $"{AllRoles} SELECT COALESCE(max(role), 0) FROM roles WHERE person_id = @personId", new { Id = 0L, NamespaceId = space.Id, personId }),
            cancel);

    private static async Task<Standing?> ReadRoleAsync(Session session, Project project, long personId) =>
        new((Role)await session.CountAsync(
            $"{AllRoles} SELECT COALESCE(max(role), 0) FROM roles WHERE person_id = @personId", new { project.Id, project.NamespaceId, personId }));

    /// <summary>Everybody with a role, the strongest of each, by role then id; at most 1,000.</summary>
    public Task<IReadOnlyList<Member>> ListAsync(Project project, bool inherited, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.ListAsync<Member>(
                $"""
                {AllRoles}
                SELECT person_id, max(role) AS role, max(created_us) AS created_us, min(inherited) AS inherited FROM roles
                WHERE @inherited = 1 OR inherited = 0 GROUP BY person_id ORDER BY max(role) DESC, person_id LIMIT 1000
                """,
                new { project.Id, project.NamespaceId, inherited = inherited ? 1 : 0 }),
            cancel);

    public Task SetAsync(Project project, long personId, Role role, CancellationToken cancel) =>
        database.WriteAsync(
            session => session.ExecuteAsync(
                """
                INSERT INTO projects_members (project_id, person_id, role, created_us) VALUES (@Id, @personId, @role, @NowMicros)
                ON CONFLICT (project_id, person_id) DO UPDATE SET role = excluded.role
                """,
                new { project.Id, personId, role = (int)role, session.NowMicros }),
            cancel);

    public Task<int> RemoveAsync(Project project, long personId, CancellationToken cancel) =>
        database.WriteAsync(
            session => session.ExecuteAsync("DELETE FROM projects_members WHERE project_id = @Id AND person_id = @personId", new { project.Id, personId }),
            cancel);

    /// <summary>Everybody with a role in a group, own or from the groups above it.</summary>
    public Task<IReadOnlyList<Member>> ListAsync(Namespace space, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.ListAsync<Member>(
                $"""
                {AllRoles}
                SELECT person_id, max(role) AS role, max(created_us) AS created_us, min(inherited) AS inherited FROM roles
                GROUP BY person_id ORDER BY max(role) DESC, person_id LIMIT 1000
                """,
                new { Id = 0L, NamespaceId = space.Id }),
            cancel);

    public Task SetAsync(Namespace space, long personId, Role role, CancellationToken cancel) =>
        database.WriteAsync(
            session => session.ExecuteAsync(
                """
                INSERT INTO projects_members (namespace_id, person_id, role, created_us) VALUES (@Id, @personId, @role, @NowMicros)
                ON CONFLICT (namespace_id, person_id) DO UPDATE SET role = excluded.role
                """,
                new { space.Id, personId, role = (int)role, session.NowMicros }),
            cancel);

    /// <summary>Takes a person's own role in a group away; false when there was none.</summary>
    public async Task<bool> RemoveAsync(Namespace space, long personId, CancellationToken cancel) =>
        await database.WriteAsync(
            session => session.ExecuteAsync("DELETE FROM projects_members WHERE namespace_id = @Id AND person_id = @personId", new { space.Id, personId }),
            cancel) > 0;

    private sealed record Standing(Role Role);
}
