using Squero.Projects;

namespace Squero.Repositories;

/// <summary>The server's own moves of branches and tags (merges, commits through the API): moves the ref and records it like a push.</summary>
public sealed class MoveBranch
{
    private readonly GitRepositories repositories;
    private readonly PushLedger ledger;
    private readonly DefaultBranch defaultBranch;

    internal MoveBranch(GitRepositories repositories, PushLedger ledger, DefaultBranch defaultBranch) =>
        (this.repositories, this.ledger, this.defaultBranch) = (repositories, ledger, defaultBranch);

    /// <summary>False when the branch is not at <paramref name="oldSha"/> any more. Empty text or zeros: it must not exist, or (as newSha) is deleted.</summary>
    public Task<bool> MoveAsync(Project project, string branch, string newSha, string oldSha, long personId, CancellationToken cancel) =>
        MoveRefAsync(project, $"refs/heads/{branch}", newSha, oldSha, personId, cancel);

    /// <summary>The same for a tag.</summary>
    public Task<bool> MoveTagAsync(Project project, string tag, string newSha, string oldSha, long personId, CancellationToken cancel) =>
        MoveRefAsync(project, $"refs/tags/{tag}", newSha, oldSha, personId, cancel);

    private async Task<bool> MoveRefAsync(Project project, string name, string newSha, string oldSha, long personId, CancellationToken cancel)
    {
        PushRules.CheckName(name);
        var update = new RefUpdate(name, GitNames.IsNothing(oldSha) ? RefUpdate.Nothing : oldSha, GitNames.IsNothing(newSha) ? RefUpdate.Nothing : newSha);
        if (update.Before == update.After)
        {
            return (await repositories.Open(project).RefAsync(name, cancel) ?? RefUpdate.Nothing) == update.Before;
        }

        var intent = await ledger.AnnounceAsync(project.Id, personId, [update], cancel);

        // From here on the move is finished even if the caller goes away.
        var moved = await repositories.Open(project).UpdateRefAsync(name, update.After, update.Before, CancellationToken.None);
        await ledger.SettleAsync(intent, project.Id, personId, moved ? [update] : [], CancellationToken.None);
        if (moved)
        {
            await defaultBranch.FollowAsync(project, [update], CancellationToken.None);
        }

        return moved;
    }
}
