using Squero.Kernel;

namespace Squero.Discussions;

/// <summary>Makes a thread block what it is about until it is settled, or takes that back.</summary>
public sealed class BlockThread(Database database)
{
    /// <summary>A remark that blocks asks for something: it can be resolved from then on. Nothing happens when it is in that state already.</summary>
    public Task SetAsync(DiscussionThread thread, bool blocking, long personId, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                var changed = await session.ExecuteAsync(
                    """
                    UPDATE discussions_threads
                    SET is_blocking = @blocking, is_resolvable = CASE WHEN @blocking = 1 THEN 1 ELSE is_resolvable END, updated_us = @NowMicros
                    WHERE id = @Id AND is_blocking <> @blocking
                    """,
                    new { thread.Id, blocking = blocking ? 1 : 0, session.NowMicros });
                if (changed > 0)
                {
                    await session.PublishAsync(new ThreadBlocked(thread.ProjectId, thread.Subject, thread.Id, blocking, personId));
                }
            },
            cancel);
}
