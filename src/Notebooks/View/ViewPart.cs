using System.Globalization;

namespace Squero.Notebooks;

/// <summary>What all parts of a view share: the buffer, the page's options and the way anchors and slots are written.</summary>
internal sealed class ViewPart(HtmlBuffer to, NotebookViewOptions options)
{
    public HtmlBuffer To { get; } = to;

    public NotebookViewOptions Options { get; } = options;

    /// <summary>How many slots were filled so far: a fold with a thread inside is open.</summary>
    public int Filled { get; private set; }

    public static string AnchorOf(NotebookSide side, Cell cell, AnchorPart part, int line = 0, int output = -1, string? hash = null) =>
        new NotebookAnchor(side, part, cell.Index, cell.Key, line, output, hash).ToString();

    public void Anchor(string anchor)
    {
        To.Raw(" data-anchor=\""u8);
        To.Text(anchor);
        To.Raw("\""u8);
    }

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
    public void Fold(string kind, Action summary, Action content)
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
        if (Filled > filled)
        {
            To.Patch(place, " open"u8);
        }

        To.Raw("</div></details>"u8);
    }

    public void Words(string text) => To.Text(text);

    public static string Count(int number, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:N0} {(number == 1 ? one : many ?? one + "s")}");
}
