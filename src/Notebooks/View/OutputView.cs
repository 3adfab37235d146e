namespace Squero.Notebooks;

/// <summary>One output in the form that tells most: picture, table, formula, prose, text, and a plain label for the rest.</summary>
internal sealed class OutputView(ViewPart part)
{
    private const int MaxLines = 200;
    private const int MaxHtml = 400_000;

    private static readonly string[] Preference =
    [
        "image/png", "image/jpeg", "image/svg+xml", "image/gif", "image/webp", "text/html", "text/markdown", "text/latex", "text/plain", "application/json",
    ];

    /// <summary>An output with its anchor, and the threads on it.</summary>
    public void Write(CellOutput output, Cell cell, NotebookSide side)
    {
        var anchor = Begin(output, cell, side, "nb-output");
        Content(output, side, anchor);
        End(anchor);
    }

    /// <summary>The form to show of those whose content matters here, or null.</summary>
    public static MimeValue? Best(CellOutput output, IReadOnlyList<string>? among = null)
    {
        foreach (var mime in Preference)
        {
            if ((among is null || among.Contains(mime)) && output.Find(mime) is { } value)
            {
                return value;
            }
        }

        return output.Data.FirstOrDefault(value => among is null || among.Contains(value.Mime));
    }

    public static string AnchorOf(CellOutput output, Cell cell, NotebookSide side)
    {
        var picture = output.Picture();
        return ViewPart.AnchorOf(side, cell, AnchorPart.Output, 0, output.Index, picture is null ? null : NotebookPicture.Sha256Of(picture));
    }

    public string Begin(CellOutput output, Cell cell, NotebookSide side, string kind)
    {
        var anchor = AnchorOf(output, cell, side);
        part.To.Raw("<div class=\""u8);
        part.To.Raw(kind.AsSpan());
        part.To.Raw(output switch { { Kind: OutputKind.Error } => " nb-error\""u8, { Kind: OutputKind.Stream, Name: "stderr" } => " nb-stderr\""u8, _ => "\""u8 });
        part.Anchor(anchor);
        part.To.Raw(">"u8);
        part.CommentLink(anchor, $"output {output.Index + 1} of cell {cell.Index + 1}");
        return anchor;
    }

    public void End(string anchor)
    {
        part.To.Raw("</div>"u8);
        part.Slot(anchor);
    }

    public void Content(CellOutput output, NotebookSide side, string anchor, IReadOnlyList<string>? among = null)
    {
        if (output.Kind is OutputKind.Stream or OutputKind.Error)
        {
            TextBlock(output.Text(), ansi: true);
            return;
        }

        var best = Best(output, among);
        switch (best?.Mime)
        {
            case null:
                Label("An output without content");
                break;
            case "text/html":
                Html(output, best);
                break;
            case "text/markdown":
                MarkdownCells.Write(best.Text(), part.To, part.Options.FileUrl, _ => null);
                break;
            case "text/latex":
                Formula(best.Text());
                break;
            case "text/plain" or "application/json":
                TextBlock(best.Text(), ansi: best.Mime == "text/plain");
                break;
            default:
                Other(output, best, side, anchor);
                break;
        }
    }

    public void Figure(MimeValue picture, NotebookSide side, string anchor, string alt)
    {
        var url = part.Options.ImageUrl(new NotebookImage(NotebookPicture.Sha256Of(picture), picture.Mime, side));
        part.To.Raw("<figure class=\"nb-figure\""u8);
        part.Anchor(anchor);
        part.To.Raw("><img src=\""u8);
        part.To.Text(url);
        part.To.Raw("\" alt=\""u8);
        part.To.Text(alt);
        part.To.Raw("\" loading=\"lazy\" decoding=\"async\">"u8);
        if (part.Options.Overlay?.Invoke(anchor) is { } overlay)
        {
            part.To.Raw(overlay.AsSpan());
        }

        part.To.Raw("</figure>"u8);
    }

    public void Label(string words)
    {
        part.To.Raw("<p class=\"nb-label\">"u8);
        part.To.Text(words);
        part.To.Raw("</p>"u8);
    }

    private void Other(CellOutput output, MimeValue best, NotebookSide side, string anchor)
    {
        if (best.IsPicture)
        {
            Figure(best, side, anchor, Alternative(output));
            return;
        }

        Label(MimeLabel.Of(best.Mime));
    }

    private void Html(CellOutput output, MimeValue html)
    {
        part.To.Raw("<div class=\"nb-html\">"u8);
        var shown = html.RawLength <= MaxHtml && StrictHtml.Write(html.Text(), part.To);
        part.To.Raw("</div>"u8);
        if (!shown)
        {
            Label(output.Data.FirstOrDefault(value => MimeLabel.IsChart(value.Mime)) is { } chart ? MimeLabel.Of(chart.Mime)
                : html.RawLength > MaxHtml ? "HTML too large to be shown here" : "HTML with nothing to show without its scripts");
            if (output.Find("text/plain") is { } plain)
            {
                TextBlock(plain.Text(), ansi: true);
            }
        }
    }

    private void Formula(string tex)
    {
        var bare = tex.Trim().Trim('$').Trim();
        part.To.Raw("<div class=\"nb-formula\"><span class=\"math nb-math-block\" data-math=\"block\" data-tex=\""u8);
        part.To.Text(bare);
        part.To.Raw("\">"u8);
        part.To.Text(bare);
        part.To.Raw("</span></div>"u8);
    }

    private void TextBlock(string text, bool ansi)
    {
        var visible = ansi ? LastStates(text) : text;
        var cut = CutAfter(visible, MaxLines);
        part.To.Raw("<pre class=\"nb-text\">"u8);
        AnsiText.Write(visible.AsSpan(0, cut), part.To);
        part.To.Raw("</pre>"u8);
        if (cut < visible.Length)
        {
            Label($"{ViewPart.Count(visible.AsSpan(cut).Count('\n') + 1, "more line")} of output not shown");
        }
    }

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

    private static int CutAfter(string text, int lines)
    {
        var at = 0;
        for (var i = 0; i < lines; i++)
        {
            var next = text.IndexOf('\n', at);
            if (next < 0)
            {
                return Math.Min(text.Length, 200_000);
            }

            at = next + 1;
        }

        return Math.Min(at, 200_000);
    }

    /// <summary>The text form, where it is more than the name of an object in memory.</summary>
    private static string Alternative(CellOutput output)
    {
        var words = output.Find("text/plain")?.Text() ?? "";
        return words.Length == 0 || words[0] == '<' ? $"Picture, output {output.Index + 1}" : words.Length <= 120 ? words : words[..120] + "…";
    }
}
