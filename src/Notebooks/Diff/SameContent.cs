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
        SpreadFrom(pairs, Enumerable.Range(0, pairs.After.Count).Where(j => pairs.OldOf[j] >= 0).ToList());
        PairAnywhere(pairs);
    }

    /// <summary>Where each content stands among the cells that are free, and how often.</summary>
    public static Dictionary<(CellKind Kind, string Source), (int Seat, int Times)> Seats(IReadOnlyList<Cell> cells, int[]? taken = null)
    {
        var seats = new Dictionary<(CellKind, string), (int Seat, int Times)>(cells.Count);
        foreach (var cell in cells)
        {
            if (taken is null || taken[cell.Index] < 0)
            {
                ref var seat = ref CollectionsMarshal.GetValueRefOrAddDefault(seats, (cell.Kind, cell.Source), out _);
                seat = (cell.Index, seat.Times + 1);
            }
        }

        return seats;
    }

    private static void PairEnds(CellPairs pairs)
    {
        var shorter = Math.Min(pairs.Before.Count, pairs.After.Count);
        PairRun(pairs, Enumerable.Range(0, shorter).Select(at => (at, at)));
        PairRun(pairs, Enumerable.Range(1, shorter).Select(back => (pairs.Before.Count - back, pairs.After.Count - back)));
    }

    // A run of nothing but empty cells is no evidence.
    private static void PairRun(CellPairs pairs, IEnumerable<(int I, int J)> places)
    {
        var run = places.TakeWhile(place => Fits(pairs, place.I, place.J)).ToList();
        if (run.Exists(place => pairs.Before[place.I].Source.Length > 0))
        {
            run.ForEach(place => pairs.Join(place.I, place.J));
        }
    }

    // Pairs that ids made are passed over; other ones must be free.
    private static bool Fits(CellPairs pairs, int i, int j) => pairs.NewOf[i] == j || pairs.AreFree(i, j) && pairs.AreSame(i, j);

    private static void PairUnique(CellPairs pairs)
    {
        var old = Seats(pairs.Before, pairs.NewOf);
        foreach (var (content, seat) in Seats(pairs.After, pairs.OldOf))
        {
            if (seat.Times == 1 && content.Source.Length > 0 && old.TryGetValue(content, out var other) && other.Times == 1)
            {
                pairs.Join(other.Seat, seat.Seat);
            }
        }
    }

    private static void SpreadFrom(CellPairs pairs, List<int> known)
    {
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
        foreach (var (old, now) in new CellGaps(pairs).Free)
        {
            if (old.Count > 0 && now.Count > 0)
            {
                PairQueued(pairs, old, now);
            }
        }
    }

    private static void PairAnywhere(CellPairs pairs) => PairQueued(
        pairs,
        pairs.Before.Where(cell => pairs.NewOf[cell.Index] < 0 && cell.Source.Length >= Telling).Select(cell => cell.Index),
        pairs.After.Where(cell => pairs.OldOf[cell.Index] < 0 && cell.Source.Length >= Telling).Select(cell => cell.Index));

    private static void PairQueued(CellPairs pairs, IEnumerable<int> old, IEnumerable<int> now)
    {
        var free = new Dictionary<(CellKind, string), Queue<int>>();
        foreach (var i in old)
        {
            ref var queue = ref CollectionsMarshal.GetValueRefOrAddDefault(free, (pairs.Before[i].Kind, pairs.Before[i].Source), out _);
            (queue ??= new Queue<int>()).Enqueue(i);
        }

        foreach (var j in now)
        {
            if (free.TryGetValue((pairs.After[j].Kind, pairs.After[j].Source), out var queue) && queue.TryDequeue(out var i))
            {
                pairs.Join(i, j);
            }
        }
    }
}
