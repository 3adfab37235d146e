using Squero.Kernel;

namespace Squero.Discussions;

/// <summary>Settles a thread, or opens it again.</summary>
public sealed class ResolveThread(Database database)
{
    /// <summary>Nothing happens when the thread is in that state already.</summary>
    public Task SetAsync(DiscussionThread thread, bool resolved, long personId, CancellationToken cancel)
    {
        if (!thread.IsResolvable)
        {
            throw Refusal.Invalid("This remark asks for nothing, so there is nothing to resolve.");
        }

        return database.WriteAsync(
            async session =>
            {
                var changed = await session.ExecuteAsync(
                    """
                    UPDATE discussions_threads SET resolved_us = @at, resolved_by = @by, updated_us = @NowMicros
                    WHERE id = @Id AND CASE WHEN resolved_us IS NULL THEN 1 ELSE 0 END = @wasOpen
                    """,
                    new
                    {
                        thread.Id,
                        at = resolved ? session.NowMicros : (long?)null,
                        by = resolved ? personId : (long?)null,
                        session.NowMicros,
                        wasOpen = resolved ? 1 : 0,
                    });
                if (changed > 0)
                {
                    await session.PublishAsync(new ThreadResolved(thread.ProjectId, thread.Subject, thread.Id, resolved, personId));
                }
            },
            cancel);
    }
}
