using System.Buffers;
using System.Text;

namespace Squero.Notebooks;

/// <summary>
/// Rewrites JSON in another layout. Strings, numbers and words stay as they are; white space between them and, if wanted,
/// the order of keys (by their bytes) and the form of texts change. Empty lists and objects are [] and {}.
/// </summary>
internal sealed class JsonRestyle
{
    private const int MaxDepth = 100;

    /// <summary>Up to here sorting in place is the quickest.</summary>
    private const int FewMembers = 32;

    private readonly PatchStyle _style;
    private readonly ArrayBufferWriter<byte> _to;
    private readonly byte[] _colon;
    private readonly byte[] _comma;
    private readonly byte[] _newLine;
    private readonly byte[] _indent;
    private bool _failed;

    private JsonRestyle(PatchStyle style, int size)
    {
        _style = style;
        _to = new ArrayBufferWriter<byte>(Math.Max(size, 256));
        _colon = Encoding.UTF8.GetBytes(style.Colon);
        _comma = Encoding.UTF8.GetBytes(style.Comma);
        _newLine = Encoding.UTF8.GetBytes(style.NewLine);
        _indent = Encoding.UTF8.GetBytes(style.NewLine.Length == 0 ? "" : style.Indent);
    }

    /// <summary>Null when the file is no whole JSON value, or nested too deep.</summary>
    public static byte[]? Rewrite(ReadOnlySpan<byte> file, PatchStyle style)
    {
        file = style.Letters is { } letters ? JsonLetters.Rewrite(file, letters) : file;
        var restyle = new JsonRestyle(style, file.Length + (file.Length / 8));
        var walker = new JsonWalker(file, file.StartsWith("\uFEFF"u8) ? 3 : 0);
        restyle.Value(file, ref walker, 0);
        return restyle._failed || walker.IsBroken ? null : restyle._to.WrittenSpan.ToArray();
    }

    private void Value(ReadOnlySpan<byte> file, ref JsonWalker walker, int depth)
    {
        if (walker.IsBroken || depth > MaxDepth)
        {
            _failed = true;
        }
        else if (walker.IsAt((byte)'['))
        {
            Items(file, ref walker, depth);
        }
        else if (!walker.IsAt((byte)'{'))
        {
            _to.Write(walker.Value().Of(file));
        }
        else if (_style.Sorted)
        {
            SortedMembers(file, ref walker, depth);
        }
        else
        {
            Members(file, ref walker, depth);
        }
    }

    private void Items(ReadOnlySpan<byte> file, ref JsonWalker walker, int depth)
    {
        walker.Enter((byte)'[');
        _to.Write("["u8);
        var count = 0;
        while (!_failed && walker.NextItem())
        {
            Separate(count++, depth + 1);
            Value(file, ref walker, depth + 1);
        }

        Close(count, depth, (byte)']');
    }

    private void Members(ReadOnlySpan<byte> file, ref JsonWalker walker, int depth)
    {
        walker.Enter((byte)'{');
        _to.Write("{"u8);
        var count = 0;
        while (!_failed && walker.NextKey(out var key))
        {
            Separate(count++, depth + 1);
            Member(file, key, ref walker, depth);
        }

        Close(count, depth, (byte)'}');
    }

    private void Member(ReadOnlySpan<byte> file, JsonSlice key, ref JsonWalker walker, int depth)
    {
        _to.Write(key.Of(file));
        _to.Write(_colon);
        if (_style.Texts is not { } form || !IsText(key.Of(file)) || !(walker.IsAt((byte)'[') || walker.IsAt((byte)'"')))
        {
            Value(file, ref walker, depth + 1);
            return;
        }

        var value = walker.Value();
        if (Joined(file, value) is not { } text)
        {
            _to.Write(value.Of(file));
        }
        else if (form == PatchStyle.Whole)
        {
            Quoted(text);
        }
        else
        {
            Lines(text, depth + 1, single: form == PatchStyle.Single);
        }
    }

    private static bool IsText(ReadOnlySpan<byte> key) =>
        key.SequenceEqual("\"source\""u8) || key.SequenceEqual("\"text\""u8) || key.StartsWith("\"text/"u8) || key.SequenceEqual("\"image/svg+xml\""u8);

