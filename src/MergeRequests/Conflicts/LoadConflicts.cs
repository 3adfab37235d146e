using Squero.Notebooks;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>Works out what collides in a merge request.</summary>
internal sealed class LoadConflicts(GitRepositories repositories, JudgeConflicts judge)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>The target branch is ours: its lines come first where both are taken, and its layout stays.</summary>
    public static MergeLabels LabelsOf(MergeRequest request) => new(request.TargetBranch, request.SourceBranch);

    /// <summary>Null when nothing collides, or when a branch is gone, or when it is not open.</summary>
    public async Task<ConflictSheet?> LoadAsync(Project project, MergeRequest request, CancellationToken cancel)
    {
        var repository = repositories.Open(project);
        if (request.State != MergeRequestState.Opened || await repository.ResolveAsync("refs/heads/" + request.TargetBranch, cancel) is not { } target)
        {
            return null;
        }

        using var draft = await repository.DraftMergeAsync(target, request.HeadSha, cancel);
        return await LoadAsync(draft, request, target, cancel);
    }

    public async Task<ConflictSheet?> LoadAsync(MergeDraft draft, MergeRequest request, string target, CancellationToken cancel)
    {
        var labels = LabelsOf(request);
        var files = await judge.JudgeAsync(draft, labels, Patience, cancel);
        return files.Count == 0 ? null : new ConflictSheet(request.HeadSha, target, labels, files);
    }
}
