using Squero.Projects;

namespace Squero.Repositories;

/// <summary>The server's own moves of branches and tags (merges, commits through the API): moves the ref and records it like a push.</summary>
public sealed class MoveBranch
{
    /// <summary>False when the branch is not at <paramref name="oldSha"/> any more. Empty text or zeros: it must not exist, or (as newSha) is deleted.</summary>
    public Task<bool> MoveAsync(Project project, string branch, string newSha, string oldSha, long personId, CancellationToken cancel) =>
        throw new NotImplementedException();

    /// <summary>The same for a tag.</summary>
    public Task<bool> MoveTagAsync(Project project, string tag, string newSha, string oldSha, long personId, CancellationToken cancel) =>
        throw new NotImplementedException();
}
