using System.Text;

namespace Squero.Notebooks;

/// <summary>Text for a terminal: what a file holds must not steer it, and changed lines have git's colours.</summary>
internal static class TerminalText
{
    private const string Reset = "\e[m";

    /// <summary>Control characters but tab and line feed are shown as Unicode's pictures of them.</summary>
    public static string Plain(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\x1f') && !text.AsSpan().ContainsAnyInRange('\x7f', '\x9f'))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            plain.Append(c is '\n' or '\t' || !char.IsControl(c) ? c : c < ' ' ? (char)('\u2400' + c) : '\u2421');
        }

        return plain.ToString();
    }

    public static string Coloured(string text)
    {
        var coloured = new StringBuilder(text.Length + 64);
        foreach (var line in Plain(text).TrimEnd('\n').Split('\n'))
        {
            coloured.Append(Colour(line) is { } colour ? colour + line + Reset : line).Append('\n');
        }

        return coloured.ToString();
    }

    private static string? Colour(string line) => line switch
    {
        ['+', ..] => "\e[32m",
        ['-', ..] => "\e[31m",
        ['@', ..] => "\e[36m",
        ['!', ..] => "\e[33m",
        _ when line.StartsWith("notebook ", StringComparison.Ordinal) => "\e[1m",
        _ => null,
    };
}
