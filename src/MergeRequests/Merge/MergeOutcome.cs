namespace Squero.MergeRequests;

public enum MergeMethod
{
    /// <summary>A commit with both heads as parents.</summary>
    MergeCommit,

    /// <summary>The target branch moves to the head; only when it has nothing of its own.</summary>
    FastForward,
}

/// <summary>How somebody wants it merged. With a sha the head must still be that commit.</summary>
public sealed record MergeWish(long PersonId)
{
    public MergeMethod Method { get; init; }

    public string? Sha { get; init; }

    /// <summary>Replaces the merge commit's message.</summary>
    public string? Message { get; init; }

    public bool RemoveSource { get; init; }
}

/// <summary>How an attempt to merge ended.</summary>
public abstract record MergeOutcome
{
    private MergeOutcome()
    {
    }

    public sealed record Merged(MergeRequest Request) : MergeOutcome;

    /// <summary>Both branches changed the same places.</summary>
    public sealed record Conflicting(IReadOnlyList<string> Files) : MergeOutcome;

    /// <summary>The head is another commit than the one that was looked at.</summary>
    public sealed record HeadMoved(string Head) : MergeOutcome;

    /// <summary>Not open, a draft, nothing to merge, not a fast-forward.</summary>
    public sealed record Blocked(string Reason) : MergeOutcome;
}

/// <summary>Whether it could be merged now; the word is the REST API's detailed_merge_status.</summary>
public sealed record Mergeability(string Word, string? Reason, IReadOnlyList<ConflictFile> Conflicts)
{
    public bool IsMergeable => Word == "mergeable";

    public IReadOnlyList<string> ConflictingFiles => [.. Conflicts.Select(file => file.Path)];

    /// <summary>Notebooks that both branches changed and whose cells merge without conflict.</summary>
    public IReadOnlyList<string> MergedNotebooks { get; init; } = [];

    /// <summary>All that keeps it from being merged is to be decided in the browser, cell by cell.</summary>
    public bool IsDecidable => Conflicts.Count > 0 && Conflicts.All(file => file.State == ConflictState.Undecided);

    /// <summary>The first of the threads that block it.</summary>
    public long? Thread { get; init; }

    internal static Mergeability Yes { get; } = new("mergeable", null, []);

    internal static Mergeability No(string word, string reason) => new(word, reason, []);
}
