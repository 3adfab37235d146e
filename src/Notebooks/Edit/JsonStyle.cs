using System.Text;

namespace Squero.Notebooks;

/// <summary>How a file is written: its indentation, its separators, and which characters it escapes.</summary>
internal sealed record JsonStyle(string NewLine, string Indent, string Colon, string Comma, JsonEscapes Escapes)
{
    /// <summary>Whether values stand on lines of their own; else Comma holds the space between them.</summary>
    public bool IsIndented => NewLine.Length > 0;

    public static JsonStyle Of(ReadOnlySpan<byte> json)
    {
        var escapes = JsonEscapes.Of(json);
        var walker = new JsonWalker(json, json.StartsWith("\uFEFF"u8) ? 3 : 0);
        var open = walker.Enter((byte)'{') ? walker.At : 0;
        if (open == 0 || !walker.NextKey(out var key))
        {
            return new JsonStyle("\n", " ", ": ", ",", escapes);
        }

        var value = walker.Value();
        var space = Encoding.ASCII.GetString(json[open..key.Start]);
        var colon = Encoding.ASCII.GetString(json[key.End..value.Start]);
        var line = space.LastIndexOf('\n');
        if (line >= 0)
        {
            return new JsonStyle(space.Contains('\r', StringComparison.Ordinal) ? "\r\n" : "\n", space[(line + 1)..], colon, ",", escapes);
        }

        var comma = walker.NextKey(out var second) ? Encoding.ASCII.GetString(json[value.End..second.Start]) : ", ";
        return new JsonStyle("", "", colon, comma, escapes);
    }

    /// <summary>White space before an item at a depth, or between a bracket and its first item.</summary>
    public string Break(string indent) => IsIndented ? NewLine + indent : "";

    /// <summary>The white space that the line of this byte begins with.</summary>
    public static string IndentAt(ReadOnlySpan<byte> json, int at)
    {
        var start = json[..at].LastIndexOf((byte)'\n') + 1;
        var length = json[start..at].IndexOfAnyExcept((byte)' ', (byte)'\t');
        return Encoding.ASCII.GetString(json.Slice(start, length < 0 ? at - start : length));
    }
}
