namespace Squero.Notebooks;

/// <summary>
/// Cuts a file into pieces that two versions may share: lines, or, in a file without lines, what stands between the
/// commas before strings.
/// </summary>
internal readonly struct FileUnits(bool hasLines)
{
    /// <summary>A file whose first line is longer than this has none to speak of.</summary>
    private const int LongestFirstLine = 4_096;

    public static FileUnits For(ReadOnlySpan<byte> file) =>
        new(file[..Math.Min(file.Length, LongestFirstLine)].IndexOf((byte)'\n') is >= 0 and var at && at < file.Length - 1);

    /// <summary>Where each piece of the stretch begins, and at last the end of the stretch.</summary>
    public List<int> Cut(ReadOnlySpan<byte> file, int start, int end)
    {
        var starts = new List<int>();
        while (start < end)
        {
            starts.Add(start);
            var step = hasLines ? file[start..end].IndexOf((byte)'\n') : file[start..end].IndexOf(",\""u8);
            start = step < 0 ? end : start + step + 1;
        }

        starts.Add(end);
        return starts;
    }
}
