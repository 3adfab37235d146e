using System.Text;
using AngleSharp.Html.Parser;
using CsCheck;
using Microsoft.AspNetCore.Components;
using Squero.Ui;

namespace Squero.Tests.Ui;

public sealed class DiffHtmlTests
{
    private static readonly Gen<DiffLine> Lines = Gen.Select(
        Gen.Enum<DiffKind>(), Gen.Int[1, 99], Gen.String, Gen.String[Gen.Char["<>&\"'ab/ ="], 0, 12], Gen.Int[-3, 30], Gen.Int[-3, 30],
        (kind, number, text, anchor, start, length) =>
            new DiffLine(kind, number, number, text, anchor, [new Mark(start, length), new Mark(length, start)]));

    [Fact]
    public void A_line_is_text_and_nothing_else()
    {
        var html = Draw([new(DiffKind.Added, null, 1, "</td><script>alert(1)</script> & \"x\"", "a\" onclick=\"alert(1)")], new DiffHtmlOptions { CanComment = true });

        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("\" onclick", html, StringComparison.Ordinal);
        Assert.Contains("&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_line_is_drawn_whole_and_inert() =>
        Gen.Select(Lines.List[0, 8], Gen.Bool, Gen.Bool).Sample((lines, split, canComment) =>
        {
            var html = Draw(lines, new DiffHtmlOptions { Split = split, CanComment = canComment });
            var rows = new HtmlParser().ParseDocument($"<table><tbody>{html}</tbody></table>");
            foreach (var element in rows.Body!.QuerySelectorAll("*"))
            {
                Assert.Contains(element.LocalName, (string[])["table", "tbody", "tr", "td", "a", "mark"]);
                Assert.All(element.Attributes, attribute => Assert.Contains(attribute.Name, (string[])["class", "data-row", "data-anchor", "data-comment", "href", "rel", "aria-label", "colspan"]));
            }
            if (!split)
                Assert.Equal(lines.Count, rows.QuerySelectorAll("tr").Length);
        }, iter: 500);

    [Fact]
    public void Marks_stand_around_what_changed() =>
        Assert.Contains("depth=<mark>6</mark>)", Draw([new(DiffKind.Added, null, 1, "depth=6)", null, [new Mark(6, 1)])], new()), StringComparison.Ordinal);

    [Fact]
    public void Marks_that_turn_the_direction_of_text_are_shown() =>
        Assert.Contains("a\ufffdb", Draw([new(DiffKind.Same, 1, 1, "a\u202eb")], new()), StringComparison.Ordinal);

    [Fact]
    public void Side_by_side_a_removed_line_faces_the_added_one()
    {
        var html = Draw([new(DiffKind.Removed, 1, null, "old", "o"), new(DiffKind.Added, null, 1, "new", "n"), new(DiffKind.Added, null, 2, "more")], new() { Split = true });

        var rows = new HtmlParser().ParseDocument($"<table><tbody>{html}</tbody></table>").QuerySelectorAll("tr");
        Assert.Equal(2, rows.Length);
        Assert.Equal(["1", "−", "old", "1", "+", "new"], rows[0].Children.Select(cell => cell.TextContent));
        Assert.Equal(["", "", "", "2", "+", "more"], rows[1].Children.Select(cell => cell.TextContent));
    }

    [Fact]
    public async Task What_belongs_to_a_line_stands_below_it()
    {
        var html = await RenderedComponent.Of<DiffLines>(new()
        {
            ["Lines"] = (IReadOnlyList<DiffLine>)[new(DiffKind.Same, 1, 1, "first", "a1"), new(DiffKind.Same, 2, 2, "second", "a2")],
            ["After"] = (Func<string, RenderFragment?>)(anchor => anchor == "a1" ? builder => builder.AddContent(0, "a thread") : null),
        });

        var first = html.IndexOf("first", StringComparison.Ordinal);
        var thread = html.IndexOf("a thread", StringComparison.Ordinal);
        Assert.InRange(thread, first, html.IndexOf("second", StringComparison.Ordinal));
    }

    private static string Draw(IReadOnlyList<DiffLine> lines, DiffHtmlOptions options)
    {
        var html = new StringBuilder();
        DiffHtml.Append(html, lines, options);
        return html.ToString();
    }
}
