using System.Text;

namespace Squero.Ui;

/// <summary>Lines of a log as the script draws them too: colours of ANSI become spans with classes.</summary>
public static class LogHtml
{
    private static readonly string[] Colours = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

    public static string Render(IEnumerable<string> lines)
    {
        var html = new StringBuilder(4096);
        var number = 0;
        foreach (var line in lines)
            AppendLine(html, line, ++number);
        return html.ToString();
    }

    /// <summary>One line with its number, which is also its address (#L12).</summary>
    public static void AppendLine(StringBuilder to, string line, int number)
    {
        to.Append(System.Globalization.CultureInfo.InvariantCulture, $"<div class=\"log__line\" id=\"L{number}\"><a class=\"log__no\" href=\"#L{number}\">{number}</a><span class=\"log__text\">");
        AppendText(to, line);
        to.Append("</span></div>");
    }

    private static void AppendText(StringBuilder to, string line)
    {
        // What a carriage return wrote over is gone on a terminal, and so here.
        var text = line.TrimEnd('\r', '\n');
        text = text[(text.LastIndexOf('\r') + 1)..];
        var open = false;
        var at = 0;
        while (at < text.Length)
        {
            var escape = text.IndexOf('\u001b', at);
            Html.Append(to, text.AsSpan(at, (escape < 0 ? text.Length : escape) - at));
            if (escape < 0)
                break;
            at = SkipEscape(text, escape, out var classes);
            if (classes is null)
                continue;
            if (open)
                to.Append("</span>");
            open = classes.Length > 0;
            if (open)
                to.Append("<span class=\"").Append(classes).Append("\">");
        }
        if (open)
            to.Append("</span>");
    }

    /// <summary>The classes are null for an escape that is not about colour, and empty for a reset.</summary>
    private static int SkipEscape(string text, int escape, out string? classes)
    {
        classes = null;
        var at = escape + 1;
        if (at >= text.Length || text[at] != '[')
            return at;
        var start = ++at;
        while (at < text.Length && text[at] is (>= '0' and <= '9') or ';' or '?')
            at++;
        if (at >= text.Length)
            return at;
        if (text[at] == 'm' && at - start < 40)
            classes = ClassesOf(text[start..at]);
        return at + 1;
    }

    private static string ClassesOf(string codes)
    {
        var names = new List<string>();
        foreach (var part in codes.Split(';'))
        {
            if (!int.TryParse(part, out var code) || code == 0)
                names.Clear();
            else if (code is 38 or 48)
                break;
            else if (NameOf(code) is { } name)
                names.Add(name);
        }
        return string.Join(' ', names);
    }

    private static string? NameOf(int code) => code switch
    {
        1 => "ansi-bold",
        2 => "ansi-dim",
        3 => "ansi-italic",
        4 => "ansi-underline",
        >= 30 and <= 37 => "ansi-" + Colours[code - 30],
        >= 90 and <= 97 => "ansi-bright-" + Colours[code - 90],
        _ => null,
    };
}
