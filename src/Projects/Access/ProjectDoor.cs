using Squero.Accounts;
using Squero.Kernel;

namespace Squero.Projects;

/// <summary>Loads projects through the caller: what the caller may not see cannot be loaded.</summary>
public sealed class ProjectDoor(Database database, ProjectStore projects, MemberStore members)
{
    /// <summary>A project by number or full path; null when it is not there or not to be seen.</summary>
    public async Task<ProjectAccess?> FindAsync(string idOrPath, Caller caller, CancellationToken cancel)
    {
        var project = long.TryParse(idOrPath, out var id) && id.ToString(System.Globalization.CultureInfo.InvariantCulture) == idOrPath
            ? await projects.FindAsync(id, cancel)
            : await projects.FindAsync(idOrPath, cancel);
        return project is null ? null : await EnterAsync(project, caller, cancel);
    }

    public async Task<ProjectAccess?> EnterAsync(Project project, Caller caller, CancellationToken cancel)
    {
        if (caller.Job is { } job && job.ProjectId != project.Id)
        {
            return null;
        }

        var role = caller.PersonId is { } personId ? await members.RoleAsync(project, personId, cancel) : Role.None;
        if (caller.IsAdmin)
        {
            role = Role.Owner;
        }

        // A job acts for a person, but never with more than a developer's hand.
        if (caller.Kind == CallerKind.Job && role > Role.Developer)
        {
            role = Role.Developer;
        }

        var visible = role >= Role.Guest || project.Visibility == Visibility.Public || (project.Visibility == Visibility.Internal && caller.IsSignedIn);
        return visible ? new ProjectAccess(project, caller, role) : null;
    }

    /// <summary>The projects that the caller may see, those with the newest activity first.</summary>
    public Task<Page<Project>> ListAsync(Caller caller, string? search, bool membersOnly, PageRequest page, CancellationToken cancel) =>
        ListAsync(null, caller, search, membersOnly, page, cancel);

    /// <summary>The same within one namespace and the groups in it.</summary>
    public Task<Page<Project>> ListInAsync(Namespace space, Caller caller, PageRequest page, CancellationToken cancel) =>
        ListAsync(space.FullPath.ToLowerInvariant() + "/", caller, null, false, page, cancel);

    private Task<Page<Project>> ListAsync(string? prefix, Caller caller, string? search, bool membersOnly, PageRequest page, CancellationToken cancel)
    {
        var parameters = new
        {
            personId = caller.PersonId ?? 0,
            admin = caller.IsAdmin && !membersOnly ? 1 : 0,
            publicFrom = membersOnly ? 99 : caller.IsSignedIn ? (int)Visibility.Internal : (int)Visibility.Public,
            pattern = prefix is not null ? Escape(prefix) + "%" : string.IsNullOrWhiteSpace(search) ? null : $"%{Escape(search.Trim().ToLowerInvariant())}%",
            jobProject = caller.Job?.ProjectId,
            page.Size,
            page.Skip,
        };
        return database.ReadAsync(
            async session => new Page<Project>(
                await session.ListAsync<Project>(
                    $"{Visible} SELECT {ProjectStore.Columns} FROM projects_projects p JOIN visible v ON v.id = p.id ORDER BY p.activity_us DESC, p.id DESC LIMIT @Size OFFSET @Skip",
                    parameters),
                await session.CountAsync($"{Visible} SELECT count(*) FROM visible", parameters),
                page),
            cancel);
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);

    private const string Visible =
        """
        WITH RECURSIVE mine (id) AS (
            SELECT n.id FROM projects_namespaces n WHERE n.person_id = @personId
            UNION SELECT m.namespace_id FROM projects_members m WHERE m.person_id = @personId AND m.namespace_id IS NOT NULL
            UNION SELECT n.id FROM projects_namespaces n JOIN mine ON n.parent_id = mine.id
        ),
        visible (id) AS (
            SELECT p.id FROM projects_projects p
            WHERE (@admin = 1 OR p.visibility >= @publicFrom OR p.namespace_id IN (SELECT id FROM mine)
                OR p.id IN (SELECT m.project_id FROM projects_members m WHERE m.person_id = @personId AND m.project_id IS NOT NULL))
              AND (@jobProject IS NULL OR p.id = @jobProject)
              AND (@pattern IS NULL OR p.full_path_key LIKE @pattern ESCAPE '\')
        )
        """;
}
