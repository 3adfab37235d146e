using System.Security.Cryptography;
using Squero.Kernel;

namespace Squero.Discussions;

/// <summary>What starts a thread. Anchor and context are opaque; the anchor has at most 200 characters.</summary>
public sealed record NewThread(long ProjectId, string Subject, long PersonId, string Text)
{
    public string? Anchor { get; init; }

    public string? Context { get; init; }

    public bool IsResolvable { get; init; } = true;

    public ThreadKind Kind { get; init; }

    /// <summary>A blocking thread can be resolved, whatever its kind.</summary>
    public bool IsBlocking { get; init; }
}

/// <summary>Begins a discussion with its first comment.</summary>
public sealed class StartThread(Database database, ThreadStore threads)
{
    private const int AnchorMax = 200;
    private const int ContextMax = 20_000;

    public async Task<DiscussionThread> StartAsync(NewThread wanted, CancellationToken cancel)
    {
        var text = Comment.Check(wanted.Text);
        if (wanted.Anchor?.Length > AnchorMax || wanted.Context?.Length > ContextMax)
        {
            throw Refusal.Invalid("The place of the comment is described at too great a length.");
        }

        var uid = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
        var id = await database.WriteAsync(session => InsertAsync(session, wanted, uid, text), cancel);
        return (await threads.FindAsync(wanted.Subject, id, cancel))!;
    }

    private static async Task<long> InsertAsync(WriteSession session, NewThread wanted, string uid, string text)
    {
        var present = await session.CountAsync("SELECT count(*) FROM discussions_threads WHERE subject = @Subject", new { wanted.Subject });
        if (present >= ThreadStore.MaxThreads)
        {
            throw Refusal.Invalid($"There are {present} threads here already; answer in one of them.");
        }

        var now = session.NowMicros;
        var id = await session.InsertAsync(
            """
            INSERT INTO discussions_threads (uid, project_id, subject, anchor, context, is_resolvable, kind, is_blocking, person_id, created_us, updated_us)
            VALUES (@uid, @ProjectId, @Subject, @Anchor, @Context, @resolvable, @kind, @blocking, @PersonId, @now, @now) RETURNING id
            """,
            new
            {
                uid,
                wanted.ProjectId,
                wanted.Subject,
                wanted.Anchor,
                wanted.Context,
                resolvable = wanted.IsBlocking || (wanted.IsResolvable && DiscussionThread.AsksForSomething(wanted.Kind)) ? 1 : 0,
                kind = (int)wanted.Kind,
                blocking = wanted.IsBlocking ? 1 : 0,
                wanted.PersonId,
                now,
            });
        await ReplyToThread.InsertAsync(session, wanted.ProjectId, wanted.Subject, id, wanted.PersonId, text);
        return id;
    }
}
