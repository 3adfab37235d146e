using Squero.Discussions;
using Squero.Notebooks;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>Finds the suggestions in a merge request's threads and says of each whether the newest version still can take it.</summary>
internal sealed class FindSuggestions(GitRepositories repositories, ChangeLists changes, ChangedFileSource sources, FollowThreads follow, SuggestionStore applied)
{
    /// <summary>By comment, in the order of the blocks. Versions are all of the merge request, newest first.</summary>
    public async Task<IReadOnlyDictionary<long, IReadOnlyList<Suggestion>>> LoadAsync(
        Project project, MergeRequest request, IReadOnlyList<RequestVersion> versions, IReadOnlyList<DiscussionThread> threads, CancellationToken cancel)
    {
        var holding = threads.Where(thread => thread.Comments.Any(comment => SuggestionText.MayHold(comment.Text))).ToList();
        if (holding.Count == 0)
        {
            return new Dictionary<long, IReadOnlyList<Suggestion>>();
        }

        var done = (await applied.ListAsync(request.Id, cancel)).ToDictionary(row => (row.CommentId, row.Ordinal));
        var placed = (await follow.PlaceAsync(project, versions, versions[0], holding, cancel)).ToDictionary(one => one.Thread.Id);
        var reader = new VersionReader(repositories.Open(project), changes, sources, project);
        var found = new Dictionary<long, IReadOnlyList<Suggestion>>();
        foreach (var thread in holding)
        {
            var place = await PlaceAsync(reader, versions[0], placed.GetValueOrDefault(thread.Id), cancel);
            foreach (var comment in thread.Comments.Where(comment => SuggestionText.MayHold(comment.Text)))
            {
                found[comment.Id] =
                [
                    .. SuggestionText.Of(comment.Text).Select(block => Judge(new Suggestion(thread, comment, block), place) is var judged
                        && done.TryGetValue((comment.Id, block.Ordinal), out var row) && row.Digest == judged.Digest
                            ? judged with { State = SuggestionState.Applied, CommitSha = row.CommitSha, Reason = null }
                            : judged),
                ];
            }
        }

        return found;
    }

    /// <summary>The lines around a thread, when it was started and now.</summary>
    private sealed record Surroundings(string Path, int Cell, IReadOnlyList<string> Then, int ThenLine, IReadOnlyList<string>? Now, int NowLine);

    private static Suggestion Judge(Suggestion suggestion, Surroundings? place)
    {
        if (place is null)
        {
            return suggestion with { State = SuggestionState.Unfit, Reason = "A suggestion needs a line of source on the new side to stand on." };
        }

        var (above, below) = (suggestion.Block.Above, suggestion.Block.Below);
        var first = place.ThenLine - above;
        if (first < 1 || place.ThenLine + below > place.Then.Count)
        {
            var what = place.Cell < 0 ? "file" : "cell";
            return suggestion with { State = SuggestionState.Unfit, Reason = $"It reaches beyond the {what}, which has {place.Then.Count} {(place.Then.Count == 1 ? "line" : "lines")}." };
        }

        var was = place.Then.Skip(first - 1).Take(above + 1 + below).ToList();
        var known = suggestion with { Path = place.Path, Cell = place.Cell, First = place.NowLine - above, Last = place.NowLine + below, Was = was };
        if (was.SequenceEqual(suggestion.Block.Lines))
        {
            return known with { State = SuggestionState.Unfit, Reason = "It changes nothing." };
        }

        var stays = place.Now is { } now && known.First >= 1 && known.Last <= now.Count && now.Skip(known.First - 1).Take(was.Count).SequenceEqual(was);
        return stays ? known : known with { State = SuggestionState.Outdated, Reason = "The lines have changed since it was made." };
    }

    private static async Task<Surroundings?> PlaceAsync(VersionReader reader, RequestVersion newest, PlacedThread? placed, CancellationToken cancel)
    {
        if (placed?.Place is not { } place || placed.Thread.Anchor is not { } text)
        {
            return null;
        }

        var now = placed is { IsOutdated: false, Anchor: not null } ? placed : null;
        if (NotebookAnchor.Parse(text) is { Part: AnchorPart.Source, Side: NotebookSide.New } cell)
        {
            return await InNotebookAsync(reader, newest, place, cell, now, cancel);
        }

        if (TextAnchor.Parse(text) is not { IsOld: false, IsWhole: false } line
            || await FileSides.LinesAsync(reader.Repository, place.Head, place.NewPath, cancel) is not { } then)
        {
            return null;
        }

        var anchor = TextAnchor.Parse(now?.Anchor);
        var lines = anchor is null ? null : await FileSides.LinesAsync(reader.Repository, newest.HeadSha, now!.File, cancel);
        return new Surroundings(now?.File ?? place.Path, -1, then, line.Line, lines, anchor?.Line ?? 0);
    }

    private static async Task<Surroundings?> InNotebookAsync(
        VersionReader reader, RequestVersion newest, ThreadPlace place, NotebookAnchor start, PlacedThread? now, CancellationToken cancel)
    {
        var then = AnchorText.Around(start, await NotebookAsync(reader, place.Head, place.NewPath, cancel));
        var anchor = NotebookAnchor.Parse(now?.Anchor);
        var lines = anchor is null ? null : AnchorText.Around(anchor, await NotebookAsync(reader, newest.HeadSha, now!.File, cancel));
        return new Surroundings(now?.File ?? place.Path, anchor?.Cell ?? start.Cell, then, start.Line, lines, anchor?.Line ?? 0);
    }

    private static async Task<Notebook> NotebookAsync(VersionReader reader, string sha, string? path, CancellationToken cancel) =>
        path is not null && await reader.OidAsync(sha, path, cancel) is { } oid ? await reader.NotebookAsync(oid, cancel) : Notebook.Absent;
}
