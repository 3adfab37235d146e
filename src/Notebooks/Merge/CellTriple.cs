namespace Squero.Notebooks;

/// <summary>One cell of a merge: what it was and what each side made of it; null where it is not there.</summary>
internal sealed class CellTriple(Cell? old, Cell? ours, Cell? theirs)
{
    public Cell? Base { get; } = old;

    public Cell? Ours { get; } = ours;

    public Cell? Theirs { get; } = theirs;

    public bool MovedByOurs { get; init; }

    public bool MovedByTheirs { get; init; }

    /// <summary>Its lines, when they were merged together with those of other cells (a split, two made one).</summary>
    public IReadOnlyList<SourceStretch>? Stretches { get; set; }

    /// <summary>Its text went into other cells of the result.</summary>
    public bool IsAbsorbed { get; set; }

    /// <summary>Both sides have it and neither moved it: what the order of the result hangs on.</summary>
    public bool IsSpine => Base is not null && Ours is not null && Theirs is not null && !MovedByOurs && !MovedByTheirs;

    /// <summary>Whose place counts; where both moved a cell, ours.</summary>
    public bool StandsWithTheirs => Ours is null || Theirs is not null && MovedByTheirs && !MovedByOurs;

    /// <summary>Removed by one side and left alone by the other, or gone on both.</summary>
    public bool IsRemoved => IsAbsorbed || Base is { } old && ((Ours, Theirs) switch
    {
        (null, null) => true,
        (null, { } kept) => !IsEdited(old, kept),
        ({ } kept, null) => !IsEdited(old, kept),
        _ => false,
    });

    public bool IsRemovedAgainstEdit => !IsRemoved && Stretches is null && Base is not null && (Ours is null || Theirs is null);

    /// <summary>A run or a tag is no edit that would keep a removed cell alive.</summary>
    private static bool IsEdited(Cell old, Cell now) => !old.SameSource(now)
        || !JsonMeaning.Same(old.Json, old.AttachmentsSlice, now.Json, now.AttachmentsSlice);
}
