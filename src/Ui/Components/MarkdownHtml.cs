using AngleSharp.Dom;
using Ganss.Xss;
using Markdig;

namespace Squero.Ui;

/// <summary>
/// Markdown of strangers as safe HTML: raw HTML is text, and what Markdig writes passes an allow-list besides,
/// so that a fault in either is caught by the other.
/// </summary>
public static class MarkdownHtml
{
    /// <summary>Longer texts are shown plain: a page must not wait for them.</summary>
    public const int LengthMax = 512 * 1024;

    /// <summary>Deeper nesting of quotes and lists than this is shown plain.</summary>
    private const int DepthMax = 60;

    private static readonly MarkdownPipeline Grammar = new MarkdownPipelineBuilder()
        .DisableHtml()
        .UsePipeTables()
        .UseEmphasisExtras(Markdig.Extensions.EmphasisExtras.EmphasisExtraOptions.Strikethrough)
        .UseTaskLists()
        .UseAutoLinks(new Markdig.Extensions.AutoLinks.AutoLinkOptions { ValidPreviousCharacters = "*_~(" })
        .UseMathematics()
        .UseFootnotes()
        .Build();

    private static readonly string[] Tags =
    [
        "a", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img",
        "input", "li", "ol", "p", "pre", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
    ];

    private static readonly string[] Attributes = ["href", "src", "alt", "title", "class", "start", "type", "checked", "disabled", "style"];

    /// <summary>The rewriter is asked for every relative address; null drops it.</summary>
    public static string Render(string text, Func<LinkTarget, string?>? rewrite = null)
    {
        if (text.Length > LengthMax || DepthOf(text) > DepthMax)
            return $"<pre>{Html.Encode(text)}</pre>";
        var html = Markdig.Markdown.ToHtml(text, Grammar);
        return Sanitizer(rewrite).Sanitize(html);
    }

    private static int DepthOf(string text)
    {
        var deepest = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var depth = 0;
            foreach (var letter in line)
            {
                if (letter is '>' or '[' or '*' or '-' or '+' or '_')
                    depth++;
                else if (letter is not ' ' and not '\t')
                    break;
            }
            deepest = Math.Max(deepest, depth);
        }
        return deepest;
    }

    private static HtmlSanitizer Sanitizer(Func<LinkTarget, string?>? rewrite)
    {
        var sanitizer = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            AllowedTags = new HashSet<string>(Tags, StringComparer.OrdinalIgnoreCase),
            AllowedAttributes = new HashSet<string>(Attributes, StringComparer.OrdinalIgnoreCase),
            AllowedSchemes = new HashSet<string>(["http", "https", "mailto"], StringComparer.OrdinalIgnoreCase),
            UriAttributes = new HashSet<string>(["href", "src"], StringComparer.OrdinalIgnoreCase),
            AllowedCssProperties = new HashSet<string>(["text-align"], StringComparer.OrdinalIgnoreCase),
        });
        sanitizer.PostProcessNode += (_, args) =>
        {
            if (args.Node is IElement element)
                Finish(element, rewrite);
        };
        return sanitizer;
    }

    private static void Finish(IElement element, Func<LinkTarget, string?>? rewrite)
    {
        switch (element.LocalName)
        {
            case "a":
                Redirect(element, "href", false, rewrite);
                if (IsForeign(element.GetAttribute("href")))
                    element.SetAttribute("rel", "nofollow noopener noreferrer");
                break;
            case "img":
                Redirect(element, "src", true, rewrite);
                // A picture from elsewhere would tell its host who reads this page.
                if (IsForeign(element.GetAttribute("src")))
                    LinkInstead(element);
                else
                    element.SetAttribute("loading", "lazy");
                break;
            case "input":
                element.SetAttribute("type", "checkbox");
                element.SetAttribute("disabled", "");
                element.SetAttribute("aria-label", element.HasAttribute("checked") ? "done" : "to do");
                break;
        }
        KeepOurClasses(element);
        KeepAlignment(element);
    }

    private static void Redirect(IElement element, string attribute, bool isImage, Func<LinkTarget, string?>? rewrite)
    {
        if (rewrite is null || element.GetAttribute(attribute) is not { Length: > 0 } address)
            return;
        if (IsForeign(address) || address[0] is '#' or '/' || address.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
            return;
        if (rewrite(new LinkTarget(address, isImage)) is { } rewritten)
            element.SetAttribute(attribute, rewritten);
        else
            element.RemoveAttribute(attribute);
    }

    private static bool IsForeign(string? address) => address is not null
        && (address.StartsWith("//", StringComparison.Ordinal)
            || address.StartsWith("/\\", StringComparison.Ordinal)
            || address.StartsWith('\\')
            || address.StartsWith("http:", StringComparison.OrdinalIgnoreCase)
            || address.StartsWith("https:", StringComparison.OrdinalIgnoreCase));

    private static void LinkInstead(IElement image)
    {
        var link = image.Owner!.CreateElement("a");
        var address = image.GetAttribute("src")!;
        link.SetAttribute("href", address);
        link.SetAttribute("rel", "nofollow noopener noreferrer");
        link.TextContent = image.GetAttribute("alt") is { Length: > 0 } alt ? alt : address;
        image.Replace(link);
    }

    /// <summary>Classes choose a language or mark a formula; any other could dress a text up as part of the page.</summary>
    private static void KeepOurClasses(IElement element)
    {
        var name = element.GetAttribute("class");
        element.RemoveAttribute("class");
        if (name is null)
            return;
        if (name.Split(' ').Contains("math"))
            SetMath(element);
        else if (element.LocalName == "code" && name.StartsWith("language-", StringComparison.Ordinal) && name.Skip(9).All(char.IsAsciiLetterOrDigit))
            element.SetAttribute("class", name);
        else if (element.LocalName == "li" && name == "task-list-item")
            element.SetAttribute("class", "task");
    }

    /// <summary>Columns of tables are aligned by a class: the page's policy allows no style of its own in an element.</summary>
    private static void KeepAlignment(IElement element)
    {
        var style = element.GetAttribute("style");
        element.RemoveAttribute("style");
        if (style is null || element.LocalName is not ("td" or "th"))
            return;
        if (style.Contains("right", StringComparison.Ordinal))
            element.SetAttribute("class", "end");
        else if (style.Contains("center", StringComparison.Ordinal))
            element.SetAttribute("class", "center");
    }

    private static void SetMath(IElement element)
    {
        var text = element.TextContent.Trim();
        if (text.Length > 4 && (text.StartsWith("\\(", StringComparison.Ordinal) || text.StartsWith("\\[", StringComparison.Ordinal)))
            text = text[2..^2].Trim();
        element.TextContent = text;
        element.SetAttribute("data-math", element.LocalName == "div" ? "block" : "inline");
    }
}
