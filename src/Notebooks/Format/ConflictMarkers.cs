namespace Squero.Notebooks;

/// <summary>
/// Somebody committed an unfinished merge. Blanking the markers and the second side in a copy of the same length
/// leaves a file that reads, with every line still where it was.
/// </summary>
internal static class ConflictMarkers
{
    public static (ReadOnlyMemory<byte> Bytes, bool Found) Blank(ReadOnlyMemory<byte> file)
    {
        var text = file.Span;
        if (!text.StartsWith("<<<<<<< "u8) && text.IndexOf("\n<<<<<<< "u8) < 0)
        {
            return (file, false);
        }

        var copy = file.ToArray();
        var dropping = false;
        for (var start = 0; start < copy.Length;)
        {
            var length = copy.AsSpan(start).IndexOf((byte)'\n');
            var line = length < 0 ? copy.AsSpan(start) : copy.AsSpan(start, length);
            var marker = line.StartsWith("<<<<<<< "u8) || line.StartsWith("||||||| "u8) || line.StartsWith("======="u8) || line.StartsWith(">>>>>>> "u8);
            dropping = marker ? line[0] is (byte)'=' or (byte)'|' : dropping;
            if (marker || dropping)
            {
                line.Fill((byte)' ');
            }

            start += line.Length + 1;
        }

        return (copy, true);
    }
}
