namespace Squero.Notebooks;

/// <summary>The longest increasing subsequence: what kept its order. Everything outside has moved.</summary>
internal static class IncreasingSequence
{
    /// <summary>Indexes into the values, in order. n log n.</summary>
    public static List<int> Longest(List<int> values)
    {
        var tails = new List<int>();
        var previous = new int[values.Count];
        for (var i = 0; i < values.Count; i++)
        {
            int low = 0, high = tails.Count;
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = values[tails[middle]] < values[i] ? (middle + 1, high) : (low, middle);
            }

            previous[i] = low > 0 ? tails[low - 1] : -1;
            if (low == tails.Count)
            {
                tails.Add(i);
            }
            else
            {
                tails[low] = i;
            }
        }

        var kept = new List<int>(tails.Count);
        for (var at = tails.Count > 0 ? tails[^1] : -1; at >= 0; at = previous[at])
        {
            kept.Add(at);
        }

        kept.Reverse();
        return kept;
    }
}
