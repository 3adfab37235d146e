using System.Net;

namespace Squero.Notebooks;

/// <summary>
/// Rewrites an HTML output as a table or text that can do nothing: only the tags listed here, only colspan, rowspan and
/// scope as attributes, everything else as escaped text or not at all. It writes anew and never passes markup through,
/// and it keeps tables well formed, so that no output can close an element of the page around it.
/// </summary>
internal sealed class StrictHtml
{
    private const int MaxDepth = 48;
    private const int MaxTags = 60_000;

    private static readonly HashSet<string> Allowed = new(StringComparer.Ordinal)
    {
        "table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "div", "p", "pre", "code", "span", "b", "strong", "i", "em", "u", "s",
        "sub", "sup", "small", "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "br", "hr", "kbd", "samp", "var",
    };

    private static readonly HashSet<string> Hidden = new(StringComparer.Ordinal)
    {
        "script", "style", "svg", "math", "iframe", "object", "embed", "template", "noscript", "noembed", "noframes", "textarea", "title", "xmp",
        "plaintext", "select", "option", "head", "applet", "audio", "video", "canvas", "map", "frameset", "button", "form",
    };

    private static readonly HashSet<string> Blocks = new(StringComparer.Ordinal)
    {
        "table", "div", "p", "pre", "ul", "ol", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "hr",
    };

    // Every table of pandas brings this rule, which says nothing that our own tables do not.
    private const string PandasStyle = ".dataframe tbody tr th";

    private readonly HtmlBuffer _to;
    private readonly IReadOnlySet<int>? _marked;
    private readonly List<string> _open = [];
    private readonly List<List<string>> _rows = [];
    private int _tags;
    private int _cells;
    private bool _shown;
    private bool _lost;

    private StrictHtml(HtmlBuffer to, IReadOnlySet<int>? marked) => (_to, _marked) = (to, marked);

    /// <summary>False when nothing of it can be shown; then nothing was written.</summary>
    public static bool Write(string html, HtmlBuffer to) => Write(html, to, null, out _);

    /// <summary>Marks table cells by their number; Lost tells that pictures, colours or the like were left out.</summary>
    public static bool Write(string html, HtmlBuffer to, IReadOnlySet<int>? marked, out bool lost)
    {
        var start = to.Length;
        var writer = new StrictHtml(to, marked);
        writer.Rewrite(html);
        if (!writer._shown)
        {
            to.CutTo(start);
        }

        lost = writer._lost;
        return writer._shown;
    }

    /// <summary>The texts of the table cells, row by row, in the order in which marks count them.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Rows(string html)
    {
        var writer = new StrictHtml(new HtmlBuffer(), null);
        writer.Rewrite(html);
        return writer._rows;
    }

    private void Rewrite(string html)
    {
        var at = 0;
        while (at < html.Length && _tags < MaxTags)
        {
            var tag = html.IndexOf('<', at);
            Text(html[at..(tag < 0 ? html.Length : tag)]);
            if (tag < 0)
            {
                break;
            }

            at = Markup(html, tag);
        }

        CloseDownTo(0);
    }

