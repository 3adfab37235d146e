using Squero.Accounts;
using Squero.Kernel;

namespace Squero.Projects;

public sealed class NamespaceStore(Database database)
{
    private const string Columns = "id, parent_id, person_id, path, full_path, name, description, visibility";

    public Task<Namespace?> FindAsync(long id, CancellationToken cancel) =>
        database.ReadAsync(session => session.FirstAsync<Namespace>($"SELECT {Columns} FROM projects_namespaces WHERE id = @id", new { id }), cancel);

    public Task<Namespace?> FindAsync(string fullPath, CancellationToken cancel) =>
        database.ReadAsync(session => FindAsync(session, fullPath), cancel);

    public Task<Namespace?> OfPersonAsync(long personId, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.FirstAsync<Namespace>($"SELECT {Columns} FROM projects_namespaces WHERE person_id = @personId", new { personId }), cancel);

    /// <summary>The namespaces in which the person may create projects: the own one and the groups of at least maintainers; at most 200.</summary>
    public Task<IReadOnlyList<Namespace>> ForPersonAsync(long personId, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.ListAsync<Namespace>(
                $"""
                SELECT {Columns} FROM projects_namespaces
                WHERE person_id = @personId
                   OR id IN (SELECT namespace_id FROM projects_members WHERE person_id = @personId AND role >= 40 AND namespace_id IS NOT NULL)
                ORDER BY full_path_key LIMIT 200
                """,
                new { personId }),
            cancel);

    /// <summary>The groups that the caller is a member of, has a project in, or that are not private; administrators see all. By address.</summary>
    public Task<Page<Namespace>> GroupsAsync(Caller caller, string? search, PageRequest page, CancellationToken cancel)
    {
        const string visible =
            """
            WITH RECURSIVE mine (id) AS (
                SELECT namespace_id FROM projects_members WHERE person_id = @personId AND namespace_id IS NOT NULL
                UNION SELECT n.id FROM projects_namespaces n JOIN mine ON n.parent_id = mine.id
            ),
            around (id) AS (
                SELECT p.namespace_id FROM projects_projects p JOIN projects_members m ON m.project_id = p.id WHERE m.person_id = @personId
                UNION SELECT n.parent_id FROM projects_namespaces n JOIN around ON n.id = around.id WHERE n.parent_id IS NOT NULL
            ),
            visible (id) AS (
                SELECT n.id FROM projects_namespaces n
                WHERE n.person_id IS NULL
                  AND (@admin = 1 OR n.visibility >= @internal OR n.id IN (SELECT id FROM mine) OR n.id IN (SELECT id FROM around))
                  AND (@pattern IS NULL OR n.full_path_key LIKE @pattern ESCAPE '\')
            )
            """;
        var parameters = new
        {
            personId = caller.PersonId ?? 0,
            admin = caller.IsAdmin ? 1 : 0,
            @internal = (int)Visibility.Internal,
            pattern = LikePattern.Holding(search),
            page.Size,
            page.Skip,
        };
        return database.ReadAsync(
            async session => new Page<Namespace>(
                await session.ListAsync<Namespace>(
                    $"{visible} SELECT {Columns} FROM projects_namespaces WHERE id IN (SELECT id FROM visible) ORDER BY full_path_key LIMIT @Size OFFSET @Skip", parameters),
                await session.CountAsync($"{visible} SELECT count(*) FROM visible", parameters),
                page),
            cancel);
    }

    /// <summary>Creates a group; its creator becomes its owner.</summary>
    public Task<Namespace> CreateGroupAsync(Namespace? parent, string path, string? name, Visibility visibility, long creatorId, CancellationToken cancel)
    {
        Project.CheckPath(path);
        if (parent is null && ReservedNames.Contains(path))
        {
            throw Refusal.Invalid($"`{path}` is a reserved word.");
        }

        var fullPath = parent is null ? path : $"{parent.FullPath}/{path}";
        return database.WriteAsync(
            async session =>
            {
                var group = new Namespace { ParentId = parent?.Id, Path = path, FullPath = fullPath, Name = name ?? path, Visibility = visibility };
                group = group with { Id = await InsertAsync(session, group) };
                await session.ExecuteAsync(
                    "INSERT INTO projects_members (namespace_id, person_id, role, created_us) VALUES (@Id, @creatorId, @role, @NowMicros)",
                    new { group.Id, creatorId, role = (int)Role.Owner, session.NowMicros });
                return group;
            },
            cancel);
    }

    internal static Task<Namespace?> FindAsync(Session session, string fullPath) =>
        session.FirstAsync<Namespace>($"SELECT {Columns} FROM projects_namespaces WHERE full_path_key = @key", new { key = fullPath.ToLowerInvariant() });

    internal static async Task<long> InsertAsync(WriteSession session, Namespace space)
    {
        var key = space.FullPath.ToLowerInvariant();
        var taken = await session.CountAsync(
            "SELECT (SELECT count(*) FROM projects_namespaces WHERE full_path_key = @key) + (SELECT count(*) FROM projects_projects WHERE full_path_key = @key)",
            new { key });
        if (taken > 0)
        {
            throw Refusal.Conflict($"The address `{space.FullPath}` has already been taken.");
        }

        return await session.InsertAsync(
            """
            INSERT INTO projects_namespaces (parent_id, person_id, path, full_path, full_path_key, name, description, visibility, created_us)
            VALUES (@ParentId, @PersonId, @Path, @FullPath, @key, @Name, @Description, @visibility, @NowMicros) RETURNING id
            """,
            new
            {
                space.ParentId,
                space.PersonId,
                space.Path,
                space.FullPath,
                key,
                space.Name,
                space.Description,
                visibility = (int)space.Visibility,
                session.NowMicros,
            });
    }
}

/// <summary>Gives every new person a namespace of the same name, at the same instant.</summary>
internal sealed class GiveNamespace : IJoin<PersonCreated>
{
    public Task JoinAsync(PersonCreated fact, WriteSession session) =>
        NamespaceStore.InsertAsync(
            session,
            new Namespace { PersonId = fact.PersonId, Path = fact.Username, FullPath = fact.Username, Name = fact.Name, Visibility = Visibility.Public });
}
