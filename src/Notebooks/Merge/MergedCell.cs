namespace Squero.Notebooks;

/// <summary>A cell of the result: where it comes from, and what about it somebody must choose.</summary>
internal sealed class MergedCell
{
    private MergedCell(CellTriple triple, MergeSides sides)
    {
        Triple = triple;
        Stretches = triple.Stretches ?? SourceMerge.Of(triple);
        var found = new List<MergeConflict>();
        if (triple.IsRemovedAgainstEdit)
        {
            found.Add(New(MergeConflictKind.EditRemove, "", allowsBoth: true));
        }

        if (triple is { Ours: { } ours, Theirs: { } theirs } && ours.Kind != theirs.Kind && triple.Base?.Kind != ours.Kind && triple.Base?.Kind != theirs.Kind)
        {
            found.Add(New(MergeConflictKind.CellType, "", allowsBoth: false));
        }

        found.AddRange(Stretches.Where(stretch => stretch.Conflict is not null).Select(stretch => stretch.Conflict!));
        Metadata(sides, key =>
        {
            if (MetadataComparison.WrittenByPeople.Contains(key) && !found.Exists(conflict => conflict.Kind == MergeConflictKind.Metadata && conflict.Name == key))
            {
                found.Add(New(MergeConflictKind.Metadata, key, allowsBoth: false));
            }

            return false;
        });
        Attachments(sides, name =>
        {
            found.Add(New(MergeConflictKind.Attachment, name, allowsBoth: true));
            return false;
        });
        Conflicts = found;
    }

    public CellTriple Triple { get; }

    public IReadOnlyList<SourceStretch> Stretches { get; }

    /// <summary>In the order in which people meet them.</summary>
    public IReadOnlyList<MergeConflict> Conflicts { get; }

    /// <summary>The id under which it is written; null when the file has none.</summary>
    public string? Id { get; set; }

    /// <summary>The cell as a side has it: ours where there is one.</summary>
    public Cell Shown => (Triple.Ours ?? Triple.Theirs)!;

    public static MergedCell Of(CellTriple triple, MergeSides sides) => new(triple, sides);

    /// <summary>The merged metadata; the question is asked for each key on which the sides do not agree.</summary>
    public JsonPart Metadata(MergeSides sides, Func<string, bool> takesTheirs) => Part(sides, CellPart.Metadata, deep: true, takesTheirs);

    /// <summary>The merged pictures, likewise.</summary>
    public JsonPart Attachments(MergeSides sides, Func<string, bool> takesTheirs) => Part(sides, CellPart.Attachments, deep: false, takesTheirs);

    private JsonPart Part(MergeSides sides, Func<Cell?, JsonPart> of, bool deep, Func<string, bool> takesTheirs)
    {
        var (ours, theirs) = (of(Triple.Ours), of(Triple.Theirs));
        return Triple.Ours is null ? theirs
            : Triple.Theirs is null ? ours
            : new ObjectMerge(sides.Style, deep, takesTheirs).Merge(of(Triple.Base), ours, theirs, sides.CellIndent + sides.Style.Indent);
    }

    private MergeConflict New(MergeConflictKind kind, string name, bool allowsBoth) => ConflictText.WithId(new MergeConflict
    {
        Id = "",
        Sentence = "",
        Kind = kind,
        Name = name,
        Base = Triple.Base,
        Ours = Triple.Ours,
        Theirs = Triple.Theirs,
        AllowsBoth = allowsBoth,
    });
}
