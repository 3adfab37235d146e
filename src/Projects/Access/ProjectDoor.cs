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
        ListAsync(null, caller, search, membersOnly, ProjectOrder.Newest, page, cancel);

    /// <summary>The same within one namespace and the groups in it.</summary>
    public Task<Page<Project>> ListInAsync(Namespace space, Caller caller, PageRequest page, CancellationToken cancel) =>
        ListAsync(space, caller, null, false, ProjectOrder.Newest, page, cancel);

    /// <summary>With everything that a caller may ask for: in one namespace or everywhere, and in which order.</summary>
    internal Task<Page<Project>> ListAsync(
        Namespace? space, Caller caller, string? search, bool membersOnly, ProjectOrder order, PageRequest page, CancellationToken cancel)
    {
        var prefix = space is null ? null : space.FullPath.ToLowerInvariant() + "/";
        var parameters = new
        {
            personId = caller.PersonId ?? 0,
            admin = caller.IsAdmin && !membersOnly ? 1 : 0,
            publicFrom = membersOnly ? 99 : caller.IsSignedIn ? (int)Visibility.Internal : (int)Visibility.Public,
            prefix = prefix is null ? null : LikePattern.BeginningWith(prefix),
            pattern = LikePattern.Holding(search),
            jobProject = caller.Job?.ProjectId,
            page.Size,
            page.Skip,
        };
        return database.ReadAsync(
            async session => new Page<Project>(
                await session.ListAsync<Project>(
                    $"{Visible} SELECT {ProjectStore.Columns} FROM projects_projects p JOIN visible v ON v.id = p.id ORDER BY {order.Sql} LIMIT @Size OFFSET @Skip",
                    parameters),
                await session.CountAsync($"{Visible} SELECT count(*) FROM visible", parameters),
                page),
            cancel);
    }

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
              AND (@prefix IS NULL OR p.full_path_key LIKE @prefix ESCAPE '\')
              AND (@pattern IS NULL OR p.full_path_key LIKE @pattern ESCAPE '\')
        )
        """;
}
