using Squero.Accounts;
using Squero.Kernel;

namespace Squero.Projects;

/// <summary>Creates an empty project in the caller's own namespace or in a group where the caller is at least maintainer.</summary>
public sealed class CreateProject(Database database, NamespaceStore namespaces, MemberStore members)
{
    public async Task<Project> CreateAsync(
        Caller caller, Namespace space, string path, string? name, string? description, Visibility visibility, CancellationToken cancel)
    {
        Project.CheckPath(path);
        var role = caller.IsAdmin ? Role.Owner : await members.RoleAsync(space, caller.PersonId ?? 0, cancel);
        if (role == Role.None)
        {
            // Not even that the namespace exists: its name may be private.
            throw Refusal.NotFound("404 Namespace Not Found");
        }

        if (role < Role.Maintainer)
        {
            throw Refusal.Forbidden($"You may not create projects in `{space.FullPath}`.");
        }

        var project = new Project
        {
            NamespaceId = space.Id,
            Path = path,
            FullPath = $"{space.FullPath}/{path}",
            Name = string.IsNullOrWhiteSpace(name) ? path : name.Trim(),
            Description = description?.Trim() ?? "",
            Visibility = visibility,
            CreatorId = caller.PersonId ?? throw new Refusal(RefusalKind.Unauthenticated, "401 Unauthorized"),
        };
        project.CheckTexts();
        return await database.WriteAsync(session => InsertAsync(session, project), cancel);
    }

    /// <summary>For a push to a project that does not exist yet: null when the namespace is not there or not the caller's.</summary>
    public async Task<Project?> CreateByPushAsync(Caller caller, string fullPath, CancellationToken cancel)
    {
        var slash = fullPath.LastIndexOf('/');
        var space = slash < 0 ? null : await namespaces.FindAsync(fullPath[..slash], cancel);
        return space is null || !caller.IsSignedIn || caller.Kind == CallerKind.Job
            ? null
            : await CreateAsync(caller, space, fullPath[(slash + 1)..], null, null, Visibility.Private, cancel);
    }

    private static async Task<Project> InsertAsync(WriteSession session, Project project)
    {
        var key = project.FullPath.ToLowerInvariant();
        var taken = await session.CountAsync(
            "SELECT (SELECT count(*) FROM projects_namespaces WHERE full_path_key = @key) + (SELECT count(*) FROM projects_projects WHERE full_path_key = @key)",
            new { key });
        if (taken > 0)
        {
            throw Refusal.Conflict($"The address `{project.FullPath}` has already been taken.");
        }

        var id = await ProjectStore.InsertAsync(session, project);
        await session.PublishAsync(new ProjectCreated(id, project.FullPath, project.CreatorId));
        return project with { Id = id, CreatedUs = session.NowMicros, ActivityUs = session.NowMicros };
    }
}