    /// <summary>Reads what begins with this bracket; returns where the text goes on.</summary>
    private int Markup(string html, int at)
    {
        if (html.AsSpan(at).StartsWith("<!--"))
        {
            var end = html.IndexOf("-->", at + 4, StringComparison.Ordinal);
            return end < 0 ? html.Length : end + 3;
        }

        var closing = at + 1 < html.Length && html[at + 1] == '/';
        var nameAt = at + (closing ? 2 : 1);
        if (nameAt >= html.Length || !char.IsAsciiLetter(html[nameAt]))
        {
            if (nameAt < html.Length && html[nameAt] is '!' or '?')
            {
                return After(html, '>', nameAt);
            }

            Text("<");
            return at + 1;
        }

        var nameEnd = nameAt;
        while (nameEnd < html.Length && (char.IsAsciiLetterOrDigit(html[nameEnd]) || html[nameEnd] is '-' or ':'))
        {
            nameEnd++;
        }

        _tags++;
        var name = html[nameAt..nameEnd].ToLowerInvariant();
        var attributes = Attributes(html, nameEnd, out var next);
        if (closing)
        {
            Close(name);
            return next;
        }

        if (Hidden.Contains(name))
        {
            var end = SkipElement(html, name, next);
            _lost |= name is not ("script" or "head" or "title" or "noscript") && !html.AsSpan(at, end - at).Contains(PandasStyle, StringComparison.Ordinal);
            return end;
        }

        if (Allowed.Contains(name))
        {
            _lost |= html.AsSpan(at, next - at).Contains("style=", StringComparison.OrdinalIgnoreCase) && !html.AsSpan(at, next - at).Contains("text-align", StringComparison.OrdinalIgnoreCase);
            Open(name, attributes);
        }
        else
        {
            _lost |= name is "img" or "input" or "details" or "font" or "center" or "picture";
        }

        return next;
    }

    private static int SkipElement(string html, string name, int at)
    {
        var end = html.IndexOf("</" + name, at, StringComparison.OrdinalIgnoreCase);
        return end < 0 ? html.Length : After(html, '>', end);
    }

    private static int After(string html, char c, int at)
    {
        var end = html.IndexOf(c, at);
        return end < 0 ? html.Length : end + 1;
    }

    /// <summary>Keeps the few attributes that tables need, as numbers and known words.</summary>
    private static List<(string Name, string Value)> Attributes(string html, int at, out int next)
    {
        var kept = new List<(string, string)>();
        while (at < html.Length && html[at] != '>')
        {
            if (char.IsWhiteSpace(html[at]) || html[at] is '/' or '=')
            {
                at++;
                continue;
            }

            var nameAt = at;
            while (at < html.Length && !char.IsWhiteSpace(html[at]) && html[at] is not '=' and not '>' and not '/')
            {
                at++;
            }

            var name = html[nameAt..at].ToLowerInvariant();
            while (at < html.Length && char.IsWhiteSpace(html[at]))
            {
                at++;
            }

            if (at >= html.Length || html[at] != '=')
            {
                continue;
            }

            Keep(kept, name, Value(html, at + 1, out at));
        }

        next = Math.Min(at + 1, html.Length);
        return kept;
    }

    private static string Value(string html, int at, out int next)
    {
        while (at < html.Length && char.IsWhiteSpace(html[at]))
        {
            at++;
        }

        if (at < html.Length && html[at] is '"' or '\'')
        {
            var end = html.IndexOf(html[at], at + 1);
            next = end < 0 ? html.Length : end + 1;
            return html[(at + 1)..(end < 0 ? html.Length : end)];
        }

        var start = at;
        while (at < html.Length && !char.IsWhiteSpace(html[at]) && html[at] != '>')
        {
            at++;
        }

        next = at;
        return html[start..at];
    }

    private static void Keep(List<(string, string)> kept, string name, string value)
    {
        var number = name is "colspan" or "rowspan" && value.Length is > 0 and <= 3 && value.All(char.IsAsciiDigit);
        if (number || name == "scope" && value is "row" or "col" or "rowgroup" or "colgroup")
        {
            kept.Add((name, value));
        }
    }

    private void Open(string name, List<(string Name, string Value)> attributes)
    {
        if (name is "br" or "hr")
        {
            if (!InTableParts())
            {
                _to.Raw(name == "br" ? "<br>"u8 : "<hr>"u8);
            }

            return;
        }

        if (_open.Count >= MaxDepth || !MakeRoom(name))
        {
            return;
        }

        _open.Add(name);
        _to.Raw("<"u8);
        _to.Text(name);
        Count(name);
        foreach (var (key, value) in attributes)
        {
            if (name is "td" or "th")
            {
                _to.Raw(" "u8);
                _to.Text(key);
                _to.Raw("=\""u8);
                _to.Text(value);
                _to.Raw("\""u8);
            }
        }

        _to.Raw(">"u8);
    }

