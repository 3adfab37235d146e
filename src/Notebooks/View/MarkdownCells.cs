using Markdig;
using Markdig.Extensions.Mathematics;
using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Squero.Notebooks;

/// <summary>
/// Renders the Markdown of cells and outputs. Raw HTML is rewritten strictly, addresses are http, https, mailto or what the page
/// resolves, pictures are those pasted into the cell, formulas keep their TeX for the page's typesetter.
/// </summary>
internal static class MarkdownCells
{
    private const int MaxLength = 200_000;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables()
        .UseEmphasisExtras(Markdig.Extensions.EmphasisExtras.EmphasisExtraOptions.Strikethrough)
        .UseTaskLists()
        .UseMathematics()
        .Build();

    public static void Write(string source, HtmlBuffer to, Func<string, string?>? fileUrl, Func<string, string?> attachmentUrl)
    {
        if (source.Length > MaxLength || Render(source, fileUrl, attachmentUrl) is not { } html)
        {
            to.Raw("<pre class=\"nb-text\">"u8);
            to.Text(source);
            to.Raw("</pre>"u8);
            return;
        }

        to.Raw("<div class=\"nb-prose\">"u8);
        to.Raw(html.AsSpan());
        to.Raw("</div>"u8);
    }

    private static string? Render(string source, Func<string, string?>? fileUrl, Func<string, string?> attachmentUrl)
    {
        try
        {
            var document = Markdown.Parse(source, Pipeline);
            foreach (var link in document.Descendants<LinkInline>().ToList())
            {
                Secure(link, fileUrl, attachmentUrl);
            }

            foreach (var link in document.Descendants<AutolinkInline>().ToList())
            {
                if (!link.IsEmail && Safe(link.Url, null) is null)
                {
                    link.ReplaceBy(new LiteralInline(link.Url));
                }
            }

            foreach (var table in document.Descendants<Table>())
            {
                Align(table);
            }

            using var writer = new StringWriter();
            var renderer = new HtmlRenderer(writer);
            Pipeline.Setup(renderer);
            renderer.ObjectRenderers.Replace<HtmlBlockRenderer>(new StrictBlock());
            renderer.ObjectRenderers.Replace<Markdig.Renderers.Html.Inlines.HtmlInlineRenderer>(new StrictInline());
            renderer.ObjectRenderers.Replace<HtmlMathInlineRenderer>(new TexInline());
            renderer.ObjectRenderers.Replace<HtmlMathBlockRenderer>(new TexBlock());
            renderer.Render(document);
            return writer.ToString();
        }
        catch (ArgumentException)
        {
            // Markdig gives up on absurdly deep nesting; the source is shown instead.
            return null;
        }
    }

    /// <summary>Columns are aligned by a class: the page's policy allows no style of its own in an element.</summary>
    private static void Align(Table table)
    {
        for (var column = 0; column < table.ColumnDefinitions.Count; column++)
        {
            var kind = table.ColumnDefinitions[column].Alignment switch { TableColumnAlign.Right => "end", TableColumnAlign.Center => "center", TableColumnAlign.Left => "start", _ => null };
            table.ColumnDefinitions[column].Alignment = null;
            foreach (var row in kind is null ? [] : table.OfType<TableRow>().Where(row => row.Count > column))
            {
                row[column].GetAttributes().AddClass(kind!);
            }
        }
    }

    private static void Secure(LinkInline link, Func<string, string?>? fileUrl, Func<string, string?> attachmentUrl)
    {
        link.GetDynamicUrl = null;
        var url = link.Url ?? "";
        if (!link.IsImage)
        {
            link.Url = Safe(url, fileUrl);
            if (link.Url is null)
            {
                Unwrap(link);
            }
            else
            {
                link.GetAttributes().AddPropertyIfNotExist("rel", "nofollow noopener noreferrer");
            }

            return;
        }

        var attached = url.StartsWith("attachment:", StringComparison.OrdinalIgnoreCase)
            ? attachmentUrl(Uri.UnescapeDataString(url["attachment:".Length..]))
            : url.Contains(':', StringComparison.Ordinal) || url.StartsWith('/') || url.StartsWith('\\') ? null : fileUrl?.Invoke(url);
        if (attached is not null)
        {
            link.Url = attached;
            link.GetAttributes().AddPropertyIfNotExist("loading", "lazy");
            return;
        }

        // A picture from elsewhere would tell its host who reads this page: it becomes a link to follow.
        link.IsImage = false;
        if (link.FirstChild is null)
        {
            link.AppendChild(new LiteralInline("picture"));
        }

        Secure(link, fileUrl, attachmentUrl);
    }

    private static string? Safe(string? url, Func<string, string?>? fileUrl)
    {
        if (string.IsNullOrEmpty(url) || url.Any(c => c < ' '))
        {
            return null;
        }

        if (url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || url.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
        {
            return url;
        }

        var colon = url.IndexOf(':', StringComparison.Ordinal);
        var relative = url[0] is not ('#' or '/' or '\\') && (colon < 0 || url.AsSpan(0, colon).IndexOfAny('/', '?', '#') >= 0);
        return relative ? fileUrl?.Invoke(url) : null;
    }

    private static void Unwrap(LinkInline link)
    {
        while (link.LastChild is { } child)
        {
            child.Remove();
            link.InsertAfter(child);
        }

        link.Remove();
    }

    private sealed class StrictBlock : HtmlObjectRenderer<HtmlBlock>
    {
        protected override void Write(HtmlRenderer renderer, HtmlBlock block)
        {
            var html = block.Lines.ToString();
            if (block.Type == HtmlBlockType.Comment)
            {
                return;
            }

            var strict = new HtmlBuffer();
            renderer.EnsureLine();
            if (StrictHtml.Write(html, strict))
            {
                renderer.Write("<div class=\"nb-html\">").Write(strict.ToString()).Write("</div>");
            }
            else
            {
                renderer.Write("<p class=\"nb-label\">HTML that is not shown here</p>");
            }
        }
    }

    // Inline tags go, but for the line break: what they enclose is text of its own.
    private sealed class StrictInline : HtmlObjectRenderer<HtmlInline>
    {
        protected override void Write(HtmlRenderer renderer, HtmlInline tag)
        {
            if (tag.Tag.StartsWith("<br", StringComparison.OrdinalIgnoreCase))
            {
                renderer.Write("<br>");
            }
        }
    }

    private sealed class TexInline : HtmlObjectRenderer<MathInline>
    {
        protected override void Write(HtmlRenderer renderer, MathInline math)
        {
            var tex = math.Content.ToString();
            renderer.Write(math.DelimiterCount > 1 ? "<span class=\"math nb-math-block\" data-math=\"block\" data-tex=\"" : "<span class=\"math\" data-math=\"inline\" data-tex=\"");
            renderer.WriteEscape(tex).Write("\">").WriteEscape(tex).Write("</span>");
        }
    }

    private sealed class TexBlock : HtmlObjectRenderer<MathBlock>
    {
        protected override void Write(HtmlRenderer renderer, MathBlock math)
        {
            var tex = math.Lines.ToString();
            renderer.EnsureLine();
            renderer.Write("<div class=\"math nb-math-block\" data-math=\"block\" data-tex=\"").WriteEscape(tex).Write("\">").WriteEscape(tex).Write("</div>");
        }
    }
}
