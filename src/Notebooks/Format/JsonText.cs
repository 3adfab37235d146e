using System.Buffers;
using System.Globalization;
using System.Text;

namespace Squero.Notebooks;

/// <summary>Turns JSON strings, and the lists of strings that notebooks write for long text, into text.</summary>
internal static class JsonText
{
    /// <summary>The text of a string, or of a list of strings joined. Other values give their JSON as it stands.</summary>
    public static string Read(ReadOnlySpan<byte> json, JsonSlice value)
    {
        if (!value.IsPresent)
        {
            return "";
        }

        return json[value.Start] switch
        {
            (byte)'"' => ReadString(json, value),
            (byte)'[' => ReadList(json, value),
            (byte)'n' => "",
            _ => Encoding.UTF8.GetString(value.Of(json)),
        };
    }

    /// <summary>The same text into a buffer, which must be as long as the value: how many characters.</summary>
    public static int Read(ReadOnlySpan<byte> json, JsonSlice value, Span<char> to) => !value.IsPresent ? 0 : json[value.Start] switch
    {
        (byte)'"' => Unescape(Inner(json, value), to),
        (byte)'[' => ReadList(json, value, to),
        (byte)'n' => 0,
        _ => Encoding.UTF8.GetChars(value.Of(json), to),
    };

    /// <summary>A traceback: its list items are lines without line feeds.</summary>
    public static string ReadTrace(ReadOnlySpan<byte> json, JsonSlice value)
    {
        if (!value.IsPresent || json[value.Start] != '[')
        {
            return Read(json, value);
        }

        var items = new List<string>();
        var walker = new JsonWalker(json[..value.End], value.Start);
        walker.Enter((byte)'[');
        while (walker.NextItem())
        {
            items.Add(Read(json, walker.Value()));
        }

        return string.Join('\n', items);
    }

    /// <summary>Where in the file each line of the text begins: the byte of the list item (or string) it came from.</summary>
    public static List<int> LineOffsets(ReadOnlySpan<byte> json, JsonSlice value)
    {
        var offsets = new List<int>();
        if (!value.IsPresent)
        {
            return offsets;
        }

        var atLineStart = true;
        var walker = new JsonWalker(json[..value.End], value.Start);
        if (walker.Enter((byte)'['))
        {
            while (walker.NextItem())
            {
                AddLines(json, walker.Value(), offsets, ref atLineStart);
            }
        }
        else
        {
            AddLines(json, value, offsets, ref atLineStart);
        }

        if (atLineStart)
        {
            offsets.Add(Math.Max(value.Start, value.End - 1));
        }

        return offsets;
    }

    public static string ReadString(ReadOnlySpan<byte> json, JsonSlice value)
    {
        var inner = Inner(json, value);
        if (inner.IndexOf((byte)'\\') < 0)
        {
            return Encoding.UTF8.GetString(inner);
        }

        var room = ArrayPool<char>.Shared.Rent(inner.Length);
        try
        {
            return new string(room, 0, Unescape(inner, room));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(room);
        }
    }

    private static string ReadList(ReadOnlySpan<byte> json, JsonSlice value)
    {
        var room = ArrayPool<char>.Shared.Rent(value.Length);
        try
        {
            return new string(room, 0, ReadList(json, value, room));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(room);
        }
    }

    private static int ReadList(ReadOnlySpan<byte> json, JsonSlice value, Span<char> to)
    {
        var length = 0;
        var walker = new JsonWalker(json[..value.End], value.Start);
        walker.Enter((byte)'[');
        while (walker.NextItem())
        {
            var item = walker.Value();
            if (item.IsPresent && json[item.Start] == '"')
            {
                length += Unescape(Inner(json, item), to[length..]);
            }
        }

        return length;
    }

    private static ReadOnlySpan<byte> Inner(ReadOnlySpan<byte> json, JsonSlice value)
    {
        var raw = value.Of(json);
        var closed = raw.Length > 1 && raw[^1] == '"';
        return closed ? raw[1..^1] : raw[1..];
    }

    /// <summary>Never longer in characters than the escaped bytes.</summary>
    private static int Unescape(ReadOnlySpan<byte> text, Span<char> to)
    {
        var length = 0;
        while (!text.IsEmpty)
        {
            var plain = text.IndexOf((byte)'\\');
            if (plain < 0 || plain + 1 >= text.Length)
            {
                return length + Encoding.UTF8.GetChars(plain < 0 ? text : text[..plain], to[length..]);
            }

            length += Encoding.UTF8.GetChars(text[..plain], to[length..]);
            to[length++] = Escaped(text[plain..], out var used);
            text = text[(plain + used)..];
        }

        return length;
    }

    private static char Escaped(ReadOnlySpan<byte> text, out int used)
    {
        used = 2;
        switch (text[1])
        {
            case (byte)'n': return '\n';
            case (byte)'t': return '\t';
            case (byte)'r': return '\r';
            case (byte)'b': return '\b';
            case (byte)'f': return '\f';
            case (byte)'u':
                if (text.Length >= 6 && ushort.TryParse(text[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
                {
                    used = 6;
                    return (char)code;
                }

                return '\uFFFD';
            default: return text[1] < 0x80 ? (char)text[1] : '\uFFFD';
        }
    }

    private static void AddLines(ReadOnlySpan<byte> json, JsonSlice item, List<int> offsets, ref bool atLineStart)
    {
        if (!item.IsPresent || json[item.Start] != '"')
        {
            return;
        }

        var text = ReadString(json, item);
        if (text.Length == 0)
        {
            return;
        }

        if (atLineStart)
        {
            offsets.Add(item.Start);
        }

        // A line that begins inside an item has no better place than the item itself.
        var breaks = text.AsSpan().Count('\n');
        atLineStart = text[^1] == '\n';
        for (var i = 0; i < (atLineStart ? breaks - 1 : breaks); i++)
        {
            offsets.Add(item.Start);
        }
    }
}
