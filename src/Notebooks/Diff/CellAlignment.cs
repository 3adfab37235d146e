namespace Squero.Notebooks;

/// <summary>
/// Decides which new cell is which old one. Evidence in falling order: the same id, the same content, content that is
/// much alike and stands in the same place or close by, and at last the only place left between known pairs.
/// </summary>
internal static class CellAlignment
{
    /// <summary>For every new cell the index of its old self, or -1.</summary>
    public static int[] Between(IReadOnlyList<Cell> before, IReadOnlyList<Cell> after, bool ignoreIds)
    {
        var pairs = new CellPairs(before, after);
        if (!ignoreIds)
        {
            PairByIds(pairs);
        }

        SameContent.Pair(pairs);
        CellLikeness.Pair(pairs);
        PairWhatIsLeft(pairs);
        PairTheLastOne(pairs);
        return pairs.OldOf;
    }

    private static void PairByIds(CellPairs pairs)
    {
        var old = UniqueIds(pairs.Before);
        var seats = SameContent.Seats(pairs.Before);
        var named = new List<(int I, int J)>();
        var odd = 0;
        foreach (var (id, j) in UniqueIds(pairs.After))
        {
            if (old.TryGetValue(id, out var i))
            {
                named.Add((i, j));
                odd += IsOdd(pairs, i, j, seats) ? 1 : 0;
            }
        }

        // Ids that name other content than before (numbered anew by a tool) are worse than none.
        var trusted = odd * 3 <= named.Count;
        foreach (var (i, j) in named)
        {
            if (trusted && !IsOdd(pairs, i, j, seats) || pairs.AreSame(i, j))
            {
                pairs.Join(i, j);
            }
        }
    }

    /// <summary>The same id, yet another content, and that content stands elsewhere on the old side.</summary>
    private static bool IsOdd(CellPairs pairs, int i, int j, Dictionary<(CellKind, string), (int Seat, int Times)> seats)
    {
        var now = pairs.After[j];
        return !pairs.AreSame(i, j) && now.Source.Length > 8
            && seats.TryGetValue((now.Kind, now.Source), out var seat) && seat.Times == 1 && seat.Seat != i;
    }

    private static Dictionary<string, int> UniqueIds(IReadOnlyList<Cell> cells)
    {
        var seats = new Dictionary<string, int>(cells.Count, StringComparer.Ordinal);
        var doubled = new HashSet<string>(StringComparer.Ordinal);
        foreach (var cell in cells)
        {
            if (cell.Id is { } id && !seats.TryAdd(id, cell.Index))
            {
                doubled.Add(id);
            }
        }

        foreach (var id in doubled)
        {
            seats.Remove(id);
        }

        return seats;
    }

    /// <summary>Cells of one kind that are left over in the same place, as many on both sides, are rewrites of each other.</summary>
    private static void PairWhatIsLeft(CellPairs pairs)
    {
        foreach (var (old, now) in new CellGaps(pairs).Free)
        {
            if (old.Count == now.Count && old.Zip(now).All(pair => pairs.Before[pair.First].Kind == pairs.After[pair.Second].Kind))
            {
                old.Zip(now).ToList().ForEach(pair => pairs.Join(pair.First, pair.Second));
            }
        }
    }

    /// <summary>One cell of one kind left on either side, with at most one cell between their places: two neighbours changed seats.</summary>
    private static void PairTheLastOne(CellPairs pairs)
    {
        var (old, now) = (Array.FindAll(Range(pairs.NewOf), i => pairs.NewOf[i] < 0), Array.FindAll(Range(pairs.OldOf), j => pairs.OldOf[j] < 0));
        if (old is [var i] && now is [var j] && pairs.Before[i].Kind == pairs.After[j].Kind && new CellGaps(pairs).Distance(i, j) <= 1)
        {
            pairs.Join(i, j);
        }
    }

    private static int[] Range(int[] cells) => [.. Enumerable.Range(0, cells.Length)];
}
