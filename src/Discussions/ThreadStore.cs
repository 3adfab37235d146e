using Squero.Kernel;

namespace Squero.Discussions;

/// <summary>Threads with their comments, for reading. Ask access first: a store knows no caller.</summary>
public sealed class ThreadStore(Database database)
{
    /// <summary>Threads of one subject, at most.</summary>
    public const int MaxThreads = 2000;

    /// <summary>Comments of one thread, at most.</summary>
    public const int MaxComments = 500;

    internal const string Columns =
        "id, uid, project_id, subject, anchor, context, is_resolvable, kind, is_blocking, person_id, created_us, updated_us, resolved_us, resolved_by";

    private const string CommentColumns = "id, thread_id, person_id, text, created_us, updated_us";

    /// <summary>Every thread of a subject, oldest first.</summary>
    public Task<IReadOnlyList<DiscussionThread>> ListAsync(string subject, CancellationToken cancel) =>
        database.ReadAsync(
            async session =>
            {
                var threads = await session.ListAsync<DiscussionThread>(
                    $"SELECT {Columns} FROM discussions_threads WHERE subject = @subject ORDER BY id LIMIT {MaxThreads}", new { subject });
                var comments = await session.ListAsync<Comment>(
                    $"SELECT {CommentColumns} FROM discussions_comments WHERE thread_id IN (SELECT id FROM discussions_threads WHERE subject = @subject) ORDER BY id",
                    new { subject });
                return Join(threads, comments);
            },
            cancel);

    /// <summary>By its 40 digits; null when the subject has no such thread.</summary>
    public Task<DiscussionThread?> FindAsync(string subject, string uid, CancellationToken cancel) =>
        FindAsync("uid = @uid AND subject = @subject", new { uid, subject }, cancel);

    public Task<DiscussionThread?> FindAsync(string subject, long id, CancellationToken cancel) =>
        FindAsync("id = @id AND subject = @subject", new { id, subject }, cancel);

    /// <summary>The thread that a comment stands in.</summary>
    public Task<DiscussionThread?> FindByCommentAsync(string subject, long commentId, CancellationToken cancel) =>
        FindAsync(
            "id = (SELECT thread_id FROM discussions_comments WHERE id = @commentId) AND subject = @subject", new { commentId, subject }, cancel);

    /// <summary>The same for callers that know the comment alone; they ask access to what the thread is about before they tell.</summary>
    public Task<DiscussionThread?> FindByCommentAsync(long commentId, CancellationToken cancel) =>
        FindAsync("id = (SELECT thread_id FROM discussions_comments WHERE id = @commentId)", new { commentId }, cancel);

    /// <summary>How many threads of each subject wait for somebody; subjects without any have no entry.</summary>
    public async Task<IReadOnlyDictionary<string, long>> OpenCountsAsync(IReadOnlyCollection<string> subjects, CancellationToken cancel)
    {
        var rows = await database.ReadAsync(
            session => session.ListAsync<CountRow>(
                """
                SELECT subject, count(*) AS count FROM discussions_threads
                WHERE subject IN @wanted AND is_resolvable = 1 AND resolved_us IS NULL GROUP BY subject
                """,
                new { wanted = subjects.Take(1000).ToArray() }),
            cancel);
        return rows.ToDictionary(row => row.Subject, row => row.Count, StringComparer.Ordinal);
    }

    /// <summary>Open threads that block a subject: how many, and the oldest one's id (0 without any).</summary>
    public async Task<(long Count, long First)> BlockingAsync(string subject, CancellationToken cancel)
    {
        var row = await database.ReadAsync(
            session => session.FirstAsync<BlockingRow>(
                """
                SELECT count(*) AS count, coalesce(min(id), 0) AS first FROM discussions_threads
                WHERE subject = @subject AND is_blocking = 1 AND is_resolvable = 1 AND resolved_us IS NULL
                """,
                new { subject }),
            cancel);
        return row is null ? default : (row.Count, row.First);
    }

    private Task<DiscussionThread?> FindAsync(string where, object parameters, CancellationToken cancel) =>
        database.ReadAsync(
            async session =>
            {
                var thread = await session.FirstAsync<DiscussionThread>($"SELECT {Columns} FROM discussions_threads WHERE {where}", parameters);
                if (thread is null)
                {
                    return null;
                }

                var comments = await session.ListAsync<Comment>(
                    $"SELECT {CommentColumns} FROM discussions_comments WHERE thread_id = @Id ORDER BY id", new { thread.Id });
                return Join([thread], comments)[0];
            },
            cancel);

    private static IReadOnlyList<DiscussionThread> Join(IReadOnlyList<DiscussionThread> threads, IReadOnlyList<Comment> comments)
    {
        var byThread = comments.ToLookup(comment => comment.ThreadId);
        return [.. threads.Select(thread => thread with { Comments = [.. byThread[thread.Id]] })];
    }

    private sealed record BlockingRow
    {
        public long Count { get; init; }

        public long First { get; init; }
    }

    private sealed record CountRow
    {
        public string Subject { get; init; } = "";

        public long Count { get; init; }
    }
}
