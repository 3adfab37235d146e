namespace Squero.Notebooks;

/// <summary>
/// A cell that one side cut into several, or several that it made one, while the other side edited the text: the lines
/// are merged together, so that the edit lands in the part where its lines went.
/// </summary>
internal sealed class SplitCells
{
    private readonly Dictionary<int, CellTriple> _byBase;
    private readonly Dictionary<int, CellTriple> _byOurs;
    private readonly Dictionary<int, CellTriple> _byTheirs;

    private SplitCells(List<CellTriple> triples)
    {
        _byBase = triples.Where(triple => triple.Base is not null).ToDictionary(triple => triple.Base!.Index);
        _byOurs = triples.Where(triple => triple.Ours is not null).ToDictionary(triple => triple.Ours!.Index);
        _byTheirs = triples.Where(triple => triple.Theirs is not null).ToDictionary(triple => triple.Theirs!.Index);
    }

    /// <summary>Gives the triples concerned their lines, and marks those whose text went elsewhere.</summary>
    public static void Merge(MergeSides sides, List<CellTriple> triples)
    {
        if (!HasKin(sides.OursDiff) && !HasKin(sides.TheirsDiff))
        {
            return;
        }

        var split = new SplitCells(triples);
        split.Splits(sides.OursDiff, sides.TheirsDiff, theirs: false);
        split.Splits(sides.TheirsDiff, sides.OursDiff, theirs: true);
        split.Joins(sides.OursDiff, theirs: false);
        split.Joins(sides.TheirsDiff, theirs: true);
    }

    private static bool HasKin(NotebookDiff diff) => diff.Cells.Any(cell => cell.SplitFrom is not null || cell.MergedInto is not null);

    private static ILookup<int, Cell> Parts(NotebookDiff diff) =>
        diff.Cells.Where(cell => cell.SplitFrom is not null).ToLookup(cell => cell.SplitFrom!.Value, cell => cell.After!);

    private void Splits(NotebookDiff side, NotebookDiff other, bool theirs)
    {
        var ofOther = Parts(other);
        foreach (var parts in Parts(side))
        {
            var whole = _byBase[parts.Key];
            if (whole is not { Base: { } old, Ours: not null, Theirs: not null, Stretches: null } || whole.IsAbsorbed)
            {
                continue;
            }

            var mine = InOrder(parts.Prepend(Of(whole, theirs)));
            var others = InOrder(ofOther[parts.Key].Prepend(Of(whole, !theirs)));
            if (mine.Concat(others).All(cell => cell.Kind == old.Kind) && !Lines(others).SequenceEqual(old.Lines, StringComparer.Ordinal)
                && !Lines(mine).SequenceEqual(Lines(others), StringComparer.Ordinal))
            {
                Share([old], mine, others, whole, theirs);
            }
        }
    }

    private void Joins(NotebookDiff side, bool theirs)
    {
        var joined = side.Cells.Where(cell => cell.MergedInto is not null).ToLookup(cell => cell.MergedInto!.Value, cell => _byBase[cell.Before!.Index]);
        foreach (var gone in joined)
        {
            var whole = (theirs ? _byTheirs : _byOurs)[gone.Key];
            var all = gone.Append(whole).Where(triple => triple is { Base: not null, Stretches: null, IsAbsorbed: false }).OrderBy(triple => triple.Base!.Index).ToList();
            if (!all.Contains(whole) || all.Count < 2 || all.Exists(triple => Find(triple, !theirs) is null || triple.Base!.Kind != Of(whole, theirs).Kind)
                || all.TrueForAll(triple => triple.Base!.SameSource(Of(triple, !theirs))))
            {
                continue;
            }

            Share([.. all.Select(triple => triple.Base!)], [Of(whole, theirs)], [.. all.Select(triple => Of(triple, !theirs))], whole, theirs);
        }
    }

    /// <summary>Merges the lines of all these cells as one text and cuts it where the side that cut it did.</summary>
    private void Share(List<Cell> old, List<Cell> mine, List<Cell> others, CellTriple whole, bool theirs)
    {
        var (was, own, foreign) = (Lines(old), Lines(mine), Lines(others));
        var chunks = theirs ? LineMerge.Between(was, foreign, own) : LineMerge.Between(was, own, foreign);
        var places = theirs ? _byTheirs : _byOurs;
        var next = 0;
        var end = 0;
        var rest = new Queue<LineChunk>(chunks);
        var texts = theirs ? new SourceMerge.Texts(was, foreign, own, whole) : new SourceMerge.Texts(was, own, foreign, whole);
        var pieces = mine.ConvertAll(cell => places[cell.Index]);
        foreach (var cell in mine)
        {
            end += cell.Lines.Count;
            var upTo = ++next == mine.Count ? int.MaxValue : end;
            places[cell.Index].Stretches = texts.Stretches(Take(ref rest, upTo, theirs));
        }

        var placesOfOther = theirs ? _byOurs : _byTheirs;
        foreach (var triple in others.Select(cell => placesOfOther[cell.Index]).Where(triple => !pieces.Contains(triple)))
        {
            triple.IsAbsorbed = true;
        }
    }

    /// <summary>The chunks before a line of the side that cut. What the other side put across the cut stays in one piece.</summary>
    private static List<LineChunk> Take(ref Queue<LineChunk> rest, int end, bool theirs)
    {
        var taken = new List<LineChunk>();
        while (rest.TryPeek(out var chunk))
        {
            var (start, count) = theirs ? (chunk.Theirs, chunk.TheirsCount) : (chunk.Ours, chunk.OursCount);
            if (start > end || start == end && count > 0)
            {
                break;
            }

            rest.Dequeue();
            var own = chunk.Origin == LineOrigin.Same || chunk.Origin == (theirs ? LineOrigin.Theirs : LineOrigin.Ours);
            if (!own || start + count <= end)
            {
                taken.Add(chunk);
                continue;
            }

            var size = end - start;
            taken.Add(Part(chunk, 0, size));
            rest = new Queue<LineChunk>(rest.Prepend(Part(chunk, size, count - size)));
            break;
        }

        return taken;
    }

    private static LineChunk Part(LineChunk chunk, int from, int count) => chunk with
    {
        Ours = chunk.Ours + from,
        OursCount = count,
        Theirs = chunk.Theirs + from,
        TheirsCount = count,
    };

    private static List<Cell> InOrder(IEnumerable<Cell> cells) => [.. cells.OrderBy(cell => cell.Index)];

    private static string[] Lines(List<Cell> cells) => [.. cells.SelectMany(cell => cell.Lines)];

    private static Cell? Find(CellTriple triple, bool theirs) => theirs ? triple.Theirs : triple.Ours;

    private static Cell Of(CellTriple triple, bool theirs) => Find(triple, theirs)!;
}
