using System.Buffers;
using System.Text;

namespace Squero.Notebooks;

/// <summary>Count lines from First on (counted from 0) give way to Lines.</summary>
internal readonly record struct LinesReplaced(int First, int Count, IReadOnlyList<string> Lines);

/// <summary>Some characters of a text give way to others.</summary>
internal readonly record struct TextSpan(int Start, int End, string Text);

/// <summary>Rewrites the source value of a cell where lines change and keeps the bytes of all other lines.</summary>
internal static class SourceWriter
{
    /// <summary>Whether the value in the file says what the cell's source says: headings of nbformat 3, for one, do not.</summary>
    public static bool CanRewrite(ReadOnlySpan<byte> json, Cell cell)
    {
        var value = cell.SourceSlice;
        if (!value.IsPresent || json[value.Start] is not ((byte)'"' or (byte)'['))
        {
            return false;
        }

        return (json[value.Start] == '"' || HoldsTextsOnly(json, value)) && JsonText.Read(json, value) == cell.Source;
    }

    /// <summary>The new value. Replacements come in order and do not overlap.</summary>
    public static byte[] Rewrite(ReadOnlySpan<byte> json, Cell cell, IReadOnlyList<LinesReplaced> replaced, JsonStyle style)
    {
        var spans = Spans(cell.Lines, replaced);
        var value = cell.SourceSlice;
        return json[value.Start] == '"' ? InString(json, value, spans, style) : new SourceList(json, value, style).Rewrite(spans);
    }

    /// <summary>A string with some of its characters replaced; the escapes of the others stay as they are.</summary>
    public static byte[] InString(ReadOnlySpan<byte> json, JsonSlice value, IReadOnlyList<TextSpan> spans, JsonStyle style)
    {
        var to = new ArrayBufferWriter<byte>(value.Length + 16);
        var literal = new StringPlaces(json, value);
        var at = value.Start;
        foreach (var span in spans)
        {
            to.Write(json[at..literal.OffsetOf(span.Start)]);
            to.Write(style.Escapes.Inner(span.Text));
            at = literal.OffsetOf(span.End);
        }

        to.Write(json[at..value.End]);
        return to.WrittenSpan.ToArray();
    }

    internal static string Replace(ReadOnlySpan<char> text, IEnumerable<TextSpan> spans, int shift)
    {
        var to = new StringBuilder(text.Length + 16);
        var at = 0;
        foreach (var span in spans)
        {
            to.Append(text[at..(span.Start - shift)]).Append(span.Text);
            at = span.End - shift;
        }

        return to.Append(text[at..]).ToString();
    }

    private static List<TextSpan> Spans(IReadOnlyList<string> lines, IReadOnlyList<LinesReplaced> replaced)
    {
        var starts = new int[lines.Count + 1];
        for (var i = 0; i < lines.Count; i++)
        {
            starts[i + 1] = starts[i] + lines[i].Length + 1;
        }

        return [.. Joined(replaced).Select(one => Span(one, starts))];
    }

    // Neighbours become one, because taking away the last line also takes the line feed before it.
    private static List<LinesReplaced> Joined(IReadOnlyList<LinesReplaced> replaced)
    {
        var joined = new List<LinesReplaced>(replaced.Count);
        foreach (var next in replaced.Where(one => one.Count > 0 || one.Lines.Count > 0))
        {
            if (joined.Count > 0 && joined[^1] is var last && last.First + last.Count == next.First)
            {
                joined[^1] = new LinesReplaced(last.First, last.Count + next.Count, [.. last.Lines, .. next.Lines]);
            }
            else
            {
                joined.Add(next);
            }
        }

        return joined;
    }

    private static TextSpan Span(LinesReplaced one, int[] starts)
    {
        var count = starts.Length - 1;
        var (start, end) = (starts[one.First], starts[one.First + one.Count]);
        var text = string.Join('\n', one.Lines);
        var toEnd = one.First + one.Count == count;
        if (one.Count > 0 && one.Lines.Count > 0)
        {
            return new TextSpan(start, end - 1, text);
        }

        if (!toEnd)
        {
            return new TextSpan(start, end, one.Lines.Count > 0 ? text + "\n" : "");
        }

        // The last line has no line feed of its own: it shares the one before it.
        var length = Math.Max(0, starts[count] - 1);
        return one.First == 0 ? new TextSpan(0, length, text) : new TextSpan(start - 1, length, one.Lines.Count > 0 ? "\n" + text : "");
    }

    private static bool HoldsTextsOnly(ReadOnlySpan<byte> json, JsonSlice value)
    {
        var walker = new JsonWalker(json[..value.End], value.Start);
        walker.Enter((byte)'[');
        while (walker.NextItem())
        {
            if (!walker.IsAt((byte)'"'))
            {
                return false;
            }

            walker.Value();
        }

        return !walker.IsBroken;
    }
}
