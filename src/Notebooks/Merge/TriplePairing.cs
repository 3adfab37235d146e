namespace Squero.Notebooks;

/// <summary>
/// Finds the cells of a merge: the base's by the alignments that the diffs show, and cells that both sides added, which
/// are one when they say the same, or carry the same id.
/// </summary>
internal static class TriplePairing
{
    /// <summary>Shorter text that stands in different places is no sign that both sides added one cell.</summary>
    private const int Telling = 24;

    public static List<CellTriple> Of(MergeSides sides)
    {
        if (sides.Base.Cells.Count == 0)
        {
            return WithoutBase(sides);
        }

        var (ours, theirs) = (sides.OursDiff, sides.TheirsDiff);
        var triples = new List<CellTriple>(sides.Base.Cells.Count);
        foreach (var old in sides.Base.Cells)
        {
            var (mine, others) = (ours.CellOfOld(old.Index), theirs.CellOfOld(old.Index));
            triples.Add(new CellTriple(old, mine?.After, others?.After)
            {
                MovedByOurs = mine is { After: not null, Moved: true },
                MovedByTheirs = others is { After: not null, Moved: true },
            });
        }

        var added = Added(ours);
        var pairOf = PairAdded(added, Added(theirs), new Gaps(triples));
        triples.AddRange(added.Select(cell => new CellTriple(null, cell, pairOf.GetValueOrDefault(cell))));
        var paired = pairOf.Values.ToHashSet();
        triples.AddRange(Added(theirs).Where(cell => !paired.Contains(cell)).Select(cell => new CellTriple(null, null, cell)));
        return triples;
    }

    private static List<Cell> Added(NotebookDiff diff) => [.. diff.Cells.Where(cell => cell.Change == CellChange.Added).Select(cell => cell.After!)];

    private static List<CellTriple> WithoutBase(MergeSides sides)
    {
        var oursOf = CellAlignment.Between(sides.Ours.Cells, sides.Theirs.Cells, ignoreIds: false);
        var theirsOf = new Cell?[sides.Ours.Cells.Count];
        foreach (var cell in sides.Theirs.Cells.Where(cell => oursOf[cell.Index] >= 0))
        {
            theirsOf[oursOf[cell.Index]] = cell;
        }

        return
        [
            .. sides.Ours.Cells.Select(cell => new CellTriple(null, cell, theirsOf[cell.Index])),
            .. sides.Theirs.Cells.Where(cell => oursOf[cell.Index] < 0).Select(cell => new CellTriple(null, null, cell)),
        ];
    }

    private static Dictionary<Cell, Cell> PairAdded(List<Cell> ours, List<Cell> theirs, Gaps gaps)
    {
        var pairs = new Dictionary<Cell, Cell>();
        var taken = new HashSet<Cell>();
        Pair(cell => (gaps.OfOurs(cell), cell.Kind, cell.Source), cell => (gaps.OfTheirs(cell), cell.Kind, cell.Source), _ => true);
        Pair(cell => cell.Id, cell => cell.Id, pair => pair.Ours.Id is not null && AreAlike(pair.Ours, pair.Theirs));
        Pair(cell => (cell.Kind, cell.Source), cell => (cell.Kind, cell.Source), pair => pair.Ours.Source.Length >= Telling);
        return pairs;

        void Pair<T>(Func<Cell, T> keyOfOurs, Func<Cell, T> keyOfTheirs, Func<(Cell Ours, Cell Theirs), bool> holds)
        {
            var free = theirs.Where(cell => !taken.Contains(cell)).GroupBy(keyOfTheirs).ToDictionary(group => (group.Key, 0), group => new Queue<Cell>(group));
            foreach (var cell in ours.Where(cell => !pairs.ContainsKey(cell)))
            {
                if (free.TryGetValue((keyOfOurs(cell), 0)!, out var queue) && queue.TryPeek(out var other) && holds((cell, other)))
                {
                    pairs[cell] = queue.Dequeue();
                    taken.Add(other);
                }
            }
        }
    }

    /// <summary>Tools that number cells give one id to unlike ones.</summary>
    private static bool AreAlike(Cell one, Cell other) =>
        one.Kind == other.Kind && one.Lines.Where(line => line.Trim().Length > 1).Intersect(other.Lines, StringComparer.Ordinal).Any();

    /// <summary>Between which cells that stayed on both sides a cell stands.</summary>
    private sealed class Gaps(List<CellTriple> triples)
    {
        private readonly int[] _ours = [.. triples.Where(triple => triple.IsSpine).Select(triple => triple.Ours!.Index)];
        private readonly int[] _theirs = [.. triples.Where(triple => triple.IsSpine).Select(triple => triple.Theirs!.Index)];

        public int OfOurs(Cell cell) => ~Array.BinarySearch(_ours, cell.Index);

        public int OfTheirs(Cell cell) => ~Array.BinarySearch(_theirs, cell.Index);
    }
}
