namespace Squero.Notebooks;

/// <summary>Terminal text as spans: colours and weight become classes, every other control sequence goes.</summary>
internal static class AnsiText
{
    private static readonly string[] Colours = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

    public static void Write(ReadOnlySpan<char> text, HtmlBuffer to)
    {
        var (colour, bold, open) = (-1, false, false);
        while (!text.IsEmpty)
        {
            var at = text.IndexOf('\u001b');
            var plain = at < 0 ? text : text[..at];
            if (!plain.IsEmpty)
            {
                to.Text(plain);
            }

            if (at < 0)
            {
                break;
            }

            text = text[(at + Sequence(text[at..], out var codes))..];
            if (codes is null)
            {
                continue;
            }

            Apply(codes, ref colour, ref bold);
            if (open)
            {
                to.Raw("</span>"u8);
            }

            open = Open(colour, bold, to);
        }

        if (open)
        {
            to.Raw("</span>"u8);
        }
    }

    /// <summary>The text a reader sees: without sequences, and of lines rewritten by carriage returns the last state.</summary>
    public static string Visible(string text)
    {
        if (text.IndexOf('\u001b') < 0 && text.IndexOf('\r') < 0 && text.IndexOf('\b') < 0)
        {
            return text;
        }

        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd('\r');
            lines[i] = line[(line.LastIndexOf('\r') + 1)..];
        }

        return Strip(string.Join('\n', lines));
    }

    public static string Strip(string text)
    {
        var plain = new System.Text.StringBuilder(text.Length);
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            var at = rest.IndexOf('\u001b');
            plain.Append(at < 0 ? rest : rest[..at]);
            rest = at < 0 ? default : rest[(at + Sequence(rest[at..], out _))..];
        }

        return plain.ToString();
    }

    /// <summary>Length of the control sequence that the text begins with; its codes when it sets colours.</summary>
    private static int Sequence(ReadOnlySpan<char> text, out string? codes)
    {
        codes = null;
        if (text.Length < 2 || text[1] != '[')
        {
            return 1;
        }

        var end = 2;
        while (end < text.Length && end < 64 && text[end] is >= ' ' and < '@')
        {
            end++;
        }

        if (end < text.Length && text[end] == 'm')
        {
            codes = text[2..end].ToString();
        }

        return Math.Min(end + 1, text.Length);
    }

    private static void Apply(string codes, ref int colour, ref bool bold)
    {
        var parts = codes.Split(';');
        for (var i = 0; i < parts.Length; i++)
        {
            var code = parts[i].Length == 0 ? 0 : int.TryParse(parts[i], out var number) ? number : -1;
            switch (code)
            {
                case 0:
                    (colour, bold) = (-1, false);
                    break;
                case 1:
                    bold = true;
                    break;
                case 22:
                    bold = false;
                    break;
                case >= 30 and <= 37:
                    colour = code - 30;
                    break;
                case >= 90 and <= 97:
                    colour = code - 90;
                    break;
                case 39:
                    colour = -1;
                    break;
                case 38 or 48:
                    i = Palette(parts, i, code == 38, ref colour);
                    break;
            }
        }
    }

    /// <summary>The first sixteen colours of the palette have names; the others keep the text's own colour.</summary>
    private static int Palette(string[] parts, int i, bool foreground, ref int colour)
    {
        var kind = i + 1 < parts.Length ? parts[i + 1] : "";
        if (kind == "5" && i + 2 < parts.Length && foreground)
        {
            colour = int.TryParse(parts[i + 2], out var index) && index is >= 0 and < 16 ? index % 8 : -1;
        }

        return i + (kind == "5" ? 2 : kind == "2" ? 4 : 0);
    }

    private static bool Open(int colour, bool bold, HtmlBuffer to)
    {
        if (colour < 0 && !bold)
        {
            return false;
        }

        to.Raw("<span class=\""u8);
        if (colour >= 0)
        {
            to.Raw("ansi-"u8);
            to.Raw(Colours[colour].AsSpan());
        }

        if (bold)
        {
            to.Raw(colour >= 0 ? " ansi-bold"u8 : "ansi-bold"u8);
        }

        to.Raw("\">"u8);
        return true;
    }
}
