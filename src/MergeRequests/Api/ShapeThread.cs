using Squero.Accounts;
using Squero.Discussions;
using Squero.Kernel;
using Squero.Notebooks;
using Squero.Projects;

namespace Squero.MergeRequests;

/// <summary>Kind and blocking are ours.</summary>
internal sealed record ApiDiscussion(string Id, bool IndividualNote, IReadOnlyList<ApiNote> Notes, string Kind, bool Blocking);

/// <summary>One comment. The anchor, what it says in words, the region of a picture, kind and blocking are ours.</summary>
internal sealed record ApiNote(
    long Id, string? Type, string Body, object? Attachment, ApiPerson? Author, string? CreatedAt, string? UpdatedAt, bool System, long NoteableId,
    string NoteableType, long NoteableIid, long ProjectId, string? CommitId, ApiPosition? Position, bool Resolvable, bool Resolved, ApiPerson? ResolvedBy,
    string? ResolvedAt, IReadOnlyList<ApiSuggestion> Suggestions, bool Confidential, bool Internal, bool Imported, object CommandsChanges, string? Anchor,
    string? Place, ApiRegion? Region, string Kind, bool Blocking);

/// <summary>Where a thread was started, in raw lines: of a notebook those of the .ipynb file.</summary>
internal sealed record ApiPosition(
    string BaseSha, string StartSha, string HeadSha, string PositionType, string OldPath, string NewPath, int? OldLine, int? NewLine, object? LineRange);

/// <summary>Fractions of a picture's width and height.</summary>
internal sealed record ApiRegion(double X, double Y, double Width, double Height);

/// <summary>A suggestion; state, cell and reason are ours. Lines of a notebook count within the cell.</summary>
internal sealed record ApiSuggestion(
    long Id, int FromLine, int ToLine, bool Appliable, bool Applied, string FromContent, string ToContent, string State, int? Cell, string? Reason,
    string? CommitId);

/// <summary>Threads in the shapes of the REST API.</summary>
internal sealed class ShapeThread(PersonStore people, MergeRequestStore requests, FindSuggestions suggestions, ServerAddress address)
{
    public async Task<IReadOnlyDictionary<long, ApiDiscussion>> ThreadsAsync(
        Project project, MergeRequest request, IReadOnlyList<DiscussionThread> threads, CancellationToken cancel)
    {
        var known = await people.FindAllAsync(
            threads.SelectMany(thread => thread.Comments.Select(comment => comment.PersonId).Append(thread.ResolvedBy ?? 0)).Where(id => id > 0), cancel);
        ApiPerson? Person(long? id) => id is { } one && known.TryGetValue(one, out var person) ? ApiPerson.From(person, address) : null;
        var suggested = await suggestions.LoadAsync(project, request, await requests.VersionsAsync(request.Id, cancel), threads, cancel);
        return threads.ToDictionary(
            thread => thread.Id,
            thread => new ApiDiscussion(
                thread.Uid, !thread.IsResolvable,
                [.. thread.Comments.Select(comment => Note(request, thread, comment, suggested.GetValueOrDefault(comment.Id, []), Person))],
                WordOf(thread), thread.IsBlocking));
    }

    public static ApiSuggestion Suggestion(Suggestion one, bool isOpen) =>
        new(
            one.Id, one.First, one.Last, isOpen && one.State == SuggestionState.Applicable, one.State == SuggestionState.Applied, Text(one.Was),
            Text(one.Block.Lines), one.State.ToString().ToLowerInvariant(), one.Cell < 0 ? null : one.Cell + 1, one.Reason, one.CommitSha);

    private static ApiNote Note(
        MergeRequest request, DiscussionThread thread, Comment comment, IReadOnlyList<Suggestion> suggested, Func<long?, ApiPerson?> person)
    {
        var place = ThreadPlace.Parse(thread.Context);
        return new ApiNote(
            comment.Id, place is not null ? "DiffNote" : thread.IsResolvable ? "DiscussionNote" : null, comment.Text, null, person(comment.PersonId),
            Micros.ToIso(comment.CreatedUs), Micros.ToIso(comment.UpdatedUs), false, request.Id, "MergeRequest", request.Iid, request.ProjectId,
            place?.Head, place is null ? null : Position(place), thread.IsResolvable, thread.IsResolved, person(thread.ResolvedBy),
            Micros.ToIso(thread.ResolvedUs), [.. suggested.Select(one => Suggestion(one, request.State == MergeRequestState.Opened))], false, false, false,
            new { }, thread.Anchor, place?.Where, Region(thread.Anchor), WordOf(thread), thread.IsBlocking);
    }

    private static ApiPosition Position(ThreadPlace place) =>
        new(
            place.Base, place.Start, place.Head, "text", place.OldPath ?? place.Path, place.NewPath ?? place.Path, place.OldLine, place.NewLine, null);

    private static ApiRegion? Region(string? anchor) =>
        NotebookAnchor.Parse(anchor)?.Region is { } region ? new ApiRegion(Share(region.X), Share(region.Y), Share(region.Width), Share(region.Height)) : null;

    private static double Share(int part) => part / (double)PictureRegion.Whole;

    private static string WordOf(DiscussionThread thread) => thread.Kind.ToString().ToLowerInvariant();

    private static string Text(IReadOnlyList<string> lines) => string.Concat(lines.Select(line => line + "\n"));
}
