using System.Net;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

/// <summary>What the view of a change says in words.</summary>
public sealed class ChangedViewTests
{
    private const string Chart = "application/vnd.vegalite.v5+json";

    [Fact]
    public void A_chart_that_changed_tells_its_number_without_being_drawn()
    {
        var html = Diff([Made.Code("plot()", "c", Spec(14))], [Made.Code("plot()", "c", Spec(22))]);

        Assert.Contains("In its description, 2 changed lines", html, StringComparison.Ordinal);
        Assert.Contains("<ins>22</ins>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_parts_of_a_split_cell_tell_of_each_other()
    {
        const string head = "rows = load('a.csv')\nrows = rows.dropna()\nrows = rows[rows.age > 18]";
        const string tail = "model = Fit(rows, depth=3)\nmodel.train()\nprint(model.score(rows))";

        var html = Diff([Made.Code(head + "\n" + tail, "a"), Made.Prose("# End", "z")], [Made.Code(head, "a"), Made.Code(tail, "b"), Made.Prose("# End", "z")]);

        Assert.Contains("<a href=\"#f-n1\">split, goes on in cell 2</a>", html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"#f-n0\">split from cell 1</a>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_parts_of_a_merged_cell_tell_of_each_other()
    {
        const string head = "rows = load('a.csv')\nrows = rows.dropna()\nrows = rows[rows.age > 18]";
        const string tail = "model = Fit(rows, depth=3)\nmodel.train()\nprint(model.score(rows))";

        var html = Diff([Made.Code(head, "a"), Made.Code(tail, "b"), Made.Prose("# End", "z")], [Made.Code(head + "\n" + tail, "a"), Made.Prose("# End", "z")]);

        Assert.Contains("took in cell 2", html, StringComparison.Ordinal);
        Assert.Contains("merged into cell 1", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_of_a_changed_table_is_not_named_beside_it()
    {
        var html = Diff([Made.Code("t", "c", Table("1"))], [Made.Code("t", "c", Table("2"))]);

        Assert.Contains("nb-differs", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Changed too", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Folds_of_a_long_notebook_count_the_cells_they_hold()
    {
        var cells = Enumerable.Range(0, 250).Select(n => Made.Code($"step_{n}()", "c" + n)).ToArray();
        var diff = Made.Diff(Made.Notebook(cells), Made.Notebook([.. cells[..^1], Made.Code("last()", "c249")]));
        string Piece(int start) => NotebookView.DiffHtml(diff, Made.Options() with { RangeUrl = range => $"?{range.Start}-{range.End}", Start = start });

        Assert.Contains("<summary>100 unchanged cells ", Piece(0), StringComparison.Ordinal);
        Assert.Contains("<summary>100 unchanged cells ", Piece(100), StringComparison.Ordinal);
        Assert.Contains("<summary>49 unchanged cells ", Piece(200), StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_of_a_markdown_table_are_aligned_without_styles()
    {
        var html = NotebookView.NotebookHtml(Made.Notebook(Made.Prose("| a | b |\n|:-:|--:|\n| 1 | 2 |")), Made.Options());

        Assert.Contains("<td class=\"center\">1</td>", html, StringComparison.Ordinal);
        Assert.Contains("<td class=\"end\">2</td>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("style", html, StringComparison.Ordinal);
    }

    private static System.Text.Json.Nodes.JsonObject Spec(int number)
    {
        var output = Made.Shown(Chart, "");
        output["data"]![Chart] = new System.Text.Json.Nodes.JsonObject { ["mark"] = "bar", ["height"] = number };
        return output;
    }

    private static System.Text.Json.Nodes.JsonObject Table(string number)
    {
        var output = Made.Shown("text/html", $"<table><tr><td>a</td><td>{number}</td></tr></table>");
        output["data"]!["text/plain"] = $"a {number}";
        return output;
    }

    private static string Diff(System.Text.Json.Nodes.JsonObject[] before, System.Text.Json.Nodes.JsonObject[] after) =>
        WebUtility.HtmlDecode(NotebookView.DiffHtml(Made.Diff(Made.Notebook(before), Made.Notebook(after)), Made.Options() with { IdPrefix = "f", FrameUrl = place => $"/f/{place.Cell}" }));
}
