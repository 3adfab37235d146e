using Microsoft.Extensions.Caching.Memory;
using Squero.Notebooks;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>
/// Works out what collides in a merge request, once for two heads: git's own merge of a large notebook takes a second, too. What is
/// kept is bounded by bytes.
/// </summary>
internal sealed class LoadConflicts(GitRepositories repositories, JudgeConflicts judge) : IDisposable
{
    private const long KeptMax = 256L * 1024 * 1024;
    private const int Overhead = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);
    private readonly MemoryCache kept = new(new MemoryCacheOptions { SizeLimit = KeptMax, CompactionPercentage = 0.4 });

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

        var key = (project.Id, target, request.HeadSha, LabelsOf(request));
        if (kept.TryGetValue(key, out ConflictSheet? known))
        {
            return known;
        }

        using var draft = await repository.DraftMergeAsync(target, request.HeadSha, cancel);
        var sheet = await LoadAsync(draft, request, target, cancel);
        if (sheet is not { IsPending: true })
        {
            Keep(key, sheet);
        }

        return sheet;
    }

    public void Dispose() => kept.Dispose();

    private void Keep(object key, ConflictSheet? sheet)
    {
        using var entry = kept.CreateEntry(key);
        entry.Value = sheet;
        entry.Size = Overhead + (sheet?.Files.Sum(file => (file.Merged?.Bytes ?? 0) + (file.Text?.Bytes ?? 0)) ?? 0);
        entry.SlidingExpiration = TimeSpan.FromMinutes(10);
    }

    public async Task<ConflictSheet?> LoadAsync(MergeDraft draft, MergeRequest request, string target, CancellationToken cancel)
    {
        var labels = LabelsOf(request);
        var files = await judge.JudgeAsync(draft, labels, Patience, cancel);
        return files.Count == 0 ? null : new ConflictSheet(request.HeadSha, target, labels, files);
    }
}
