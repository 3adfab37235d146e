using Squero.Accounts;
using Squero.Discussions;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.MergeRequests;

internal sealed record ApiDiscussion(string Id, bool IndividualNote, IReadOnlyList<ApiNote> Notes);

/// <summary>One comment. The anchor and what it says in words are ours.</summary>
internal sealed record ApiNote(
    long Id, string? Type, string Body, object? Attachment, ApiPerson? Author, string? CreatedAt, string? UpdatedAt, bool System, long NoteableId,
    string NoteableType, long NoteableIid, long ProjectId, string? CommitId, ApiPosition? Position, bool Resolvable, bool Resolved, ApiPerson? ResolvedBy,
    string? ResolvedAt, IReadOnlyList<object> Suggestions, bool Confidential, bool Internal, bool Imported, object CommandsChanges, string? Anchor,
    string? Place);

/// <summary>Where a thread was started, in raw lines: of a notebook those of the .ipynb file.</summary>
internal sealed record ApiPosition(
    string BaseSha, string StartSha, string HeadSha, string PositionType, string OldPath, string NewPath, int? OldLine, int? NewLine, object? LineRange);

/// <summary>Threads in the shapes of the REST API.</summary>
internal sealed class ShapeThread(PersonStore people, ServerAddress address)
{
    public async Task<IReadOnlyDictionary<long, ApiDiscussion>> ThreadsAsync(
        MergeRequest request, IReadOnlyList<DiscussionThread> threads, CancellationToken cancel)
    {
        var known = await people.FindAllAsync(
            threads.SelectMany(thread => thread.Comments.Select(comment => comment.PersonId).Append(thread.ResolvedBy ?? 0)).Where(id => id > 0), cancel);
        ApiPerson? Person(long? id) => id is { } one && known.TryGetValue(one, out var person) ? ApiPerson.From(person, address) : null;
        return threads.ToDictionary(
            thread => thread.Id,
            thread => new ApiDiscussion(thread.Uid, !thread.IsResolvable, [.. thread.Comments.Select(comment => Note(request, thread, comment, Person))]));
    }

    private static ApiNote Note(MergeRequest request, DiscussionThread thread, Comment comment, Func<long?, ApiPerson?> person)
    {
        var place = ThreadPlace.Parse(thread.Context);
        return new ApiNote(
            comment.Id, place is not null ? "DiffNote" : thread.IsResolvable ? "DiscussionNote" : null, comment.Text, null, person(comment.PersonId),
            Micros.ToIso(comment.CreatedUs), Micros.ToIso(comment.UpdatedUs), false, request.Id, "MergeRequest", request.Iid, request.ProjectId,
            place?.Head, place is null ? null : Position(place), thread.IsResolvable, thread.IsResolved, person(thread.ResolvedBy),
            Micros.ToIso(thread.ResolvedUs), [], false, false, false, new { }, thread.Anchor, place?.Where);
    }

    private static ApiPosition Position(ThreadPlace place) =>
        new(
            place.Base, place.Start, place.Head, "text", place.OldPath ?? place.Path, place.NewPath ?? place.Path, place.OldLine, place.NewLine, null);
}