    private void Count(string name)
    {
        if (name == "tr" || name is "td" or "th" && _rows.Count == 0)
        {
            _rows.Add([]);
        }

        if (name is "td" or "th")
        {
            _rows[^1].Add("");
            if (_marked?.Contains(_cells++) == true)
            {
                _to.Raw(" class=\"nb-differs\""u8);
            }
        }
    }

    /// <summary>Closes what browsers would close here by themselves; false when the tag has no place.</summary>
    private bool MakeRoom(string name)
    {
        switch (name)
        {
            case "td" or "th":
                return CloseBelow("tr", "table");
            case "tr":
                return CloseBelowAny(["thead", "tbody", "tfoot", "table"]);
            case "thead" or "tbody" or "tfoot" or "caption":
                return CloseBelow("table", "table");
            case "li":
                return InTableParts() is false && CloseItem(["ul", "ol"]);
            case "dt" or "dd":
                return InTableParts() is false && CloseItem(["dl"]);
            default:
                if (InTableParts())
                {
                    return false;
                }

                if (Blocks.Contains(name))
                {
                    CloseParagraph();
                }

                return true;
        }
    }

    private bool InTableParts() => _open.Count > 0 && _open[^1] is "table" or "thead" or "tbody" or "tfoot" or "tr";

    private bool CloseBelow(string parent, string limit)
    {
        for (var i = _open.Count - 1; i >= 0; i--)
        {
            if (_open[i] == parent)
            {
                CloseDownTo(i + 1);
                return true;
            }

            if (_open[i] == limit)
            {
                return false;
            }
        }

        return false;
    }

    private bool CloseBelowAny(string[] parents)
    {
        var at = _open.FindLastIndex(tag => parents.Contains(tag));
        if (at >= 0)
        {
            CloseDownTo(at + 1);
        }

        return at >= 0;
    }

    private bool CloseItem(string[] lists)
    {
        var at = _open.FindLastIndex(tag => lists.Contains(tag) || tag is "td" or "th" or "table");
        if (at < 0 || !lists.Contains(_open[at]))
        {
            return false;
        }

        CloseDownTo(at + 1);
        return true;
    }

    private void CloseParagraph()
    {
        var at = _open.FindLastIndex(tag => tag is "p" or "td" or "th" or "table" || tag.Length == 2 && tag[0] == 'h');
        if (at >= 0 && _open[at] is not ("td" or "th" or "table"))
        {
            CloseDownTo(at);
        }
    }

    private void Close(string name)
    {
        var at = _open.LastIndexOf(name);
        var fence = name is "table" or "tr" or "thead" or "tbody" or "tfoot" ? _open.LastIndexOf("table") : _open.FindLastIndex(tag => tag is "td" or "th" or "table" or "caption");
        if (at >= 0 && at >= fence)
        {
            CloseDownTo(at);
        }
    }

    private void CloseDownTo(int depth)
    {
        for (var i = _open.Count - 1; i >= depth; i--)
        {
            _to.Raw("</"u8);
            _to.Text(_open[i]);
            _to.Raw(">"u8);
        }

        _open.RemoveRange(depth, _open.Count - depth);
    }

    private void Text(string text)
    {
        if (text.Length == 0 || InTableParts())
        {
            return;
        }

        var decoded = text.Contains('&', StringComparison.Ordinal) ? WebUtility.HtmlDecode(text) : text;
        _shown |= !string.IsNullOrWhiteSpace(decoded);
        if (_rows is [.., { Count: > 0 } row] && _open.Contains("table"))
        {
            row[^1] += decoded.Trim();
        }

        _to.Text(decoded);
    }
}
