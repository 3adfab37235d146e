namespace Squero.Notebooks;

/// <summary>
/// Pairs the cells at both ends of which not a byte differs: in a typical change nearly all. What follows would pair them
/// as well, at the price of reading them.
/// </summary>
internal static class SameBytes
{
    public static void Pair(CellPairs pairs)
    {
        var shorter = Math.Min(pairs.Before.Count, pairs.After.Count);
        var head = Run(pairs, 0, 0, 1, shorter);
        Run(pairs, pairs.Before.Count - 1, pairs.After.Count - 1, -1, shorter - head);
    }

    // A run of nothing but empty cells without ids is no evidence.
    private static int Run(CellPairs pairs, int i, int j, int step, int most)
    {
        var length = 0;
        var telling = false;
        for (; length < most && pairs.Before[i + (length * step)] is var old && old.HasSameBytes(pairs.After[j + (length * step)]); length++)
        {
            telling = telling || old.IdSlice.IsPresent || old.HasSource;
        }

        for (var at = 0; telling && at < length; at++)
        {
            pairs.Join(i + (at * step), j + (at * step));
        }

        return length;
    }
}
