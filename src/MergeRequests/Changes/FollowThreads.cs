using System.Collections.Concurrent;
using Squero.Discussions;
using Squero.Notebooks;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>
/// A thread as one version shows it. Without an anchor it stands on the shelf at the top of its file; without a file of
/// this version, on the shelf of the page. Outdated: what it was about has changed since; the old text is shown with it.
/// </summary>
public sealed record PlacedThread(DiscussionThread Thread, ThreadPlace? Place, string? File, string? Anchor, bool IsOutdated, string? OldText);

/// <summary>Finds the places of threads in a version other than the one they were started on. No thread is ever lost.</summary>
internal sealed class FollowThreads(GitRepositories repositories, ChangeLists changes, ChangedFileSource sources)
{
    private const int Remembered = 5000;

    /// <summary>More pushes than this between a thread and the version shown are skipped, the oldest first.</summary>
    private const int MaxSteps = 200;

    // Versions never change, so neither does where a thread stands in one.
    private readonly ConcurrentDictionary<(long Thread, long Request, int Version), ThreadSpot> known = new();

    /// <summary>Every thread that stands somewhere in the changes; <paramref name="versions"/> are all of the merge request, newest first.</summary>
    public async Task<IReadOnlyList<PlacedThread>> PlaceAsync(
        Project project, IReadOnlyList<RequestVersion> versions, RequestVersion version, IEnumerable<DiscussionThread> threads, CancellationToken cancel)
    {
        var files = await changes.BetweenAsync(project.Id, version.BaseSha, version.HeadSha, cancel);
        var reader = new VersionReader(repositories.Open(project), changes, sources, project);
        var placed = new List<PlacedThread>();
        foreach (var thread in threads.Where(thread => thread.Anchor is not null))
        {
            var place = ThreadPlace.Parse(thread.Context);
            placed.Add(place is null
                ? new PlacedThread(thread, null, null, null, true, null)
                : Show(thread, place, await SpotAsync(reader, versions, version, files, thread, place, cancel)));
        }

        return placed;
    }

    private static PlacedThread Show(DiscussionThread thread, ThreadPlace place, ThreadSpot spot) =>
        new(thread, place, spot.File, spot.Anchor, spot.IsOutdated, spot.IsOutdated ? place.Quote : null);

    private async Task<ThreadSpot> SpotAsync(
        VersionReader reader, IReadOnlyList<RequestVersion> versions, RequestVersion version, IReadOnlyList<FileChange> files, DiscussionThread thread,
        ThreadPlace place, CancellationToken cancel)
    {
        var key = (thread.Id, version.RequestId, version.Number);
        if (known.TryGetValue(key, out var spot))
        {
            return spot;
        }

        if (known.Count >= Remembered)
        {
            known.Clear();
        }

        var cell = NotebookAnchor.Parse(thread.Anchor);
        var line = cell is null ? TextAnchor.Parse(thread.Anchor) : null;
        var isOld = cell?.Side == NotebookSide.Old || line?.IsOld == true;
        var trail = cell is not null
            ? (FileTrail)new NotebookTrail(reader, isOld ? place.Base : place.Head, isOld ? place.OldPath : place.NewPath, cell)
            : new TextTrail(reader, isOld ? place.Base : place.Head, isOld ? place.OldPath : place.NewPath, line);
        foreach (var sha in Steps(versions, place, version, isOld))
        {
            await trail.StepAsync(sha, cancel);
        }

        return known[key] = await FindAsync(reader, version, files, place, isOld, trail, cancel);
    }

    /// <summary>The commits between the thread's version and the one shown, in the order of walking, without the first.</summary>
    private static List<string> Steps(IReadOnlyList<RequestVersion> versions, ThreadPlace place, RequestVersion version, bool isOld)
    {
        var between = versions.Where(one => one.Number > Math.Min(place.Version, version.Number) && one.Number < Math.Max(place.Version, version.Number))
            .OrderBy(one => place.Version < version.Number ? one.Number : -one.Number).Append(version)
            .Select(one => isOld ? one.BaseSha : one.HeadSha).ToList();
        var steps = new List<string>();
        var last = isOld ? place.Base : place.Head;
        foreach (var sha in between.Skip(between.Count - MaxSteps))
        {
            if (sha != last)
            {
                steps.Add(last = sha);
            }
        }

        return steps;
    }

    private static async Task<ThreadSpot> FindAsync(
        VersionReader reader, RequestVersion version, IReadOnlyList<FileChange> files, ThreadPlace place, bool isOld, FileTrail trail, CancellationToken cancel)
    {
        var file = trail.Path is { } path && trail.IsThere ? files.FirstOrDefault(file => (isOld ? file.OldPath : file.NewPath) == path) : null;
        if (file is null)
        {
            // The file is gone, or no part of the change any more; its old name may still be.
            var rest = files.FirstOrDefault(file => file.OldPath == place.OldPath && place.OldPath is not null);
            return new ThreadSpot(rest?.Path, null, true);
        }

        var line = TextAnchor.Parse(trail.Anchor);
        var shown = line is { IsOld: true, IsWhole: false } ? await ShownAsync(reader, version, file, line, cancel) : trail.Anchor;
        return new ThreadSpot(file.Path, shown, trail.IsOutdated);
    }

    /// <summary>A line that both sides have is drawn once, under its new number.</summary>
    private static async Task<string> ShownAsync(VersionReader reader, RequestVersion version, FileChange file, TextAnchor anchor, CancellationToken cancel)
    {
        var patch = await reader.Repository.PatchAsync(version.BaseSha, version.HeadSha, file, cancel);
        int? NewOf(int old) => patch.Hunks.SelectMany(hunk => hunk.Lines).FirstOrDefault(line => line.Kind == PatchLineKind.Same && line.Old == old)?.New;
        return NewOf(anchor.FirstLine) is { } first && NewOf(anchor.Line) is { } last && last - first == anchor.Line - anchor.FirstLine
            ? new TextAnchor(false, last) { First = anchor.First > 0 ? first : 0 }.ToString()
            : anchor.ToString();
    }

    private sealed record ThreadSpot(string? File, string? Anchor, bool IsOutdated);
}
