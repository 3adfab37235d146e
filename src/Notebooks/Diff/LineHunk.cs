namespace Squero.Notebooks;

/// <summary>
/// One place where two texts differ: RemovedCount lines from line Before on (counted from 0) gave way to AddedCount
/// lines from line After on. Between hunks the lines are the same.
/// </summary>
public readonly record struct LineHunk(int Before, int RemovedCount, int After, int AddedCount)
{
    /// <summary>Where an old line stands after all hunks (both from 0); null when it is gone.</summary>
    internal static int? NewLineOf(IReadOnlyList<LineHunk> hunks, int oldLine)
    {
        var shift = 0;
        foreach (var hunk in hunks)
        {
            if (oldLine < hunk.Before)
            {
                break;
            }

            if (oldLine < hunk.Before + hunk.RemovedCount)
            {
                return null;
            }

            shift = hunk.After + hunk.AddedCount - hunk.Before - hunk.RemovedCount;
        }

        return oldLine + shift;
    }
}