    /// <summary>What stands between the quotes of a string, or of all strings of a list; null for any other list.</summary>
    private static byte[]? Joined(ReadOnlySpan<byte> file, JsonSlice value)
    {
        if (file[value.Start] == '"')
        {
            return value.Length < 2 ? null : file[(value.Start + 1)..(value.End - 1)].ToArray();
        }

        var items = new JsonWalker(file[..value.End], value.Start);
        items.Enter((byte)'[');
        var text = new ArrayBufferWriter<byte>(value.Length);
        while (items.NextItem())
        {
            var item = items.Value().Of(file);
            if (item.Length < 2 || item[0] != '"')
            {
                return null;
            }

            text.Write(item[1..^1]);
        }

        return text.WrittenSpan.ToArray();
    }

    /// <summary>A text cut behind each of its line feeds, or as one item.</summary>
    private void Lines(ReadOnlySpan<byte> text, int depth, bool single)
    {
        _to.Write("["u8);
        var count = 0;
        while (!text.IsEmpty)
        {
            var length = single ? text.Length : LineLength(text);
            Separate(count++, depth + 1);
            Quoted(text[..length]);
            text = text[length..];
        }

        Close(count, depth, (byte)']');
    }

    private void Quoted(ReadOnlySpan<byte> text)
    {
        _to.Write("\""u8);
        _to.Write(text);
        _to.Write("\""u8);
    }

    /// <summary>Up to and with the first escaped line feed.</summary>
    private static int LineLength(ReadOnlySpan<byte> text)
    {
        for (var at = 0; text[at..].IndexOf((byte)'\\') is >= 0 and var step && at + step + 1 < text.Length; at += step + 2)
        {
            if (text[at + step + 1] == 'n')
            {
                return at + step + 2;
            }
        }

        return text.Length;
    }

    private void SortedMembers(ReadOnlySpan<byte> file, ref JsonWalker walker, int depth)
    {
        var members = new List<(JsonSlice Key, JsonSlice Value)>();
        walker.Enter((byte)'{');
        while (walker.NextKey(out var key))
        {
            members.Add((key, walker.Value()));
        }

        SortByKey(file, members);
        _to.Write("{"u8);
        for (var at = 0; at < members.Count && !_failed; at++)
        {
            Separate(at, depth + 1);
            var inner = new JsonWalker(file[..members[at].Value.End], members[at].Value.Start);
            Member(file, members[at].Key, ref inner, depth);
            _failed |= inner.IsBroken;
        }

        Close(members.Count, depth, (byte)'}');
    }

    /// <summary>Equal keys stay in their order. The quotes are left out: they would sort "a b" before "a".</summary>
    private static void SortByKey(ReadOnlySpan<byte> file, List<(JsonSlice Key, JsonSlice Value)> members)
    {
        if (members.Count > FewMembers)
        {
            SortMany(file, members);
            return;
        }

        for (var at = 1; at < members.Count; at++)
        {
            var member = members[at];
            var place = at;
            for (; place > 0 && Name(file, members[place - 1].Key).SequenceCompareTo(Name(file, member.Key)) > 0; place--)
            {
                members[place] = members[place - 1];
            }

            members[place] = member;
        }
    }

    private static void SortMany(ReadOnlySpan<byte> file, List<(JsonSlice Key, JsonSlice Value)> members)
    {
        var named = new List<(string Name, (JsonSlice, JsonSlice) Member)>(members.Count);
        foreach (var member in members)
        {
            named.Add((Encoding.Latin1.GetString(Name(file, member.Key)), member));
        }

        members.Clear();
        members.AddRange(named.OrderBy(one => one.Name, StringComparer.Ordinal).Select(one => one.Member));
    }

    private static ReadOnlySpan<byte> Name(ReadOnlySpan<byte> file, JsonSlice key) => key.Of(file)[1..^1];

    private void Separate(int count, int depth)
    {
        if (count > 0)
        {
            _to.Write(_comma);
        }

        Break(depth);
    }

    private void Close(int count, int depth, byte bracket)
    {
        if (count > 0)
        {
            Break(depth);
        }

        _to.Write([bracket]);
    }

    private void Break(int depth)
    {
        _to.Write(_newLine);
        for (var level = 0; level < depth; level++)
        {
            _to.Write(_indent);
        }
    }
}
