namespace Squero.Experiments;

/// <summary>
/// Fewer points for a chart, without losing a peak: the series is cut into buckets of equal count, and of each bucket the
/// lowest, the highest and any gap (NaN, an infinity) are kept; the first and the last point always stay.
/// </summary>
public static class Downsample
{
    private const int KeptPerBucket = 3;

    /// <summary>Indices of the points to keep, ascending; all of them when there are at most <paramref name="limit"/>.</summary>
    public static IReadOnlyList<int> Indices(IReadOnlyList<double> values, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, KeptPerBucket + 2);
        if (values.Count <= limit)
        {
            return [.. Enumerable.Range(0, values.Count)];
        }

        var buckets = (limit - 2) / KeptPerBucket;
        var inner = values.Count - 2;
        var kept = new List<int>(limit) { 0 };
        for (var bucket = 0; bucket < buckets; bucket++)
        {
            var from = 1 + (int)((long)inner * bucket / buckets);
            var to = 1 + (int)((long)inner * (bucket + 1) / buckets);
            Keep(values, from, to, kept);
        }

        kept.Add(values.Count - 1);
        return kept;
    }

    private static void Keep(IReadOnlyList<double> values, int from, int to, List<int> kept)
    {
        int least = -1, greatest = -1, gap = -1;
        for (var index = from; index < to; index++)
        {
            var value = values[index];
            if (!double.IsFinite(value))
            {
                gap = gap < 0 ? index : gap;
                continue;
            }

            least = least < 0 || value < values[least] ? index : least;
            greatest = greatest < 0 || value > values[greatest] ? index : greatest;
        }

        Span<int> found = [least, greatest, gap];
        found.Sort();
        var last = -1;
        foreach (var index in found)
        {
            if (index >= 0 && index != last)
            {
                kept.Add(index);
                last = index;
            }
        }
    }
}
