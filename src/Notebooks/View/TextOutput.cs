namespace Squero.Notebooks;

/// <summary>What a cell printed: colours as classes, lines rewritten by progress bars in their last state, long ones folded.</summary>
internal sealed class TextOutput(ViewPart part)
{
    private const int MaxLines = 200;
    private const int MaxFolded = 4_000;
    private const int MaxLength = 200_000;

    public void Write(string text, bool ansi)
    {
        var visible = Credentials.Mask(ansi ? LastStates(text) : text);
        var cut = CutAfter(visible, 0, MaxLines);
        Block(visible.AsSpan(0, cut));
        if (cut >= visible.Length)
        {
            return;
        }

        var more = CutAfter(visible, cut, MaxFolded);
        part.Fold("nb-fold-text", ViewPart.Count(LinesIn(visible.AsSpan(cut, more - cut)), "more line"), () => Block(visible.AsSpan(cut, more - cut)));
        if (more < visible.Length)
        {
            part.Label($"{ViewPart.Count(LinesIn(visible.AsSpan(more)), "more line")} of output not shown");
        }
    }

    private void Block(ReadOnlySpan<char> text)
    {
        part.To.Raw("<pre class=\"nb-text\">"u8);
        AnsiText.Write(text, part.To);
        part.To.Raw("</pre>"u8);
    }

    private static int LinesIn(ReadOnlySpan<char> text) => text.TrimEnd('\n').Count('\n') + 1;

    /// <summary>Progress bars rewrite their line: the last state counts. Colours stay.</summary>
    private static string LastStates(string text)
    {
        if (!text.Contains('\r', StringComparison.Ordinal))
        {
            return text;
        }

        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd('\r');
            lines[i] = line[(line.LastIndexOf('\r') + 1)..];
        }

        return string.Join('\n', lines);
    }

    private static int CutAfter(string text, int from, int lines)
    {
        var at = from;
        for (var i = 0; i < lines; i++)
        {
            var next = text.IndexOf('\n', at);
            if (next < 0)
            {
                at = text.Length;
                break;
            }

            at = next + 1;
        }

        at = Math.Min(at, from + MaxLength);
        return at > from && at < text.Length && char.IsHighSurrogate(text[at - 1]) ? at - 1 : Math.Min(at, text.Length);
    }
}
