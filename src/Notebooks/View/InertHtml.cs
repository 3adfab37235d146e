using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Squero.Notebooks;

/// <summary>
/// All of an HTML output with its styles, for a frame whose sandbox and policy forbid scripts and requests. What a policy does
/// not cover (links that open connections early, refreshes, forms, frames) is taken out here; addresses go but for pasted pictures.
/// </summary>
internal static class InertHtml
{
    private const int MaxDepth = 400;

    private static readonly HashSet<string> Gone = new(StringComparer.OrdinalIgnoreCase)
    {
        "script", "link", "meta", "base", "iframe", "frame", "frameset", "object", "embed", "applet", "noscript", "noembed", "noframes", "template",
        "portal", "fencedframe", "form", "audio", "video", "source", "track", "dialog", "title", "animate", "set", "animateTransform", "animateMotion", "foreignObject", "math",
    };

    private static readonly HashSet<string> Addresses = new(StringComparer.OrdinalIgnoreCase)
    {
        "src", "srcset", "href", "xlink:href", "action", "formaction", "poster", "data", "background", "ping", "cite", "longdesc", "usemap", "manifest", "archive",
        "codebase", "classid", "profile", "srcdoc", "imagesrcset", "target", "autofocus", "popovertarget", "popover", "from", "to", "values", "by",
    };

    public static string Of(string html)
    {
        var document = new HtmlParser().ParseDocument(html);
        foreach (var element in document.All.ToList())
        {
            if (Gone.Contains(element.LocalName) || DepthOf(element) > MaxDepth || element.LocalName is "style" && element.Closest("svg") is not null)
            {
                element.Remove();
                continue;
            }

            foreach (var attribute in element.Attributes.ToList())
            {
                if (!Stays(attribute))
                {
                    element.RemoveAttribute(attribute.NamespaceUri, attribute.LocalName);
                    element.RemoveAttribute(attribute.Name);
                }
            }
        }

        // Styles of a fragment land in the head.
        var styles = string.Concat(document.Head?.QuerySelectorAll("style").Select(style => style.OuterHtml) ?? []);
        return styles + document.Body?.InnerHtml;
    }

    private static bool Stays(IAttr attribute) =>
        !attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase)
        && (!Addresses.Contains(attribute.Name) && !Addresses.Contains(attribute.LocalName)
            || attribute.Value.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase) && attribute.LocalName is "src"
            || attribute.Value.StartsWith('#') && attribute.LocalName is "href");

    private static int DepthOf(INode node)
    {
        var depth = 0;
        for (var parent = node.Parent; parent is not null && depth <= MaxDepth; parent = parent.Parent)
        {
            depth++;
        }

        return depth;
    }
}
