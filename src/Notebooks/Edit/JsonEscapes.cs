using System.Globalization;
using System.Text;

namespace Squero.Notebooks;

/// <summary>
/// Which characters a file escapes beyond those that must be: writers differ (Python's ensure_ascii, the HTML-safe
/// writers of Go and .NET, PHP's slashes), and an edited line shall look like its neighbours.
/// </summary>
internal sealed record JsonEscapes(bool Ascii, string Also, bool UpperCase)
{
    private static readonly (char Plain, byte[] Escape)[] Optional =
    [
        ('<', "\\u003c"u8.ToArray()), ('<', "\\u003C"u8.ToArray()), ('>', "\\u003e"u8.ToArray()), ('>', "\\u003E"u8.ToArray()),
        ('&', "\\u0026"u8.ToArray()), ('\'', "\\u0027"u8.ToArray()), ('+', "\\u002b"u8.ToArray()), ('+', "\\u002B"u8.ToArray()), ('/', "\\/"u8.ToArray()),
    ];

    public static JsonEscapes Of(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf((byte)'\\') < 0)
        {
            return new JsonEscapes(false, "", false);
        }

        var also = new string([.. Used(json).Distinct()]);

        // The mark at the beginning of a file is no letter of it.
        var letters = json.StartsWith("\uFEFF"u8) ? json[3..] : json;
        var onlyAscii = letters.IndexOfAnyExceptInRange((byte)0, (byte)127) < 0;
        return new JsonEscapes(onlyAscii && HasWideEscape(json), also, HasUpperCase(json));
    }

    /// <summary>A JSON string with its quotes.</summary>
    public byte[] Quote(ReadOnlySpan<char> text)
    {
        var to = new StringBuilder(text.Length + 8).Append('"');
        Append(text, to);
        return Encoding.UTF8.GetBytes(to.Append('"').ToString());
    }

    /// <summary>What stands between the quotes.</summary>
    public byte[] Inner(ReadOnlySpan<char> text)
    {
        var to = new StringBuilder(text.Length + 8);
        Append(text, to);
        return Encoding.UTF8.GetBytes(to.ToString());
    }

    private void Append(ReadOnlySpan<char> text, StringBuilder to)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var paired = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (paired && !Ascii)
            {
                to.Append(c).Append(text[++i]);
            }
            else if (Short(c) is { } letter)
            {
                to.Append('\\').Append(letter);
            }
            else if (c < ' ' || char.IsSurrogate(c) || Ascii && c > '~' || Also.Contains(c, StringComparison.Ordinal))
            {
                to.Append("\\u").Append(((int)c).ToString(UpperCase ? "X4" : "x4", CultureInfo.InvariantCulture));
            }
            else
            {
                to.Append(c);
            }
        }
    }

    private char? Short(char c) => c switch
    {
        '"' => '"',
        '\\' => '\\',
        '\n' => 'n',
        '\t' => 't',
        '\r' => 'r',
        '\b' => 'b',
        '\f' => 'f',
        '/' when Also.Contains('/', StringComparison.Ordinal) => '/',
        _ => null,
    };

    private static List<char> Used(ReadOnlySpan<byte> json)
    {
        var used = new List<char>();
        foreach (var (plain, escape) in Optional)
        {
            if (json.IndexOf((byte)plain) < 0 && Find(json, escape) >= 0)
            {
                used.Add(plain);
            }
        }

        // Who escapes one angle bracket for HTML's sake escapes all three.
        foreach (var other in used.Contains('<') || used.Contains('>') ? "<>&" : "")
        {
            if (json.IndexOf((byte)other) < 0)
            {
                used.Add(other);
            }
        }

        return used;
    }

    private static bool HasWideEscape(ReadOnlySpan<byte> json)
    {
        for (var at = Find(json, "\\u"u8); at >= 0;)
        {
            if (at + 6 <= json.Length && !json.Slice(at + 2, 2).SequenceEqual("00"u8) || at + 6 <= json.Length && json[at + 4] > '7')
            {
                return true;
            }

            var step = Find(json[(at + 2)..], "\\u"u8);
            at = step < 0 ? -1 : at + 2 + step;
        }

        return false;
    }

    private static bool HasUpperCase(ReadOnlySpan<byte> json)
    {
        for (var at = Find(json, "\\u"u8); at >= 0 && at + 6 <= json.Length;)
        {
            var digits = json.Slice(at + 2, 4);
            if (digits.IndexOfAnyInRange((byte)'a', (byte)'f') >= 0)
            {
                return false;
            }

            if (digits.IndexOfAnyInRange((byte)'A', (byte)'F') >= 0)
            {
                return true;
            }

            var step = Find(json[(at + 6)..], "\\u"u8);
            at = step < 0 ? -1 : at + 6 + step;
        }

        return false;
    }

    // A backslash that is itself escaped begins nothing.
    private static int Find(ReadOnlySpan<byte> json, ReadOnlySpan<byte> escape)
    {
        for (var from = 0; ;)
        {
            var step = json[from..].IndexOf(escape);
            if (step < 0)
            {
                return -1;
            }

            var at = from + step;
            var before = json[..at].LastIndexOfAnyExcept((byte)'\\');
            if ((at - before - 1) % 2 == 0)
            {
                return at;
            }

            from = at + 1;
        }
    }
}
