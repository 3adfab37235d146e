using Squero.Discussions;
using Squero.Kernel;

namespace Squero.MergeRequests;

/// <summary>What is said about a merge request makes it newer in lists.</summary>
internal sealed class TouchRequest : IJoin<CommentAdded>
{
    public Task JoinAsync(CommentAdded fact, WriteSession session) =>
        MergeRequest.IdOfSubject(fact.Subject) is { } id
            ? session.ExecuteAsync("UPDATE merge_requests_requests SET updated_us = @NowMicros WHERE id = @id", new { id, session.NowMicros })
            : Task.CompletedTask;
}
