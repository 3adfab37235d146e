namespace Squero.Notebooks;

/// <summary>What two sides of a merge cannot agree on.</summary>
public enum MergeConflictKind
{
    /// <summary>Both changed the same lines of a source, or both added a cell of the same id; Hunk says which lines.</summary>
    EditEdit,

    /// <summary>One side removed the cell, the other edited it: Ours or Theirs is null.</summary>
    EditRemove,

    /// <summary>Both gave the cell another type.</summary>
    CellType,

    /// <summary>Both changed one piece of metadata that people set; Name says which. Without a cell: of the notebook.</summary>
    Metadata,

    /// <summary>Both replaced a pasted picture; Name says which.</summary>
    Attachment,
}

/// <summary>How a conflict is settled.</summary>
public enum MergeChoice
{
    Ours,
    Theirs,

    /// <summary>Ours, then theirs. For a removed cell: the cell stays, edited.</summary>
    Both,
}

/// <summary>What the sides are called in conflict markers and sentences, such as branch names.</summary>
public sealed record MergeLabels(string Ours, string Theirs)
{
    public static MergeLabels Default { get; } = new("ours", "theirs");

    /// <summary>Length of the markers that are written into a source, 7 as in git.</summary>
    public int MarkerSize { get; init; } = 7;
}

/// <summary>
/// Lines that collide: what stood in the base and what each side made of it. Line numbers count from 0 in the source
/// of that side's cell; of a side without lines here, they say where they would stand.
/// </summary>
public sealed record MergeHunk(
    int BaseLine, IReadOnlyList<string> Base, int OursLine, IReadOnlyList<string> Ours, int TheirsLine, IReadOnlyList<string> Theirs);

/// <summary>One thing that somebody must decide. Each is decided by itself; a cell may have several.</summary>
public sealed record MergeConflict
{
    /// <summary>The same whenever the same three files are merged.</summary>
    public required string Id { get; init; }

    public required MergeConflictKind Kind { get; init; }

    /// <summary>
    /// The cell, counted from 0, in what <see cref="NotebookMerge.Write"/> gives without choices; -1 for the notebook.
    /// </summary>
    public int Place { get; init; } = -1;

    /// <summary>The cell as each side has it; null where it does not.</summary>
    public Cell? Base { get; init; }

    public Cell? Ours { get; init; }

    public Cell? Theirs { get; init; }

    /// <summary>The cells that stand before and after it in the result, as they are in one of the sides.</summary>
    public Cell? CellBefore { get; init; }

    public Cell? CellAfter { get; init; }

    /// <summary>The lines that collide, of an edit against an edit.</summary>
    public MergeHunk? Hunk { get; init; }

    /// <summary>The metadata key or the picture, else empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether <see cref="MergeChoice.Both"/> means something; it counts as Ours where not.</summary>
    public bool AllowsBoth { get; init; }

    /// <summary>For people: what collides.</summary>
    public required string Sentence { get; init; }
}
