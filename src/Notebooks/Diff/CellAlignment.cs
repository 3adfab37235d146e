using System.Runtime.InteropServices;

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
            SameBytes.Pair(pairs);
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
        var old = UniqueIds(pairs.Before, pairs.NewOf);
        var changed = new List<(int I, int J)>();
        foreach (var (id, j) in pairs.AreDone ? [] : UniqueIds(pairs.After, pairs.OldOf))
        {
            if (j < 0 || !old.TryGetValue(id, out var i) || i < 0)
            {
                continue;
            }

            if (pairs.AreSame(i, j))
            {
                pairs.Join(i, j);
            }
            else
            {
                changed.Add((i, j));
            }
        }

        PairChanged(pairs, changed);
    }

    /// <summary>Ids that name other content than before (numbered anew by a tool) are worse than none.</summary>
    private static void PairChanged(CellPairs pairs, List<(int I, int J)> changed)
    {
        if (changed.Count == 0)
        {
            return;
        }

        var same = pairs.Before.Count - pairs.FreeOld;
        var seats = SameContent.Seats(pairs.Before, pairs.NewOf);
        var plausible = changed.FindAll(pair => !IsOdd(pairs, pair.I, pair.J, seats));
        if ((changed.Count - plausible.Count) * 3 <= same + changed.Count)
        {
            plausible.ForEach(pair => pairs.Join(pair.I, pair.J));
        }
    }

    /// <summary>The content that the id names now stands elsewhere on the old side.</summary>
    private static bool IsOdd(CellPairs pairs, int i, int j, Dictionary<ulong, (int Seat, int Times)> seats)
    {
        var now = pairs.After[j];
        return now.Source.Length > 8 && seats.TryGetValue(now.ContentPrint, out var seat) && seat.Times == 1 && seat.Seat != i;
    }

    /// <summary>Where each id stands among the cells that are free; -1 when it is there more than once.</summary>
    private static Dictionary<ulong, int> UniqueIds(IReadOnlyList<Cell> cells, int[] taken)
    {
        var seats = new Dictionary<ulong, int>();
        foreach (var cell in cells)
        {
            if (taken[cell.Index] < 0 && cell.IdSlice.IsPresent)
            {
                ref var seat = ref CollectionsMarshal.GetValueRefOrAddDefault(seats, (ulong)JsonMeaning.Fingerprint(cell.IdSlice.Of(cell.Json)), out var known);
                seat = known ? -1 : cell.Index;
            }
        }

        return seats;
    }

    /// <summary>Cells of one kind that are left over in the same place, as many on both sides, are rewrites of each other.</summary>
    private static void PairWhatIsLeft(CellPairs pairs)
    {
        foreach (var (old, now) in pairs.AreDone ? [] : new CellGaps(pairs).Free)
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
        if (pairs is not { FreeOld: 1, FreeNew: 1 })
        {
            return;
        }

        var (i, j) = (Array.FindIndex(pairs.NewOf, place => place < 0), Array.FindIndex(pairs.OldOf, place => place < 0));
        if (pairs.Before[i].Kind == pairs.After[j].Kind && new CellGaps(pairs).Distance(i, j) <= 1)
        {
            pairs.Join(i, j);
        }
    }
}
