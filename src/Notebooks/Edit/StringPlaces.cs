using System.Globalization;
using System.Text;

namespace Squero.Notebooks;

/// <summary>Where in the file the characters of a JSON string stand. Asked in rising order, it walks the string once.</summary>
internal ref struct StringPlaces(ReadOnlySpan<byte> json, JsonSlice value)
{
    private readonly ReadOnlySpan<byte> _json = json;
    private readonly int _end = value.End - 1;
    private int _at = value.Start + 1;
    private int _char;

    /// <summary>The byte at which a character begins.</summary>
    public int OffsetOf(int character)
    {
        while (_char < character && _at < _end)
        {
            if (_json[_at] == '\\')
            {
                _at += IsUnicodeEscape(_json[_at.._end]) ? 6 : 2;
                _char++;
            }
            else
            {
                Rune.DecodeFromUtf8(_json[_at.._end], out var rune, out var used);
                _at += used;
                _char += rune.Utf16SequenceLength;
            }
        }

        return _at;
    }

    private static bool IsUnicodeEscape(ReadOnlySpan<byte> text) =>
        text.Length >= 6 && text[1] == 'u' && ushort.TryParse(text[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _);
}
