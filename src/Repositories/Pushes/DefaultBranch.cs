using Squero.Projects;

namespace Squero.Repositories;

/// <summary>The first branch pushed becomes the default one, main or master if they are among the first; HEAD follows.</summary>
internal sealed class DefaultBranch(GitRepositories repositories, ProjectStore projects)
{
    public async Task FollowAsync(Project project, IReadOnlyList<RefUpdate> moved, CancellationToken cancel)
    {
        var repository = repositories.Open(project);
        string? chosen = null;
        if (await repository.RefAsync($"refs/heads/{project.DefaultBranch}", cancel) is null)
        {
            var born = moved.Where(update => update is { Branch: not null, IsDeletion: false }).Select(update => update.Branch!).ToList();
            chosen = born.Find(name => name == "main") ?? born.Find(name => name == "master") ?? born.FirstOrDefault();
        }

        if (chosen is not null || (moved.Any(update => update.IsCreation) && await repository.HeadBranchAsync(cancel) != project.DefaultBranch))
        {
            await repository.SetHeadAsync(chosen ?? project.DefaultBranch, cancel);
        }

        await projects.TouchAsync(project.Id, chosen, await IsEmptyAsync(repository, moved, cancel), cancel);
    }

    /// <summary>Git is asked only when no branch was pushed: tags alone, or branches deleted.</summary>
    private static async Task<bool> IsEmptyAsync(GitRepository repository, IReadOnlyList<RefUpdate> moved, CancellationToken cancel) =>
        !moved.Any(update => update is { Branch: not null, IsDeletion: false }) && (await repository.BranchesAsync(cancel)).Count == 0;
}
