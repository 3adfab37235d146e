using System.Collections.Concurrent;
using Squero.Discussions;
using Squero.Notebooks;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>Says whether a merge request could be merged now, and why not. Looks are remembered by the two heads.</summary>
public sealed class CheckMergeability
{
    private const int Remembered = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private readonly ConcurrentDictionary<(long, string, string, MergeLabels), MergeLook> looks = new();
    private readonly GitRepositories repositories;
    private readonly ThreadStore threads;
    private readonly JudgeConflicts judge;

    internal CheckMergeability(GitRepositories repositories, ThreadStore threads, JudgeConflicts judge) =>
        (this.repositories, this.threads, this.judge) = (repositories, threads, judge);

    /// <param name="project">Its project.</param>
    /// <param name="request">What would be merged.</param>
    /// <param name="newest">Its newest version.</param>
    /// <param name="cancel">Stops it.</param>
    /// <param name="patience">How long to wait for large notebooks; null for three seconds. What is not known by then is "checking".</param>
    public async Task<Mergeability> CheckAsync(
        Project project, MergeRequest request, RequestVersion newest, CancellationToken cancel, TimeSpan? patience = null)
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

        var look = await LookAsync(repository, project.Id, target, request, patience ?? Patience, cancel);
        return look.IsClean ? await CheckRestAsync(request, cancel) with { MergedNotebooks = look.Notebooks } : Conflict(look, request);
    }

    private static Mergeability Conflict(MergeLook look, MergeRequest request) =>
        look.Files.Count == 0 ? new Mergeability("conflict", $"`{request.SourceBranch}` and `{request.TargetBranch}` have no commit in common.", [])
        : look.IsPending ? Mergeability.No("checking", $"Both branches changed {Names([.. look.Stopping.Select(file => file.Path)])}; merging it by cells takes a moment.")
        : new Mergeability("conflict", $"Both branches changed {Names([.. look.Stopping.Select(file => file.Path)])}.", look.Stopping) { MergedNotebooks = look.Notebooks };

    private async Task<Mergeability> CheckRestAsync(MergeRequest request, CancellationToken cancel) =>
        request.Draft ? Mergeability.No("draft_status", "It is marked as a draft.") : await CheckThreadsAsync(request, cancel);

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

    private async Task<MergeLook> LookAsync(
        GitRepository repository, long projectId, string target, MergeRequest request, TimeSpan patience, CancellationToken cancel)
    {
        var labels = LoadConflicts.LabelsOf(request);
        var key = (projectId, target, request.HeadSha, labels);
        if (looks.TryGetValue(key, out var known))
        {
            return known;
        }

        using var draft = await repository.DraftMergeAsync(target, request.HeadSha, cancel);
        var look = await judge.LookAsync(draft, labels, patience, cancel);
        if (look.Files.Any(file => file.State == ConflictState.Pending))
        {
            return look;
        }

        if (looks.Count >= Remembered)
        {
            looks.Clear();
        }

        return looks[key] = look;
    }
}
