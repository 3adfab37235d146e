using Squero.Kernel;

namespace Squero.Projects;

/// <summary>A project in REST answers (the fields that clients read; see docs/api/projects.md).</summary>
public sealed record ApiProject(
    long Id, string Name, string Path, string NameWithNamespace, string PathWithNamespace, ApiNamespace? Namespace, string? DefaultBranch,
    string Visibility, string WebUrl, string HttpUrlToRepo, string SshUrlToRepo, string? ReadmeUrl, string Description, string? CreatedAt,
    string? LastActivityAt, bool Archived, bool EmptyRepo, IReadOnlyList<string> Topics, IReadOnlyList<string> TagList, int StarCount, int ForksCount,
    string? AvatarUrl, long CreatorId, int OpenIssuesCount, ApiPermissions Permissions, bool IssuesEnabled, bool MergeRequestsEnabled, bool JobsEnabled,
    bool LfsEnabled, bool PackagesEnabled, bool ContainerRegistryEnabled, bool SharedRunnersEnabled, string MergeMethod,
    bool OnlyAllowMergeIfPipelineSucceeds, bool OnlyAllowMergeIfAllDiscussionsAreResolved, bool RemoveSourceBranchAfterMerge, string? CiConfigPath,
    int CiDefaultGitDepth, int BuildTimeout)
{
    public static ApiProject From(ProjectAccess access, Namespace? space, ServerAddress address)
    {
        var project = access.Project;
        var web = address.Link(project.Href);
        return new ApiProject(
            project.Id, project.Name, project.Path, $"{project.NamespacePath.Replace("/", " / ", StringComparison.Ordinal)} / {project.Name}", project.FullPath,
            space is null ? null : ApiNamespace.From(space, address), project.IsEmpty ? null : project.DefaultBranch, project.Visibility.ToString().ToLowerInvariant(), web, web + ".git",
            "", null, project.Description, Micros.ToIso(project.CreatedUs), Micros.ToIso(project.ActivityUs), false, project.IsEmpty, [], [], 0, 0, null,
            project.CreatorId, 0, ApiPermissions.From(access.Role), false, true, true, false, false, false, true, "merge", false, false, false, null, 20, 3600);
    }
}

public sealed record ApiNamespace(long Id, string Name, string Path, string Kind, string FullPath, long? ParentId, string? AvatarUrl, string WebUrl)
{
    public static ApiNamespace From(Namespace space, ServerAddress address) =>
        new(space.Id, space.Name, space.Path, space.IsGroup ? "group" : "user", space.FullPath, space.ParentId, null, address.Link("/" + space.FullPath));
}

public sealed record ApiPermissions(ApiPermission? ProjectAccess, ApiPermission? GroupAccess)
{
    public static ApiPermissions From(Role role) => new(role == Role.None ? null : new ApiPermission((int)role, 3), null);
}

public sealed record ApiPermission(int AccessLevel, int NotificationLevel);
