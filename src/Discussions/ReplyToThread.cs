using Squero.Kernel;

namespace Squero.Discussions;

/// <summary>Adds to a thread, and changes or takes back what its writer said.</summary>
public sealed class ReplyToThread(Database database)
{
    /// <summary>Returns the new comment's id. An answer to a remark makes it a thread that can be resolved; one to praise does not.</summary>
    public Task<long> ReplyAsync(DiscussionThread thread, long personId, string text, CancellationToken cancel)
    {
        var checkedText = Comment.Check(text);
        if (thread.Comments.Count >= ThreadStore.MaxComments)
        {
            throw Refusal.Invalid($"This thread has {thread.Comments.Count} comments; start a new one.");
        }

        return database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(
                    "UPDATE discussions_threads SET updated_us = @NowMicros, is_resolvable = CASE WHEN @asks = 1 THEN 1 ELSE is_resolvable END WHERE id = @Id",
                    new { thread.Id, session.NowMicros, asks = DiscussionThread.AsksForSomething(thread.Kind) ? 1 : 0 });
                return await InsertAsync(session, thread.ProjectId, thread.Subject, thread.Id, personId, checkedText);
            },
            cancel);
    }

    public Task EditAsync(Comment comment, string text, CancellationToken cancel)
    {
        var checkedText = Comment.Check(text);
        return database.WriteAsync(
            session => session.ExecuteAsync(
                "UPDATE discussions_comments SET text = @checkedText, updated_us = @NowMicros WHERE id = @Id",
                new { comment.Id, checkedText, session.NowMicros }),
            cancel);
    }

    /// <summary>The last comment takes its thread with it.</summary>
    public Task DeleteAsync(Comment comment, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("DELETE FROM discussions_comments WHERE id = @Id", new { comment.Id });
                await session.ExecuteAsync(
                    "DELETE FROM discussions_threads WHERE id = @ThreadId AND NOT EXISTS (SELECT 1 FROM discussions_comments WHERE thread_id = @ThreadId)",
                    new { comment.ThreadId });
            },
            cancel);

    internal static async Task<long> InsertAsync(WriteSession session, long projectId, string subject, long threadId, long personId, string text)
    {
        var id = await session.InsertAsync(
            """
            INSERT INTO discussions_comments (thread_id, person_id, text, created_us, updated_us)
            VALUES (@threadId, @personId, @text, @NowMicros, @NowMicros) RETURNING id
            """,
            new { threadId, personId, text, session.NowMicros });
        await session.PublishAsync(new CommentAdded(projectId, subject, threadId, id, personId));
        return id;
    }
}
