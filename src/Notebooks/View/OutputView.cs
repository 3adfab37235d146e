namespace Squero.Notebooks;

/// <summary>One output in the form that tells most: picture, chart, table, formula, prose, text, and a plain label for the rest.</summary>
internal sealed class OutputView(ViewPart part)
{
    private const int MaxHtml = 400_000;
    private const int MaxJson = 2_000_000;

    private static readonly string[] Pictures = ["image/png", "image/jpeg", "image/svg+xml", "image/gif", "image/webp"];
    private static readonly string[] Preference = ["text/html", "text/markdown", "text/latex", "application/json", "application/geo+json", "text/plain"];

    private readonly ChartFrame _frames = new(part);
    private readonly TextOutput _text = new(part);
    private readonly JsonTree _tree = new(part);
    private readonly WidgetView _widgets = new(part);
    private readonly WarningView _warnings = new(part);

    /// <summary>An output with its anchor, and the threads on it.</summary>
    public void Write(CellOutput output, Cell cell, NotebookSide side)
    {
        var anchor = Begin(output, cell, side, "nb-output");
        Content(output, cell, side, anchor);
        End(anchor);
    }

    /// <summary>The form to show of those whose content matters here, or null.</summary>
    public static MimeValue? Best(CellOutput output, IReadOnlyList<string>? among = null)
    {
        bool Wanted(MimeValue value) => among is null || among.Contains(value.Mime);
        return First(output, Pictures, among)
            ?? output.Data.FirstOrDefault(value => ChartSpec.IsDrawable(value.Mime) && Wanted(value))
            ?? output.Data.FirstOrDefault(value => value.Mime == WidgetView.Mime && Wanted(value))
            ?? First(output, Preference, among)
            ?? output.Data.FirstOrDefault(Wanted);
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
        Tools(output, cell, side, anchor);
        if (side == NotebookSide.New)
        {
            _warnings.Of(cell, output);
        }

        return anchor;
    }

    public void End(string anchor)
    {
        part.To.Raw("</div>"u8);
        part.Slot(anchor);
    }

    public void Content(CellOutput output, Cell cell, NotebookSide side, string anchor, IReadOnlyList<string>? among = null, IReadOnlySet<int>? marked = null)
    {
        if (output.Kind is OutputKind.Stream or OutputKind.Error)
        {
            _text.Write(output.Text(), ansi: true);
            return;
        }

        var place = new OutputPlace(side, cell.Index, output.Index);
        var best = Best(output, among);
        Form(output, best, place, anchor, marked);
        if (ChartSpec.Of(output) is { } chart && chart != best)
        {
            _frames.Chart(chart, place);
        }
    }

    public void Figure(MimeValue picture, NotebookSide side, string anchor, string alt)
    {
        part.To.Raw("<figure class=\"nb-figure\""u8);
        part.Anchor(anchor);
        part.To.Raw(">"u8);
        Picture(picture, side, anchor, alt);
        part.To.Raw("</figure>"u8);
    }

    /// <summary>The picture itself, with what the page draws over it.</summary>
    public void Picture(MimeValue picture, NotebookSide side, string anchor, string alt)
    {
        part.To.Raw("<img"u8);
        part.Attribute("src", part.Options.ImageUrl(new NotebookImage(NotebookPicture.Sha256Of(picture), picture.Mime, side)));
        part.Attribute("alt", alt);
        part.To.Raw(" loading=\"lazy\" decoding=\"async\">"u8);
        if (part.Options.Overlay?.Invoke(anchor) is { } overlay)
        {
            part.To.Raw(overlay.AsSpan());
        }
    }

    /// <summary>The text form, where it is more than the name of an object in memory.</summary>
    public static string Alternative(CellOutput output)
    {
        var words = Credentials.Mask(output.Find("text/plain")?.Text() ?? "");
        return words.Length == 0 || words[0] == '<' ? $"Picture, output {output.Index + 1}" : words.Length <= 120 ? words : words[..120] + "…";
    }

