using System.Buffers;
using System.Text;

namespace Squero.Notebooks;

/// <summary>
/// New bytes of a patch as a JSON string. JSON inside JSON would double every quote: three characters that notebooks are
/// full of change places with three that they hardly use. Quote and tilde, backslash and caret, line feed and backtick.
/// </summary>
internal static class PatchText
{
    private static readonly byte[] Swapped = Swaps();
    private static readonly byte[][] Escapes = [.. Enumerable.Range(0, 128).Select(one => Encoding.ASCII.GetBytes(Escape((char)one)))];
    private static readonly SearchValues<byte> Touched = SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), .. "\"\\~^`"u8]);

    public static void Write(IBufferWriter<byte> to, ReadOnlySpan<byte> bytes)
    {
        to.Write("\""u8);
        while (!bytes.IsEmpty)
        {
            var plain = bytes.IndexOfAny(Touched);
            to.Write(plain < 0 ? bytes : bytes[..plain]);
            bytes = plain < 0 ? default : Mark(bytes[plain..], to);
        }

        to.Write("\""u8);
    }

    /// <summary>Puts the characters of a text that was read back in their places.</summary>
    public static void Restore(Span<byte> text)
    {
        foreach (ref var one in text)
        {
            one = Swapped[one];
        }
    }

    /// <summary>Everything up to the next stretch that stands as it is; such characters come in groups.</summary>
    private static ReadOnlySpan<byte> Mark(ReadOnlySpan<byte> bytes, IBufferWriter<byte> to)
    {
        // A control character takes six bytes.
        const int Most = 64;
        var room = to.GetSpan(Most * 6);
        int at = 0, length = 0;
        for (; at < bytes.Length && at < Most && Touched.Contains(bytes[at]); at++)
        {
            var one = Swapped[bytes[at]];
            if (one >= ' ' && one is not ((byte)'"' or (byte)'\\'))
            {
                room[length++] = one;
                continue;
            }

            Escapes[one].CopyTo(room[length..]);
            length += Escapes[one].Length;
        }

        to.Advance(length);
        return bytes[at..];
    }

    private static string Escape(char one) => one switch
    {
        '"' or '\\' => "\\" + one,
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => $"\\u{(int)one:x4}",
    };

    private static byte[] Swaps()
    {
        var table = new byte[256];
        for (var i = 0; i < table.Length; i++)
        {
            table[i] = (byte)i;
        }

        foreach (var (one, other) in new[] { ('"', '~'), ('\\', '^'), ('\n', '`') })
        {
            (table[one], table[other]) = ((byte)other, (byte)one);
        }

        return table;
    }
}
