using Squero.Discussions;
using Squero.Notebooks;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>
/// A thread as one version shows it. Without an anchor it stands on the shelf at the top of its file; without a file of
/// this version, on the shelf of the page. Outdated: what it was about has changed since; the old text is shown with it.
/// </summary>
public sealed record PlacedThread(DiscussionThread Thread, ThreadPlace Place, string? File, string? Anchor, bool IsOutdated, string? OldText);

/// <summary>Finds the places of threads in a version other than the one they were started on. No thread is ever lost.</summary>
internal sealed class FollowThreads(GitRepositories repositories, ChangeLists changes)
{
    public async Task<IReadOnlyList<PlacedThread>> PlaceAsync(
        Project project, RequestVersion version, IEnumerable<DiscussionThread> threads, CancellationToken cancel)
    {
        var files = await changes.BetweenAsync(project.Id, version.BaseSha, version.HeadSha, cancel);
        var placed = new List<PlacedThread>();
        foreach (var thread in threads.Where(thread => thread.Anchor is not null))
        {
            if (ThreadPlace.Parse(thread.Context) is { } place)
            {
                placed.Add(await PlaceAsync(project, version, files, thread, place, cancel));
            }
        }

        return placed;
    }

    private async Task<PlacedThread> PlaceAsync(
        Project project, RequestVersion version, IReadOnlyList<FileChange> files, DiscussionThread thread, ThreadPlace place, CancellationToken cancel)
    {
        var cell = NotebookAnchor.Parse(thread.Anchor);
        var line = cell is null ? TextAnchor.Parse(thread.Anchor) : null;
        var isOld = cell?.Side == NotebookSide.Old || line?.IsOld == true;
        var (from, to) = isOld ? (place.Base, version.BaseSha) : (place.Head, version.HeadSha);
        var path = isOld ? place.OldPath : place.NewPath;
        var move = (await changes.BetweenAsync(project.Id, from, to, cancel)).FirstOrDefault(move => move.OldPath == path);
        var now = move is null ? path : move.NewPath;
        var file = now is null ? null : files.FirstOrDefault(file => (isOld ? file.OldPath : file.NewPath) == now);
        if (file is null)
        {
            // The file is gone, or no part of the change any more; its old name may still be.
            var rest = files.FirstOrDefault(file => file.OldPath == place.OldPath && place.OldPath is not null);
            return new PlacedThread(thread, place, rest?.Path, null, true, place.Quote);
        }

        var repository = repositories.Open(project);
        if (move is null || move.OldOid == move.NewOid)
        {
            var same = line is null ? thread.Anchor : await ShownAsync(repository, version, file, line, cancel);
            return new PlacedThread(thread, place, file.Path, same, false, null);
        }

        return cell is not null
            ? await FollowCellAsync(repository, new PlacedThread(thread, place, file.Path, null, true, place.Quote), cell, from, to, path, now, cancel)
            : await FollowLineAsync(repository, new PlacedThread(thread, place, file.Path, null, true, place.Quote), line, version, file, move, from, to, cancel);
    }

    private static async Task<PlacedThread> FollowCellAsync(
        GitRepository repository, PlacedThread gone, NotebookAnchor anchor, string from, string to, string? path, string? now, CancellationToken cancel)
    {
        var before = await FileSides.NotebookAsync(repository, from, path, cancel);
        var after = await FileSides.NotebookAsync(repository, to, now, cancel);
        return AnchorPlacement.Follow(anchor, before, after) switch
        {
            AnchorPlacement.OnLine found => gone with { Anchor = found.Anchor.ToString(), IsOutdated = false, OldText = null },
            AnchorPlacement.OnCell found => gone with { Anchor = found.Anchor.ToString(), OldText = found.OldText },
            AnchorPlacement.Gone lost => gone with { OldText = lost.OldText },
            _ => gone,
        };
    }

    private static async Task<PlacedThread> FollowLineAsync(
        GitRepository repository, PlacedThread gone, TextAnchor? anchor, RequestVersion version, FileChange file, FileChange move, string from, string to,
        CancellationToken cancel)
    {
        var patch = await repository.PatchAsync(from, to, move, cancel);
        return anchor is not null && !patch.IsBinary && !patch.IsTooLarge && anchor.Follow(patch) is { } found
            ? gone with { Anchor = await ShownAsync(repository, version, file, found, cancel), IsOutdated = false, OldText = null }
            : gone;
    }

    /// <summary>A line that both sides have is drawn once, under its new number.</summary>
    private static async Task<string> ShownAsync(GitRepository repository, RequestVersion version, FileChange file, TextAnchor anchor, CancellationToken cancel)
    {
        if (!anchor.IsOld)
        {
            return anchor.ToString();
        }

        var patch = await repository.PatchAsync(version.BaseSha, version.HeadSha, file, cancel);
        var line = patch.Hunks.SelectMany(hunk => hunk.Lines).FirstOrDefault(line => line.Kind == PatchLineKind.Same && line.Old == anchor.Line);
        return line?.New is { } number ? new TextAnchor(false, number).ToString() : anchor.ToString();
    }
}
