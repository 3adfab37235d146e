using System.Runtime.InteropServices;

namespace Squero.Notebooks;

/// <summary>Pairs cells of the same kind and text: what occurs once wherever it stands, the rest by its place.</summary>
internal static class SameContent
{
    /// <summary>Shorter text that occurs more than once (an empty cell, plt.show()) is known by its place alone.</summary>
    private const int Telling = 24;

    public static void Pair(CellPairs pairs)
    {
        PairEnds(pairs);
        PairUnique(pairs);
        SpreadFrom(pairs, pairs.InOrder());
        PairInPlace(pairs);
        SpreadFrom(pairs, Known(pairs));
        PairAnywhere(pairs);
    }

    /// <summary>Where each content stands among the cells that are free, and how often.</summary>
    public static Dictionary<ulong, (int Seat, int Times)> Seats(IReadOnlyList<Cell> cells, int[] taken)
    {
        var seats = new Dictionary<ulong, (int Seat, int Times)>();
        foreach (var cell in cells)
        {
            if (taken[cell.Index] < 0)
            {
                ref var seat = ref CollectionsMarshal.GetValueRefOrAddDefault(seats, cell.ContentPrint, out _);
                seat = (cell.Index, seat.Times + 1);
            }
        }

        return seats;
    }

    private static void PairEnds(CellPairs pairs)
    {
        var shorter = Math.Min(pairs.Before.Count, pairs.After.Count);
        PairRun(pairs, 0, 0, 1, shorter);
        PairRun(pairs, pairs.Before.Count - 1, pairs.After.Count - 1, -1, shorter);
    }

    // A run of nothing but empty cells is no evidence.
    private static void PairRun(CellPairs pairs, int i, int j, int step, int most)
    {
        var length = 0;
        var telling = false;
        for (; length < most && !pairs.AreDone && Fits(pairs, i + (length * step), j + (length * step)); length++)
        {
            telling = telling || pairs.Before[i + (length * step)].HasSource;
        }

        for (var at = 0; telling && at < length; at++)
        {
            pairs.Join(i + (at * step), j + (at * step));
        }
    }

    // Pairs that ids made are passed over; other ones must be free.
    private static bool Fits(CellPairs pairs, int i, int j) => pairs.NewOf[i] == j || pairs.AreFree(i, j) && pairs.AreSame(i, j);

    private static void PairUnique(CellPairs pairs)
    {
        if (pairs.AreDone)
        {
            return;
        }

        var old = Seats(pairs.Before, pairs.NewOf);
        foreach (var (content, seat) in Seats(pairs.After, pairs.OldOf))
        {
            if (seat.Times == 1 && old.TryGetValue(content, out var other) && other.Times == 1 && pairs.After[seat.Seat].HasSource)
            {
                pairs.Join(other.Seat, seat.Seat);
            }
        }
    }

    private static List<int> Known(CellPairs pairs)
    {
        var known = new List<int>(pairs.After.Count);
        for (var j = 0; j < pairs.After.Count; j++)
        {
            if (pairs.OldOf[j] >= 0)
            {
                known.Add(j);
            }
        }

        return known;
    }

    private static void SpreadFrom(CellPairs pairs, List<int> known)
    {
        if (pairs.AreDone)
        {
            return;
        }

        foreach (var j in known)
        {
            Spread(pairs, pairs.OldOf[j], j, 1);
        }

        for (var at = known.Count - 1; at >= 0; at--)
        {
            Spread(pairs, pairs.OldOf[known[at]], known[at], -1);
        }
    }

    private static void Spread(CellPairs pairs, int i, int j, int step)
    {
        for (i += step, j += step; i >= 0 && j >= 0 && i < pairs.Before.Count && j < pairs.After.Count; i += step, j += step)
        {
            if (!pairs.AreFree(i, j) || !pairs.AreSame(i, j))
            {
                return;
            }

            pairs.Join(i, j);
        }
    }

    /// <summary>Between the same known pairs, in the order in which they stand.</summary>
    private static void PairInPlace(CellPairs pairs)
    {
        foreach (var (old, now) in pairs.AreDone ? [] : new CellGaps(pairs).Free)
        {
            if (old.Count > 0 && now.Count > 0)
            {
                PairQueued(pairs, old, now);
            }
        }
    }

    private static void PairAnywhere(CellPairs pairs)
    {
        if (!pairs.AreDone)
        {
            PairQueued(pairs, Long(pairs.Before, pairs.NewOf), Long(pairs.After, pairs.OldOf));
        }
    }

    private static List<int> Long(IReadOnlyList<Cell> cells, int[] taken) =>
        [.. cells.Where(cell => taken[cell.Index] < 0 && cell.Source.Length >= Telling).Select(cell => cell.Index)];

    private static void PairQueued(CellPairs pairs, List<int> old, List<int> now)
    {
        var free = new Dictionary<ulong, Queue<int>>();
        foreach (var i in old)
        {
            ref var queue = ref CollectionsMarshal.GetValueRefOrAddDefault(free, pairs.Before[i].ContentPrint, out _);
            (queue ??= new Queue<int>()).Enqueue(i);
        }

        foreach (var j in now)
        {
            if (free.TryGetValue(pairs.After[j].ContentPrint, out var queue) && queue.TryDequeue(out var i))
            {
                pairs.Join(i, j);
            }
        }
    }
}