    private void Tools(CellOutput output, Cell cell, NotebookSide side, string anchor)
    {
        part.CommentLink(anchor, $"output {output.Index + 1} of cell {cell.Index + 1}");
        if (part.Options.OriginUrl is { } origin && output.Kind != OutputKind.Error)
        {
            part.To.Raw("<a class=\"nb-origin\" data-origin"u8);
            part.Attribute("href", origin(new OutputPlace(side, cell.Index, output.Index)));
            part.Attribute("aria-label", $"What made output {output.Index + 1} of cell {cell.Index + 1}");
            part.To.Raw(">made by</a>"u8);
        }
    }

    private void Form(CellOutput output, MimeValue? best, OutputPlace place, string anchor, IReadOnlySet<int>? marked)
    {
        switch (best?.Mime)
        {
            case null:
                part.Label("An output without content");
                break;
            case "text/html":
                Html(output, best, place, marked);
                break;
            case "text/markdown":
                Markdown(best);
                break;
            case "text/latex":
                Formula(Credentials.Mask(best.Text()));
                break;
            case "application/json" or "application/geo+json" when best.RawLength <= MaxJson:
                _tree.Write(MaskedJson.Of(best));
                break;
            case "text/plain":
                _text.Write(best.Text(), ansi: true);
                break;
            case "application/json" or "application/geo+json":
                _text.Write(MaskedJson.Of(best).Text(), ansi: false);
                break;
            case WidgetView.Mime:
                _widgets.Write(best, output, place.Side);
                break;
            default:
                Other(output, best, place, anchor);
                break;
        }
    }

    private void Other(CellOutput output, MimeValue best, OutputPlace place, string anchor)
    {
        if (best.IsPicture)
        {
            Figure(best, place.Side, anchor, Alternative(output));
        }
        else if (ChartSpec.IsDrawable(best.Mime))
        {
            _frames.Chart(best, place);
        }
        else
        {
            part.Label(MimeLabel.Of(best.Mime));
        }
    }

    private void Html(CellOutput output, MimeValue html, OutputPlace place, IReadOnlySet<int>? marked)
    {
        var lost = true;
        part.To.Raw("<div class=\"nb-html\">"u8);
        var shown = html.RawLength <= MaxHtml && StrictHtml.Write(Credentials.Mask(html.Text()), part.To, marked, out lost);
        part.To.Raw("</div>"u8);
        if (!shown)
        {
            part.Label(output.Data.FirstOrDefault(value => MimeLabel.IsChart(value.Mime)) is { } chart ? MimeLabel.Of(chart.Mime)
                : html.RawLength > MaxHtml ? "HTML too large to be shown here" : "HTML with nothing to show without its scripts");
            if (output.Find("text/plain") is { } plain)
            {
                _text.Write(plain.Text(), ansi: true);
            }
        }

        if (lost)
        {
            _frames.Html(place);
        }
    }

    private void Markdown(MimeValue prose)
    {
        var text = Credentials.Mask(prose.Text());
        MarkdownCells.Write(text, part.To, part.Options.FileUrl, _ => null);
        Source("Markdown source", text);
    }

    private void Formula(string tex)
    {
        var bare = tex.Trim().Trim('$').Trim();
        part.To.Raw("<div class=\"nb-formula\"><span class=\"math nb-math-block\" data-math=\"block\""u8);
        part.Attribute("data-tex", bare);
        part.To.Raw(">"u8);
        part.To.Text(bare);
        part.To.Raw("</span></div>"u8);
        Source("LaTeX source", tex);
    }

    private void Source(string words, string text) => part.Fold("nb-fold-form", words, () => part.Paragraph("nb-text", text.Length > 20_000 ? text[..20_000] + "…" : text));

    private static MimeValue? First(CellOutput output, string[] order, IReadOnlyList<string>? among)
    {
        foreach (var mime in order)
        {
            if ((among is null || among.Contains(mime)) && output.Find(mime) is { } value)
            {
                return value;
            }
        }

        return null;
    }
}
