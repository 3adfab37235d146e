using System.Buffers;
using System.Text;

namespace Squero.Notebooks;

/// <summary>Writes JSON lists in the layout of a file.</summary>
internal static class ListText
{
    /// <param name="items">JSON values.</param>
    /// <param name="style">The layout.</param>
    /// <param name="indent">The indentation of the line on which the list begins.</param>
    public static byte[] Write(IReadOnlyList<ReadOnlyMemory<byte>> items, JsonStyle style, string indent)
    {
        if (items.Count == 0)
        {
            return "[]"u8.ToArray();
        }

        var to = new ArrayBufferWriter<byte>(items.Sum(item => item.Length + 16));
        var lead = Encoding.ASCII.GetBytes(style.Break(indent + style.Indent));
        to.Write("["u8);
        for (var i = 0; i < items.Count; i++)
        {
            to.Write(i == 0 ? [] : Encoding.ASCII.GetBytes(style.Comma));
            to.Write(lead);
            to.Write(items[i].Span);
        }

        to.Write(Encoding.ASCII.GetBytes(style.Break(indent)));
        to.Write("]"u8);
        return to.WrittenSpan.ToArray();
    }

    /// <summary>A source as Jupyter writes it: one text a line, each with its line feed.</summary>
    public static byte[] Source(IReadOnlyList<string> lines, JsonStyle style, string indent)
    {
        var items = new List<ReadOnlyMemory<byte>>(lines.Count);
        for (var i = 0; i < lines.Count; i++)
        {
            var line = i < lines.Count - 1 ? lines[i] + "\n" : lines[i];
            if (line.Length > 0)
            {
                items.Add(style.Escapes.Quote(line));
            }
        }

        return Write(items, style, indent);
    }
}
