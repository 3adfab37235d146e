using Squero.Projects;

namespace Squero.Repositories;

/// <summary>New contents for files of a branch, in one commit: what modules above make of a branch in a person's name.</summary>
public sealed class CommitFiles
{
    private readonly GitRepositories repositories;
    private readonly MoveBranch move;

    internal CommitFiles(GitRepositories repositories, MoveBranch move) => (this.repositories, this.move) = (repositories, move);

    /// <summary>
    /// Returns the commit's id; null when the branch is not at <paramref name="head"/> any more, and then nothing has changed.
    /// The files must be there; their modes stay.
    /// </summary>
    public async Task<string?> CommitAsync(
        Project project, string branch, string head, IReadOnlyDictionary<string, byte[]> files, string message, GitIdentity identity, long personId,
        CancellationToken cancel)
    {
        var repository = repositories.Open(project);
        if (await repository.RefAsync($"refs/heads/{branch}", cancel) != head)
        {
            return null;
        }

        var tree = await repository.ApplyAsync(head, [.. files.Select(file => new FileAction("update", file.Key, null, file.Value, null, null))], cancel);
        var sha = await repository.CommitTreeAsync(tree, [head], message, identity, identity, cancel);
        return await move.MoveAsync(project, branch, sha, head, personId, cancel) ? sha : null;
    }
}
