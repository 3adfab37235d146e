namespace Squero.Repositories;

/// <summary>How a merge of two commits would end. Nothing has moved yet.</summary>
public abstract record MergeTrial
{
    private MergeTrial()
    {
    }

    /// <summary>Files that both sides changed and that git merged line by line, not knowing what the lines mean.</summary>
    public IReadOnlyList<string> AutoMerged { get; init; } = [];

    /// <summary>Git found an answer for every file.</summary>
    public sealed record Clean(string TreeOid) : MergeTrial;

    /// <summary>No entries: the two have no common history. Files in the order of git's index, each once.</summary>
    public sealed record Conflicting(string TreeOid, IReadOnlyList<ConflictedFile> Entries) : MergeTrial
    {
        public IReadOnlyList<string> Files => [.. Entries.Select(entry => entry.Path)];
    }
}

/// <summary>What stands in a merge in place of what git made of a file.</summary>
public sealed record SettledFile(ConflictedFile File, ReadOnlyMemory<byte> Content);

/// <summary>A file as one side of a merge has it.</summary>
public sealed record MergeStage(string Mode, string Oid);

/// <summary>
/// A path for which git found no answer: what stood in the common ancestor (null when both sides added it, or when there is
/// none), and what each side made of it (null where it is gone).
/// </summary>
public sealed record ConflictedFile(string Path, MergeStage? Base, MergeStage? Target, MergeStage? Source)
{
    /// <summary>Git's own words for what collides there, such as <c>CONFLICT (modify/delete)</c>.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>
    /// Both sides changed (or added) the content of a regular file and nothing else: other content can stand in its place.
    /// A rename on one side is no obstacle; links, submodules, removals, folders in the way and names that are no text are.
    /// </summary>
    public bool IsContentOnly { get; init; }

    /// <summary>The mode of the file in the merge; empty when the sides disagree.</summary>
    public string Mode =>
        Target is null || Source is null ? ""
        : Target.Mode == Source.Mode || Source.Mode == Base?.Mode ? Target.Mode
        : Target.Mode == Base?.Mode ? Source.Mode
        : "";

    /// <summary>What happened, for people.</summary>
    public string Sentence => IsContentOnly
        ? Base is null ? "Both branches added it with other content." : "Both branches changed the same places."
        : ConflictWords.Explain(Words);
}
