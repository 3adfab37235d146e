using System.Collections.Concurrent;
using Squero.Discussions;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>Says whether a merge request could be merged now, and why not. Tries are remembered by the two heads.</summary>
public sealed class CheckMergeability(GitRepositories repositories, ThreadStore threads)
{
    private const int Remembered = 500;
    private readonly ConcurrentDictionary<(long, string, string), MergeTrial> trials = new();

    public async Task<Mergeability> CheckAsync(Project project, MergeRequest request, RequestVersion newest, CancellationToken cancel)
    {
        if (request.State != MergeRequestState.Opened)
        {
            return Mergeability.No("not_open", StateReason(request));
        }

        var repository = repositories.Open(project);
        var target = await repository.ResolveAsync("refs/heads/" + request.TargetBranch, cancel);
        if (target is null)
        {
            return Mergeability.No("checking", $"The branch `{request.TargetBranch}` is gone.");
        }

        if (newest.BaseSha == newest.HeadSha || await repository.IsAncestorAsync(request.HeadSha, target, cancel))
        {
            return Mergeability.No("commits_status", $"`{request.SourceBranch}` has no commit that `{request.TargetBranch}` lacks.");
        }

        if (await TryAsync(repository, project.Id, target, request.HeadSha, cancel) is MergeTrial.Conflicting conflict)
        {
            return new Mergeability("conflict", $"Both branches changed {Names(conflict.Files)}.", conflict.Files);
        }

        return request.Draft ? Mergeability.No("draft_status", "It is marked as a draft.") : await CheckThreadsAsync(request, cancel);
    }

    /// <summary>Threads that nobody marked as blocking stop nothing.</summary>
    private async Task<Mergeability> CheckThreadsAsync(MergeRequest request, CancellationToken cancel)
    {
        var (count, first) = await threads.BlockingAsync(request.Subject, cancel);
        return count switch
        {
            0 => Mergeability.Yes,
            1 => Mergeability.No("discussions_not_resolved", "A blocking thread is not resolved.") with { Thread = first },
            _ => Mergeability.No("discussions_not_resolved", $"{count} blocking threads are not resolved.") with { Thread = first },
        };
    }

    internal static string StateReason(MergeRequest request) =>
        request.State switch
        {
            MergeRequestState.Merged => $"{request.Label} is merged already.",
            MergeRequestState.Closed => $"{request.Label} is closed.",
            _ => $"{request.Label} is being merged this instant.",
        };

    internal static string Names(IReadOnlyList<string> files) =>
        string.Join(", ", files.Take(5).Select(file => $"`{file}`")) + (files.Count > 5 ? $" and {files.Count - 5} more files" : "");

    internal async Task<MergeTrial> TryAsync(GitRepository repository, long projectId, string target, string head, CancellationToken cancel)
    {
        if (trials.TryGetValue((projectId, target, head), out var known))
        {
            return known;
        }

        var trial = await repository.TryMergeAsync(target, head, cancel);
        if (trials.Count >= Remembered)
        {
            trials.Clear();
        }

        return trials[(projectId, target, head)] = trial;
    }
}
