using System.Text;
using Squero.Kernel;

namespace Squero.MergeRequests;

/// <summary>Lines of a file (from 1, both meant) that give way to others.</summary>
internal sealed record TextLines(int First, int Last, IReadOnlyList<string> Lines);

/// <summary>Replaces lines in the bytes of a text file. The rest stays byte for byte: line ends, encoding, a missing last line end.</summary>
internal static class TextFileEdit
{
    /// <summary>Refuses edits that overlap or reach beyond the file.</summary>
    public static byte[] Apply(byte[] file, IReadOnlyList<TextLines> edits)
    {
        var ends = Ends(file);
        var result = new MemoryStream(file.Length + 256);
        var (at, last) = (0, 0);
        foreach (var edit in edits.OrderBy(edit => edit.First))
        {
            if (edit.First <= last)
            {
                throw Refusal.Invalid($"Two suggestions change line {edit.First}; apply one of them, then look again.");
            }

            if (edit.First < 1 || edit.Last < edit.First || edit.Last > ends.Count)
            {
                throw Refusal.Invalid($"The file has {ends.Count} lines, so lines {edit.First} to {edit.Last} cannot be replaced.");
            }

            var start = edit.First == 1 ? 0 : ends[edit.First - 2];
            var end = ends[edit.Last - 1];
            result.Write(file.AsSpan(at, start - at));
            result.Write(Replacement(file, edit, start, end));
            (at, last) = (end, edit.Last);
        }

        result.Write(file.AsSpan(at));
        return result.ToArray();
    }

    /// <summary>Where each line ends, its line feed included.</summary>
    private static List<int> Ends(byte[] file)
    {
        var ends = new List<int>();
        for (var at = 0; at < file.Length;)
        {
            var step = file.AsSpan(at).IndexOf((byte)'\n');
            ends.Add(at = step < 0 ? file.Length : at + step + 1);
        }

        return ends;
    }

    private static byte[] Replacement(byte[] file, TextLines edit, int start, int end)
    {
        var old = file.AsSpan(start, end - start);
        var feed = old.IndexOf((byte)'\n');
        var usesReturns = feed > 0 ? old[feed - 1] == '\r' : start > 1 && file[start - 2] == '\r';
        var lineEnd = usesReturns ? "\r\n" : "\n";
        var text = string.Join(lineEnd, edit.Lines);
        return Encoding.UTF8.GetBytes(edit.Lines.Count > 0 && old.EndsWith("\n"u8) ? text + lineEnd : text);
    }
}
