using Squero.Kernel;

namespace Squero.Discussions;

/// <summary>What a thread is meant as. The numbers are stored.</summary>
public enum ThreadKind
{
    Comment = 0,
    Question = 1,

    /// <summary>A change that its writer would make.</summary>
    Suggestion = 2,

    /// <summary>Something done well; asks for nothing.</summary>
    Praise = 3,

    /// <summary>Something worth knowing; asks for nothing.</summary>
    Teaching = 4,
}

/// <summary>
/// What people say to each other about one thing: a first comment and the answers to it. The subject says about what
/// (<c>merge_request:17</c>); an anchor says where in it. Anchor and context belong to the module that wrote them and are
/// never read here.
/// </summary>
public sealed record DiscussionThread
{
    public long Id { get; init; }

    /// <summary>40 hexadecimal digits: what clients of the REST API call it.</summary>
    public string Uid { get; init; } = "";

    public long ProjectId { get; init; }

    public string Subject { get; init; } = "";

    public string? Anchor { get; init; }

    /// <summary>What the anchor's owner needs to find the place again, as JSON.</summary>
    public string? Context { get; init; }

    /// <summary>False for a remark that asks for nothing.</summary>
    public bool IsResolvable { get; init; }

    public ThreadKind Kind { get; init; }

    /// <summary>Somebody wants it settled before what it is about goes on.</summary>
    public bool IsBlocking { get; init; }

    /// <summary>Who started it.</summary>
    public long PersonId { get; init; }

    public long CreatedUs { get; init; }

    public long UpdatedUs { get; init; }

    public long? ResolvedUs { get; init; }

    public long? ResolvedBy { get; init; }

    /// <summary>Oldest first; at least one.</summary>
    public IReadOnlyList<Comment> Comments { get; init; } = [];

    public bool IsResolved => ResolvedUs is not null;

    /// <summary>Asks for something that nobody has settled yet.</summary>
    public bool IsOpen => IsResolvable && !IsResolved;

    /// <summary>Stands in the way until somebody settles it.</summary>
    public bool Blocks => IsBlocking && IsOpen;

    /// <summary>The kind by its word, or null: comment, question, suggestion, praise, teaching.</summary>
    public static ThreadKind? KindOf(string? word) => word switch
    {
        "comment" => ThreadKind.Comment,
        "question" => ThreadKind.Question,
        "suggestion" => ThreadKind.Suggestion,
        "praise" => ThreadKind.Praise,
        "teaching" => ThreadKind.Teaching,
        _ => null,
    };

    /// <summary>Praise and teaching ask for nothing, so there is nothing to resolve, whoever answers.</summary>
    public static bool AsksForSomething(ThreadKind kind) => kind is not (ThreadKind.Praise or ThreadKind.Teaching);
}

/// <summary>What one person said, as Markdown.</summary>
public sealed record Comment
{
    /// <summary>Characters in one comment, at most.</summary>
    public const int LengthMax = 100_000;

    public long Id { get; init; }

    public long ThreadId { get; init; }

    public long PersonId { get; init; }

    public string Text { get; init; } = "";

    public long CreatedUs { get; init; }

    public long UpdatedUs { get; init; }

    /// <summary>The text as it is stored; refuses empty and oversized ones.</summary>
    internal static string Check(string? text)
    {
        var trimmed = text?.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Trim();
        if (string.IsNullOrEmpty(trimmed))
        {
            throw Refusal.Invalid("The comment is empty.");
        }

        if (trimmed.Length > LengthMax)
        {
            throw Refusal.Invalid($"The comment has {trimmed.Length} characters; at most {LengthMax} fit.");
        }

        return trimmed.Contains('\0', StringComparison.Ordinal) ? throw Refusal.Invalid("The comment holds a NUL character.") : trimmed;
    }
}

/// <summary>Somebody said something, in a new thread or in an old one.</summary>
public sealed record CommentAdded(long ProjectId, string Subject, long ThreadId, long CommentId, long PersonId);

/// <summary>A thread was made to block, or not to block any more.</summary>
public sealed record ThreadBlocked(long ProjectId, string Subject, long ThreadId, bool Blocking, long PersonId);

/// <summary>A thread was settled, or opened again.</summary>
public sealed record ThreadResolved(long ProjectId, string Subject, long ThreadId, bool Resolved, long PersonId);
