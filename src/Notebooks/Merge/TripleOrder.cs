namespace Squero.Notebooks;

/// <summary>
/// Puts the cells of a merge in order. Between two cells that stayed on both sides stands what ours has there, then what
/// theirs has there; a moved cell stands once, at the place it was moved to (ours, when both moved it). What was written
/// into the middle of cells that the other side moved goes with them.
/// </summary>
internal sealed class TripleOrder
{
    private readonly List<CellTriple> _triples;
    private readonly List<CellTriple> _spine;
    private readonly Dictionary<CellTriple, List<CellTriple>> _followers = [];

    private TripleOrder(List<CellTriple> triples)
    {
        _triples = triples;
        _spine = [.. triples.Where(triple => triple.IsSpine).OrderBy(triple => triple.Ours!.Index)];
        AddSharedPlaces();
    }

    public static List<CellTriple> Of(List<CellTriple> triples) => new TripleOrder(triples).Merged();

    /// <summary>What both sides added, or moved, to one place in one order holds the rest together like a cell that stayed.</summary>
    private void AddSharedPlaces()
    {
        var known = _spine.ToHashSet();
        var candidates = _triples
            .Where(triple => triple is { Ours: not null, Theirs: not null } && triple.MovedByOurs == triple.MovedByTheirs && !known.Contains(triple)
                && GapOf(triple, theirs: false) == GapOf(triple, theirs: true))
            .OrderBy(triple => triple.Ours!.Index).ToList();
        var kept = IncreasingSequence.Longest(candidates.ConvertAll(triple => triple.Theirs!.Index)).Select(at => candidates[at]);
        var all = _spine.Concat(kept).OrderBy(triple => triple.Ours!.Index).ToList();
        _spine.Clear();
        _spine.AddRange(all);
    }

    private int GapOf(CellTriple triple, bool theirs)
    {
        var (low, high) = (0, _spine.Count);
        var index = theirs ? triple.Theirs!.Index : triple.Ours!.Index;
        while (low < high)
        {
            var middle = (low + high) / 2;
            var place = theirs ? _spine[middle].Theirs!.Index : _spine[middle].Ours!.Index;
            (low, high) = place < index ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private List<CellTriple> Merged()
    {
        var held = _spine.ToHashSet();
        var ours = _triples.Where(triple => triple.Ours is not null && !held.Contains(triple)).OrderBy(triple => triple.Ours!.Index).ToList();
        var theirs = _triples.Where(triple => triple.Theirs is not null && !held.Contains(triple)).OrderBy(triple => triple.Theirs!.Index).ToList();
        var led = Follow(ours, theirs: false);
        led.UnionWith(Follow(theirs, theirs: true));
        var byGap = new List<CellTriple>[_spine.Count + 1, 2];
        Place(ours.Where(triple => !triple.StandsWithTheirs && !led.Contains(triple)), 0, byGap);
        Place(theirs.Where(triple => triple.StandsWithTheirs && !led.Contains(triple)), 1, byGap);
        var order = new List<CellTriple>(_triples.Count);
        for (var gap = 0; gap <= _spine.Count; gap++)
        {
            Emit(byGap[gap, 0], order);
            Emit(byGap[gap, 1], order);
            if (gap < _spine.Count)
            {
                order.Add(_spine[gap]);
            }
        }

        return order;
    }

    /// <summary>Cells of one side that stand between two cells which the other side moved together.</summary>
    private HashSet<CellTriple> Follow(List<CellTriple> side, bool theirs)
    {
        var led = new HashSet<CellTriple>();
        for (var i = 0; i < side.Count; i++)
        {
            if (side[i].StandsWithTheirs == theirs)
            {
                continue;
            }

            var run = i + 1;
            while (run < side.Count && side[run].StandsWithTheirs == theirs && PlaceIn(side[run], theirs) == PlaceIn(side[run - 1], theirs) + 1)
            {
                run++;
            }

            var together = run > i + 1 && run < side.Count && PlaceIn(side[run], theirs) == PlaceIn(side[run - 1], theirs) + 1
                && side[run].StandsWithTheirs != theirs && PlaceIn(side[run], !theirs) == PlaceIn(side[i], !theirs) + 1;
            if (together)
            {
                _followers[side[i]] = side[(i + 1)..run];
                led.UnionWith(side[(i + 1)..run]);
            }

            i = run - 1;
        }

        return led;
    }

    private static int PlaceIn(CellTriple triple, bool theirs) => (theirs ? triple.Theirs : triple.Ours)!.Index;

    private void Place(IEnumerable<CellTriple> side, int seat, List<CellTriple>[,] byGap)
    {
        foreach (var triple in side)
        {
            (byGap[GapOf(triple, seat == 1), seat] ??= []).Add(triple);
        }
    }

    private void Emit(List<CellTriple>? stretch, List<CellTriple> order)
    {
        foreach (var triple in stretch ?? [])
        {
            order.Add(triple);
            order.AddRange(_followers.GetValueOrDefault(triple) ?? []);
        }
    }
}
