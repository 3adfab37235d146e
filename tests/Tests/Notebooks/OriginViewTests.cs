using System.Net;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

public sealed class OriginViewTests
{
    private static readonly OriginLinks Links = new(cell => $"/blob#n{cell}", path => path == "rows.csv" ? "/blob/rows.csv" : null);

    [Fact]
    public void An_output_leads_to_the_cells_and_files_behind_it()
    {
        var html = Answer(3, "import pandas as pd", "rows = pd.read_csv('rows.csv')\nold = pd.read_csv('gone.csv')", "other = 1", "rows.plot()");

        Assert.Contains("Made by <a href=\"/blob#n3\">cell 4</a>, which rests on <a href=\"/blob#n0\">cell 1</a> and <a href=\"/blob#n1\">cell 2</a>.", html, StringComparison.Ordinal);
        Assert.Contains("reads <a href=\"/blob/rows.csv\">rows.csv</a> in line 1 of cell 2", html, StringComparison.Ordinal);
        Assert.Contains("reads <code>gone.csv</code>, which is not in the repository, in line 2 of cell 2", html, StringComparison.Ordinal);
        Assert.Contains("cell 2</a> · for rows", html, StringComparison.Ordinal);
        Assert.DoesNotContain("other = 1", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cell_that_needs_nothing_says_so() => Assert.Contains("which uses nothing of the cells above", Answer(1, "x = 1", "print(2)"), StringComparison.Ordinal);

    [Fact]
    public void Every_output_that_shows_something_offers_the_way()
    {
        var notebook = Made.Notebook(Made.Code("x", "c", Made.Printed("1"), Made.Shown("text/plain", "2")));

        var html = NotebookView.NotebookHtml(notebook, Made.Options() with { OriginUrl = place => $"/made/{place.Cell}/{place.Output}" });

        Assert.Contains("href=\"/made/0/0\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/made/0/1\"", html, StringComparison.Ordinal);
    }

    private static string Answer(int cell, params string[] sources) =>
        WebUtility.HtmlDecode(NotebookView.OriginHtml(Made.Notebook([.. sources.Select(source => Made.Code(source))]), cell, Made.Options(), Links));
}
