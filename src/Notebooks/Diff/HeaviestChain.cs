namespace Squero.Notebooks;

/// <summary>A possible pair of cells and how much speaks for it.</summary>
internal readonly record struct CellMatch(double Score, int Old, int New);

/// <summary>Of possible pairs those that together weigh most and do not cross. n log n.</summary>
internal static class HeaviestChain
{
    public static List<CellMatch> Of(List<CellMatch> matches)
    {
        // Within one old cell the later new ones come first, so that no chain takes both.
        matches.Sort((a, b) => a.Old != b.Old ? a.Old - b.Old : b.New - a.New);
        var size = matches.Count == 0 ? 0 : matches.Max(match => match.New) + 1;
        var best = new (double Weight, int Last)[size + 1];
        Array.Fill(best, (0, -1));
        var weights = new double[matches.Count];
        var previous = new int[matches.Count];
        for (var at = 0; at < matches.Count; at++)
        {
            var (weight, last) = Prefix(best, matches[at].New);
            weights[at] = weight + matches[at].Score;
            previous[at] = last;
            Raise(best, matches[at].New + 1, (weights[at], at));
        }

        var chain = new List<CellMatch>();
        for (var at = Prefix(best, size).Last; at >= 0; at = previous[at])
        {
            chain.Add(matches[at]);
        }

        return chain;
    }

    // A Fenwick tree of maxima over the new cells.
    private static (double Weight, int Last) Prefix((double Weight, int Last)[] best, int end)
    {
        var most = (Weight: 0.0, Last: -1);
        for (var at = end; at > 0; at -= at & -at)
        {
            most = best[at].Weight > most.Weight ? best[at] : most;
        }

        return most;
    }

    private static void Raise((double Weight, int Last)[] best, int at, (double Weight, int Last) value)
    {
        for (; at < best.Length; at += at & -at)
        {
            best[at] = value.Weight > best[at].Weight ? value : best[at];
        }
    }
}
