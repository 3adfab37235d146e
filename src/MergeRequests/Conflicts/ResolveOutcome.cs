using Squero.Notebooks;

namespace Squero.MergeRequests;

/// <summary>What somebody decided, and what they looked at when they did.</summary>
internal sealed record ResolveWish(long PersonId, string HeadSha, IReadOnlyDictionary<string, MergeChoice> Choices)
{
    /// <summary>The digest of the sheet that was decided; null: whatever is there now.</summary>
    public string? Digest { get; init; }

    /// <summary>Replaces the commit's message.</summary>
    public string? Message { get; init; }
}

/// <summary>How an attempt to settle conflicts ended: there is a merge commit, or nothing has changed.</summary>
internal abstract record ResolveOutcome
{
    private ResolveOutcome()
    {
    }

    public sealed record Resolved(string CommitSha, int Count, IReadOnlyList<string> Files) : ResolveOutcome;

    /// <summary>A branch moved, and something else collides now than what was looked at.</summary>
    public sealed record Moved(string Sentence) : ResolveOutcome;

    /// <summary>Some are not decided yet.</summary>
    public sealed record Undecided(int Left) : ResolveOutcome;

    /// <summary>Not open, nothing collides, or something that cannot be settled here.</summary>
    public sealed record Refused(string Sentence) : ResolveOutcome;
}
