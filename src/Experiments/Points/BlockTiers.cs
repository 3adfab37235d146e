namespace Squero.Experiments;

/// <summary>
/// Which blocks at the end of a series are written anew together with what was added. Blocks double in size as in a binary
/// counter, so that a point is rewritten at most a dozen times however small the pieces are in which it arrives, and a
/// series has a handful of small blocks beside its full ones.
/// </summary>
internal static class BlockTiers
{
    /// <param name="counts">Points of each block, oldest first.</param>
    /// <param name="added">New points.</param>
    /// <returns>How many of the newest blocks to merge.</returns>
    public static int Merged(IReadOnlyList<long> counts, long added)
    {
        var merged = 0;
        var total = added;
        while (merged < counts.Count && counts[^(merged + 1)] is var next && next < PointBlock.MaxPoints && next <= total)
        {
            total += next;
            merged++;
        }

        return merged;
    }
}
