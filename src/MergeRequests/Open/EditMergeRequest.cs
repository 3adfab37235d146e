using Squero.Kernel;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>Renames, describes, closes and reopens. What is null stays as it is.</summary>
public sealed class EditMergeRequest(Database database, GitRepositories repositories, AddVersion versions, MergeRequestStore requests)
{
    public Task<MergeRequest> EditAsync(MergeRequest request, long personId, string? title, string? description, CancellationToken cancel)
    {
        var newTitle = title is null ? request.Title : MergeRequest.CheckTitle(title);
        var newDescription = description is null ? request.Description : MergeRequest.CheckDescription(description);
        var draft = MergeRequest.IsDraft(newTitle);
        return database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(
                    """
                    UPDATE merge_requests_requests SET title = @newTitle, description = @newDescription, draft = @draft, updated_us = @NowMicros
                    WHERE id = @Id
                    """,
                    new { request.Id, newTitle, newDescription, draft = draft ? 1 : 0, session.NowMicros });
                if (draft != request.Draft)
                {
                    await MergeRequestStore.NoteAsync(
                        session, request.Id, draft ? RequestEventKind.MadeDraft : RequestEventKind.MadeReady, personId);
                }
                else if (newTitle != request.Title)
                {
                    await MergeRequestStore.NoteAsync(session, request.Id, RequestEventKind.Renamed, personId, request.Title);
                }

                return (await MergeRequestStore.FindAsync(session, request.Id))!;
            },
            cancel);
    }

    public Task<MergeRequest> CloseAsync(MergeRequest request, long personId, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                var changed = await session.ExecuteAsync(
                    "UPDATE merge_requests_requests SET state = 4, closed_us = @NowMicros, closed_by = @personId, updated_us = @NowMicros WHERE id = @Id AND state = 1",
                    new { request.Id, personId, session.NowMicros });
                return await NotedAsync(session, request, changed, RequestEventKind.Closed, personId);
            },
            cancel);

    /// <summary>What was pushed while it was closed becomes a version now.</summary>
    public async Task<MergeRequest> ReopenAsync(MergeRequest request, long personId, CancellationToken cancel)
    {
        var repository = repositories.Open(request.ProjectId);
        var head = await repository.ResolveAsync("refs/heads/" + request.SourceBranch, cancel)
            ?? throw Refusal.Invalid($"The branch `{request.SourceBranch}` is gone; push it again to reopen {request.Label}.");
        var reopened = await database.WriteAsync(session => ReopenAsync(session, request, personId), cancel);
        if (reopened.HeadSha != head)
        {
            await versions.HandleAsync(new BranchPushed(request.ProjectId, request.SourceBranch, reopened.HeadSha, head, personId), cancel);
        }

        return (await requests.FindByIdAsync(request.Id, cancel))!;
    }

    private static async Task<MergeRequest> ReopenAsync(WriteSession session, MergeRequest request, long personId)
    {
        var other = await MergeRequestStore.OpenBetweenAsync(session, request.ProjectId, request.SourceBranch, request.TargetBranch);
        if (other is not null && other.Id != request.Id)
        {
            throw Refusal.Conflict($"Another open merge request already exists for this source branch: {other.Label}");
        }

        var changed = await session.ExecuteAsync(
            "UPDATE merge_requests_requests SET state = 1, closed_us = NULL, closed_by = NULL, updated_us = @NowMicros WHERE id = @Id AND state = 4",
            new { request.Id, session.NowMicros });
        return await NotedAsync(session, request, changed, RequestEventKind.Reopened, personId);
    }

    private static async Task<MergeRequest> NotedAsync(WriteSession session, MergeRequest request, int changed, RequestEventKind kind, long personId)
    {
        if (changed > 0)
        {
            await MergeRequestStore.NoteAsync(session, request.Id, kind, personId);
        }

        return (await MergeRequestStore.FindAsync(session, request.Id))!;
    }
}
