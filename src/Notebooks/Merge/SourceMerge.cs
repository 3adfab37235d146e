namespace Squero.Notebooks;

/// <summary>Merges the sources of cells line by line.</summary>
internal static class SourceMerge
{
    public static IReadOnlyList<SourceStretch> Of(CellTriple triple)
    {
        if (triple.Ours is not { } ours || triple.Theirs is not { } theirs)
        {
            return SourceStretch.Whole((triple.Ours ?? triple.Theirs)!);
        }

        if (ours.Source == theirs.Source || triple.Base?.Source == theirs.Source)
        {
            return SourceStretch.Whole(ours);
        }

        if (triple.Base is not { } old)
        {
            return new Texts([], ours.Lines, theirs.Lines, triple).Stretches(LineMerge.Between(ours.Lines, theirs.Lines));
        }

        return old.Source == ours.Source ? SourceStretch.Whole(theirs)
            : new Texts(old.Lines, ours.Lines, theirs.Lines, triple).Stretches(LineMerge.Between(old.Lines, ours.Lines, theirs.Lines));
    }

    /// <summary>The three texts that chunks tell of, and the cells that conflicts are about.</summary>
    internal sealed record Texts(IReadOnlyList<string> Base, IReadOnlyList<string> Ours, IReadOnlyList<string> Theirs, CellTriple About)
    {
        public IReadOnlyList<SourceStretch> Stretches(IEnumerable<LineChunk> chunks) => [.. chunks.Select(Stretch)];

        public SourceStretch Stretch(LineChunk chunk)
        {
            var ours = Slice(Ours, chunk.Ours, chunk.OursCount);
            var theirs = Slice(Theirs, chunk.Theirs, chunk.TheirsCount);
            return chunk.Origin switch
            {
                LineOrigin.Theirs => new SourceStretch(theirs),
                LineOrigin.Conflict => new SourceStretch([], ConflictText.WithId(new MergeConflict
                {
                    Id = "",
                    Sentence = "",
                    Kind = MergeConflictKind.EditEdit,
                    Base = About.Base,
                    Ours = About.Ours,
                    Theirs = About.Theirs,
                    AllowsBoth = true,
                    Hunk = new MergeHunk(chunk.Base, Slice(Base, chunk.Base, chunk.BaseCount), chunk.Ours, ours, chunk.Theirs, theirs),
                })),
                _ => new SourceStretch(ours),
            };
        }

        private static string[] Slice(IReadOnlyList<string> lines, int from, int count) => [.. lines.Skip(from).Take(count)];
    }
}
