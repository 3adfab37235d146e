using System.Text;

namespace Squero.Notebooks;

/// <summary>The differing lines of files that are no notebooks.</summary>
internal static class RawLines
{
    public static string Write(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after)
    {
        var (old, now) = (Lines(before), Lines(after));
        var text = new StringBuilder();
        foreach (var hunk in LineDiff.Between(old, now))
        {
            text.Append($"@@ -{hunk.Before + 1},{hunk.RemovedCount} +{hunk.After + 1},{hunk.AddedCount} @@\n");
            for (var i = 0; i < hunk.RemovedCount; i++)
            {
                text.Append("- ").Append(old[hunk.Before + i]).Append('\n');
            }

            for (var i = 0; i < hunk.AddedCount; i++)
            {
                text.Append("+ ").Append(now[hunk.After + i]).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string[] Lines(ReadOnlyMemory<byte> file) => file.IsEmpty ? [] : Encoding.UTF8.GetString(file.Span).TrimEnd('\n').Split('\n');
}
