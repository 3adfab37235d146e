using Squero.Kernel;

namespace Squero.Projects;

/// <summary>Projects without a question of access: for the server's own work. Callers' requests go through <see cref="ProjectDoor"/>.</summary>
public sealed class ProjectStore(Database database)
{
    internal const string Columns =
        "p.id, p.namespace_id, p.path, p.full_path, p.name, p.description, p.visibility, p.default_branch, p.creator_id, p.created_us, p.activity_us, p.is_empty";

    private readonly Remembered<long, Project> byId = new(database, "projects_projects");
    private readonly Remembered<string, Project> byPath = new(database, "projects_projects");

    public Task<Project?> FindAsync(long id, CancellationToken cancel) =>
        byId.FindAsync(
            id, session => session.FirstAsync<Project>($"SELECT {Columns} FROM projects_projects p WHERE p.id = @id", new { id }), cancel).AsTask();

    public Task<Project?> FindAsync(string fullPath, CancellationToken cancel)
    {
        var key = fullPath.ToLowerInvariant();
        return byPath.FindAsync(
            key, session => session.FirstAsync<Project>($"SELECT {Columns} FROM projects_projects p WHERE p.full_path_key = @key", new { key }), cancel).AsTask();
    }

    /// <summary>The first push names the default branch; later ones only move the clock.</summary>
    /// <param name="isEmpty">The repository has no branch after the push.</param>
    public Task TouchAsync(long id, string? defaultBranch, bool isEmpty, CancellationToken cancel) =>
        database.WriteAsync(
            session => session.ExecuteAsync(
                """
                UPDATE projects_projects
                SET activity_us = @NowMicros, default_branch = COALESCE(@defaultBranch, default_branch), is_empty = @empty WHERE id = @id
                """,
                new { id, defaultBranch, empty = isEmpty ? 1 : 0, session.NowMicros }),
            cancel);

    internal static Task<long> InsertAsync(WriteSession session, Project project) =>
        session.InsertAsync(
            """
            INSERT INTO projects_projects
                (namespace_id, path, full_path, full_path_key, name, description, visibility, default_branch, creator_id, created_us, activity_us)
            VALUES (@NamespaceId, @Path, @FullPath, @key, @Name, @Description, @visibility, @DefaultBranch, @CreatorId, @NowMicros, @NowMicros)
            RETURNING id
            """,
            new
            {
                project.NamespaceId,
                project.Path,
                project.FullPath,
                key = project.FullPath.ToLowerInvariant(),
                project.Name,
                project.Description,
                visibility = (int)project.Visibility,
                project.DefaultBranch,
                project.CreatorId,
                session.NowMicros,
            });

    internal Task<int> UpdateAsync(Project project, CancellationToken cancel)
    {
        project.CheckTexts();
        return database.WriteAsync(
            session => session.ExecuteAsync(
                "UPDATE projects_projects SET name = @Name, description = @Description, visibility = @visibility, default_branch = @DefaultBranch WHERE id = @Id",
                new { project.Id, project.Name, project.Description, visibility = (int)project.Visibility, project.DefaultBranch }),
            cancel);
    }
}
