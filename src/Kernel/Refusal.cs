namespace Squero.Kernel;

/// <summary>Why a caller's request is turned down; each kind has one HTTP status.</summary>
public enum RefusalKind
{
    Invalid = 400,
    Unauthenticated = 401,
    Forbidden = 403,
    NotFound = 404,
    NotAllowed = 405,
    Conflict = 409,
    TooLarge = 413,
    Unprocessable = 422,
    TooMany = 429,

    /// <summary>Not the caller's fault: something the server needs is away for the moment.</summary>
    Unavailable = 503,

    /// <summary>Nor this: what the server keeps cannot be written, because its disk is full or does not take it.</summary>
    NotStored = 507,
}

/// <summary>A caller broke a rule. The sentence is for people: it says what, with the value in it, and what to do.</summary>
public sealed class Refusal(RefusalKind kind, string sentence) : Exception(sentence)
{
    public RefusalKind Kind { get; } = kind;

    public string Sentence => Message;

    public static Refusal Invalid(string sentence) => new(RefusalKind.Invalid, sentence);

    public static Refusal Forbidden(string sentence) => new(RefusalKind.Forbidden, sentence);

    public static Refusal NotFound(string sentence) => new(RefusalKind.NotFound, sentence);

    public static Refusal Conflict(string sentence) => new(RefusalKind.Conflict, sentence);
}
