using System.Buffers;
using System.Globalization;
using System.Text;

namespace Squero.Notebooks;

/// <summary>
/// Letters beyond ASCII as they are, or as escapes: Jupyter writes the first, Python's json.dump the second unless it is
/// told otherwise. A notebook that a script saved differs in every such letter.
/// </summary>
internal static class JsonLetters
{
    public const string Plain = "plain";
    public const string Escaped = "escaped";

    /// <summary>Such a file may become three times as large: beyond this it is told as it is.</summary>
    private const int MaxBytes = 256 * 1024 * 1024;

    private const int EscapeLength = 6;

    private static ReadOnlySpan<byte> Mark => "\uFEFF"u8;

    /// <summary>Null when the file has no such letter.</summary>
    public static string? FormOf(ReadOnlySpan<byte> file)
    {
        file = file.StartsWith(Mark) ? file[Mark.Length..] : file;
        return file.Length > MaxBytes ? null : file.IndexOfAnyInRange((byte)0x80, (byte)0xFF) >= 0 ? Plain : HasEscape(file) ? Escaped : null;
    }

    /// <summary>Without a byte order mark. What is no whole letter stays as it is.</summary>
    public static byte[] Rewrite(ReadOnlySpan<byte> file, string form)
    {
        var to = new ArrayBufferWriter<byte>(file.Length + (file.Length / 8) + 1);
        file = file.StartsWith(Mark) ? file[Mark.Length..] : file;
        while (!file.IsEmpty)
        {
            var plain = form == Escaped ? file.IndexOfAnyInRange((byte)0x80, (byte)0xFF) : file.IndexOf((byte)'\\');
            to.Write(plain < 0 ? file : file[..plain]);
            file = plain < 0 ? default : file[plain..];
            file = file.IsEmpty ? file : file[(form == Escaped ? Escape(file, to) : Unescape(file, to))..];
        }

        return to.WrittenSpan.ToArray();
    }

    /// <summary>How many bytes of the file the letter was.</summary>
    private static int Escape(ReadOnlySpan<byte> file, ArrayBufferWriter<byte> to)
    {
        if (Rune.DecodeFromUtf8(file, out var letter, out var length) != OperationStatus.Done)
        {
            to.Write(file[..length]);
            return length;
        }

        Span<char> units = stackalloc char[2];
        foreach (var unit in units[..letter.EncodeToUtf16(units)])
        {
            to.Write("\\u"u8);
            ((int)unit).TryFormat(to.GetSpan(4), out var written, "x4", CultureInfo.InvariantCulture);
            to.Advance(written);
        }

        return length;
    }

    private static int Unescape(ReadOnlySpan<byte> file, ArrayBufferWriter<byte> to)
    {
        var first = Unit(file);
        var second = char.IsHighSurrogate(first) ? Unit(file[EscapeLength..]) : default;
        if (first > 0x7F && (Rune.TryCreate(first, out var letter) || Rune.TryCreate(first, second, out letter)))
        {
            to.Advance(letter.EncodeToUtf8(to.GetSpan(4)));
            return second == default ? EscapeLength : EscapeLength * 2;
        }

        // The next byte goes with the backslash: it may be another one.
        var length = Math.Min(2, file.Length);
        to.Write(file[..length]);
        return length;
    }

    /// <summary>The unit that is escaped here, or none.</summary>
    private static char Unit(ReadOnlySpan<byte> file) =>
        file.Length >= EscapeLength && file.StartsWith("\\u"u8) && int.TryParse(file[2..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? (char)unit : default;

    private static bool HasEscape(ReadOnlySpan<byte> file)
    {
        for (var at = file.IndexOf("\\u"u8); at >= 0; at = file.IndexOf("\\u"u8))
        {
            if (Unit(file[at..]) > 0x7F)
            {
                return true;
            }

            file = file[(at + 2)..];
        }

        return false;
    }
}
