using System.Globalization;

namespace Squero.Notebooks;

/// <summary>What all parts of a view share: the buffer, the page's options and the way anchors and slots are written.</summary>
internal sealed class ViewPart(HtmlBuffer to, NotebookViewOptions options)
{
    public HtmlBuffer To { get; } = to;

    public NotebookViewOptions Options { get; } = options;

    public NotebookLook Look => Options.Look;

    /// <summary>The file an output stands in: the saved state of widgets is kept there.</summary>
    public required Notebook New { get; init; }

    public Notebook Old { get; init; } = Notebook.Absent;

    /// <summary>Prose is drawn, charts are open: every look but the clean one.</summary>
    public bool IsRendered => Look != NotebookLook.Clean;

    /// <summary>How many slots were filled so far: a fold with a thread inside is open.</summary>
    public int Filled { get; private set; }

    public static string AnchorOf(NotebookSide side, Cell cell, AnchorPart part, int line = 0, int output = -1, string? hash = null) =>
        new NotebookAnchor(side, part, cell.Index, cell.Key, line, output, hash).ToString();

    public void Anchor(string anchor) => Attribute("data-anchor", anchor);

    /// <summary>A name in double quotes; the value may be a stranger's.</summary>
    public void Attribute(string name, string value)
    {
        To.Raw(" "u8);
        To.Raw(name.AsSpan());
        To.Raw("=\""u8);
        To.Text(value);
        To.Raw("\""u8);
    }

    /// <summary>Gives an element its id, where the page allows ids.</summary>
    public void Id(string name)
    {
        if (Options.IdPrefix is { } prefix)
        {
            Attribute("id", $"{prefix}-{name}");
        }
    }

    /// <summary>The name of a cell's element: n3 is the fourth cell of the new file, o3 of the old one.</summary>
    public static string NameOf(NotebookSide side, int cell) => string.Create(CultureInfo.InvariantCulture, $"{(side == NotebookSide.Old ? 'o' : 'n')}{cell}");

    public void Slot(string anchor)
    {
        if (Options.Slot?.Invoke(anchor) is { Length: > 0 } html)
        {
            Filled++;
            To.Raw("<div class=\"nb-slot\">"u8);
            To.Raw(html.AsSpan());
            To.Raw("</div>"u8);
        }
    }

    public void CommentLink(string anchor, string label)
    {
        if (Options.CommentUrl is { } url)
        {
            To.Raw("<a class=\"nb-comment\" href=\""u8);
            To.Text(url(anchor));
            To.Raw("\" data-comment=\""u8);
            To.Text(anchor);
            To.Raw("\" aria-label=\"Comment on "u8);
            To.Text(label);
            To.Raw("\">+</a>"u8);
        }
    }

    /// <summary>A folded part; it stands open when a slot inside was filled.</summary>
    public void Fold(string kind, Action summary, Action content, bool open = false)
    {
        To.Raw("<details class=\"nb-fold "u8);
        To.Raw(kind.AsSpan());
        To.Raw("\""u8);
        var place = To.Length;
        To.Raw("     ><summary>"u8);
        summary();
        To.Raw("</summary><div class=\"nb-folded\">"u8);
        var filled = Filled;
        content();
        if (Filled > filled || open)
        {
            To.Patch(place, " open"u8);
        }

        To.Raw("</div></details>"u8);
    }

    public void Fold(string kind, string summary, Action content, bool open = false) => Fold(kind, () => Words(summary), content, open);

    public Notebook NotebookOf(NotebookSide side) => side == NotebookSide.Old ? Old : New;

    public void Words(string text) => To.Text(text);

    /// <summary>A line about what is not shown.</summary>
    public void Gap(string words) => Paragraph("nb-gap", words);

    /// <summary>A line about what an output is.</summary>
    public void Label(string words) => Paragraph("nb-label", words);

    /// <summary>A line above an output: what became of it.</summary>
    public void Caption(string words) => Paragraph("nb-cap", words);

    public void Paragraph(string kind, string words)
    {
        To.Raw("<p class=\""u8);
        To.Raw(kind.AsSpan());
        To.Raw("\">"u8);
        To.Text(words);
        To.Raw("</p>"u8);
    }

    public void Link(string href, string words)
    {
        To.Raw("<a href=\""u8);
        To.Text(href);
        To.Raw("\">"u8);
        To.Text(words);
        To.Raw("</a>"u8);
    }

    public static string Count(int number, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:N0} {(number == 1 ? one : many ?? one + "s")}");
}
