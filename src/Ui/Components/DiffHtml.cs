using System.Globalization;
using System.Text;

namespace Squero.Ui;

/// <summary>
/// Writes the rows of a text diff. A string builder and not a component per line, because thousands of
/// lines are drawn at once; everything that came from a file is encoded here.
/// </summary>
public static class DiffHtml
{
    /// <summary>Appends table rows (no table) for the lines.</summary>
    public static void Append(StringBuilder to, IReadOnlyList<DiffLine> lines, DiffHtmlOptions options)
    {
        if (options.Split)
            AppendSplit(to, lines, options);
        else
            foreach (var line in lines)
                AppendUnified(to, line, options);
    }

    /// <summary>Cells in a row, for those who add rows of their own between.</summary>
    public static int Columns(bool split) => split ? 6 : 4;

    private static void AppendUnified(StringBuilder to, DiffLine line, DiffHtmlOptions options)
    {
        if (IsWide(line.Kind))
        {
            AppendWide(to, line, 4);
            return;
        }
        OpenRow(to, line);
        AppendNumber(to, line.Old);
        AppendNumber(to, line.New);
        AppendSign(to, line, options);
        AppendText(to, line);
        to.Append("</tr>\n");
    }

    private static void AppendSplit(StringBuilder to, IReadOnlyList<DiffLine> lines, DiffHtmlOptions options)
    {
        var at = 0;
        while (at < lines.Count)
        {
            var line = lines[at];
            if (IsWide(line.Kind))
            {
                AppendWide(to, line, 6);
                at++;
            }
            else if (line.Kind is DiffKind.Same)
            {
                AppendPair(to, line, line, options);
                at++;
            }
            else
            {
                at = AppendChange(to, lines, at, options);
            }
        }
    }

    /// <summary>A stretch of removed lines and the added ones after it stand beside each other.</summary>
    private static int AppendChange(StringBuilder to, IReadOnlyList<DiffLine> lines, int from, DiffHtmlOptions options)
    {
        var removed = from;
        while (removed < lines.Count && IsOldSide(lines[removed]))
            removed++;
        var added = removed;
        while (added < lines.Count && IsNewSide(lines[added]))
            added++;
        for (var row = 0; row < Math.Max(removed - from, added - removed); row++)
        {
            var left = from + row < removed ? lines[from + row] : null;
            var right = removed + row < added ? lines[removed + row] : null;
            AppendPair(to, left, right, options);
        }
        return added;
    }

    private static bool IsOldSide(DiffLine line) =>
        line.Kind is DiffKind.Removed || (line.Kind is DiffKind.Moved && line.New is null);

    private static bool IsNewSide(DiffLine line) =>
        line.Kind is DiffKind.Added || (line.Kind is DiffKind.Moved && line.New is not null);

    private static void AppendPair(StringBuilder to, DiffLine? left, DiffLine? right, DiffHtmlOptions options)
    {
        to.Append("<tr class=\"diff__line\" data-row>");
        AppendHalf(to, left, left?.Old, options, ReferenceEquals(left, right));
        AppendHalf(to, right, right?.New, options, false);
        to.Append("</tr>\n");
    }

    private static void AppendHalf(StringBuilder to, DiffLine? line, int? number, DiffHtmlOptions options, bool silent)
    {
        if (line is null)
        {
            to.Append("<td class=\"diff__no diff__none\"></td><td class=\"diff__sign diff__none\"></td><td class=\"diff__text diff__none\"></td>");
            return;
        }
        AppendNumber(to, number, line.Kind);
        AppendSign(to, silent ? line with { Anchor = null } : line, options, line.Kind);
        AppendText(to, line, line.Kind);
    }

    private static void OpenRow(StringBuilder to, DiffLine line)
    {
        to.Append("<tr class=\"diff__line").Append(KindClass(line.Kind)).Append("\" data-row");
        if (line.Anchor is not null)
        {
            to.Append(" data-anchor=\"");
            Html.Append(to, line.Anchor);
            to.Append('"');
        }
        to.Append('>');
    }

    private static void AppendNumber(StringBuilder to, int? number, DiffKind kind = DiffKind.Same)
    {
        to.Append("<td class=\"diff__no").Append(KindClass(kind)).Append("\">");
        if (number is { } value)
            to.Append(CultureInfo.InvariantCulture, $"{value}");
        to.Append("</td>");
    }

    private static void AppendSign(StringBuilder to, DiffLine line, DiffHtmlOptions options, DiffKind kind = DiffKind.Same)
    {
        to.Append("<td class=\"diff__sign").Append(KindClass(kind)).Append('"');
        if (options.Split && line.Anchor is not null)
        {
            to.Append(" data-anchor=\"");
            Html.Append(to, line.Anchor);
            to.Append('"');
        }
        to.Append('>');
        if (options.CanComment && line.Anchor is not null)
            AppendComment(to, line, options);
        to.Append(line.Kind switch { DiffKind.Added => "+", DiffKind.Removed => "−", DiffKind.Moved => "↕", _ => "" }).Append("</td>");
    }

    private static void AppendComment(StringBuilder to, DiffLine line, DiffHtmlOptions options)
    {
        var anchor = line.Anchor!;
        to.Append("<a class=\"comment-button\" rel=\"nofollow\" href=\"");
        Html.Append(to, options.CommentHref?.Invoke(anchor) ?? "?comment=" + Uri.EscapeDataString(anchor));
        to.Append("\" data-comment=\"");
        Html.Append(to, anchor);
        to.Append(CultureInfo.InvariantCulture, $"\" aria-label=\"Comment on line {line.New ?? line.Old}\">+</a>");
    }

    private static void AppendText(StringBuilder to, DiffLine line, DiffKind kind = DiffKind.Same)
    {
        to.Append("<td class=\"diff__text").Append(KindClass(kind)).Append("\">");
        var at = 0;
        foreach (var mark in line.Marks ?? [])
        {
            var start = Math.Clamp(mark.Start, at, line.Text.Length);
            var end = Math.Clamp(mark.Start + mark.Length, start, line.Text.Length);
            Html.Append(to, line.Text.AsSpan(at, start - at));
            to.Append("<mark>");
            Html.Append(to, line.Text.AsSpan(start, end - start));
            to.Append("</mark>");
            at = end;
        }
        Html.Append(to, line.Text.AsSpan(at));
        to.Append("</td>");
    }

    private static void AppendWide(StringBuilder to, DiffLine line, int columns)
    {
        to.Append(CultureInfo.InvariantCulture, $"<tr class=\"diff__wide{KindClass(line.Kind)}\"><td colspan=\"{columns}\">");
        Html.Append(to, line.Text);
        to.Append("</td></tr>\n");
    }

    private static bool IsWide(DiffKind kind) => kind is DiffKind.Hunk or DiffKind.Note;

    private static string KindClass(DiffKind kind) => kind switch
    {
        DiffKind.Added => " diff--added",
        DiffKind.Removed => " diff--removed",
        DiffKind.Moved => " diff--moved",
        DiffKind.Hunk => " diff--hunk",
        DiffKind.Note => " diff--note",
        _ => "",
    };
}
