namespace Squero.MergeRequests;

/// <summary>How a file stands for which git alone finds no answer.</summary>
public enum ConflictState
{
    /// <summary>A notebook whose cells merge without conflict: nothing is left to do.</summary>
    Merged,

    /// <summary>A notebook with cells that somebody must decide about; that can be done in the browser.</summary>
    Undecided,

    /// <summary>Everything else: somebody merges it in a working copy.</summary>
    ByHand,

    /// <summary>A large notebook that is being merged this moment.</summary>
    Pending,
}

/// <summary>A file that both branches changed. Count: what there is to decide in it.</summary>
public sealed record ConflictFile(string Path, ConflictState State, int Count, string Sentence)
{
    internal bool Stops => State != ConflictState.Merged;
}

/// <summary>How the merge of two heads would end, notebooks merged by cells. No files and not clean: no common history.</summary>
internal sealed record MergeLook(bool IsClean, IReadOnlyList<ConflictFile> Files)
{
    public static MergeLook Clean { get; } = new(true, []);

    public static MergeLook Unrelated { get; } = new(false, []);

    /// <summary>Notebooks that both branches changed and whose cells merge.</summary>
    public IReadOnlyList<string> Notebooks => [.. Files.Where(file => !file.Stops).Select(file => file.Path)];

    public IReadOnlyList<ConflictFile> Stopping => [.. Files.Where(file => file.Stops)];

    public bool IsPending => Files.Any(file => file.State == ConflictState.Pending) && !Files.Any(file => file.State is ConflictState.Undecided or ConflictState.ByHand);
}
