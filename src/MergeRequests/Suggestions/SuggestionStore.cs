using Squero.Kernel;

namespace Squero.MergeRequests;

/// <summary>Which suggestions were applied, and by which commit.</summary>
internal sealed class SuggestionStore(Database database)
{
    private const int MaxRows = 10_000;

    public Task<IReadOnlyList<AppliedSuggestion>> ListAsync(long requestId, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.ListAsync<AppliedSuggestion>(
                $"SELECT comment_id, ordinal, digest, commit_sha, person_id, applied_us FROM merge_requests_suggestions WHERE request_id = @requestId ORDER BY comment_id, ordinal LIMIT {MaxRows}",
                new { requestId }),
            cancel);

    public Task RecordAsync(long requestId, IReadOnlyList<Suggestion> applied, string commitSha, long personId, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                foreach (var one in applied)
                {
                    await session.ExecuteAsync(
                        """
                        INSERT INTO merge_requests_suggestions (request_id, comment_id, ordinal, digest, commit_sha, person_id, applied_us)
                        VALUES (@requestId, @commentId, @ordinal, @Digest, @commitSha, @personId, @NowMicros)
                        ON CONFLICT (comment_id, ordinal) DO UPDATE SET
                            request_id = excluded.request_id, digest = excluded.digest, commit_sha = excluded.commit_sha,
                            person_id = excluded.person_id, applied_us = excluded.applied_us
                        """,
                        new { requestId, commentId = one.Comment.Id, ordinal = one.Block.Ordinal, one.Digest, commitSha, personId, session.NowMicros });
                }
            },
            cancel);
}

internal sealed record AppliedSuggestion
{
    public long CommentId { get; init; }

    public int Ordinal { get; init; }

    public string Digest { get; init; } = "";

    public string CommitSha { get; init; } = "";

    public long PersonId { get; init; }

    public long AppliedUs { get; init; }
}
