using System.Text;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

/// <summary>The result is ours' file with what changed put in: bytes that nobody changed are the bytes of the input.</summary>
public sealed class MergeLayoutTests
{
    private static readonly WrittenCell Title = new("aa", false, "# Größe < 5 \"x\"");
    private static readonly WrittenCell Load = new("bb", true, "import csv\nrows = load('churn.csv')\n\nprint(rows)\n");
    private static readonly WrittenCell Plot = new("cc", true, "plot(rows)");

    public static TheoryData<string> Styles => ["plain", "four", "tabs", "crlf", "one line", "ascii", "text", "source first", "no end"];

    [Theory]
    [MemberData(nameof(Styles))]
    public void Each_sides_edit_of_one_line_changes_that_line_alone(string style)
    {
        var merged = NotebookMerge.Of(
            Written(style, Title, Load, Plot),
            Written(style, Title, Load with { Source = Load.Source.Replace("import csv", "import csv, json", StringComparison.Ordinal) }, Plot),
            Written(style, Title, Load with { Source = Load.Source.Replace("print(rows)", "print(rows) # naïve", StringComparison.Ordinal) }, Plot));

        Assert.True(merged.IsClean);
        var expected = Written(style, Title, Load with { Source = "import csv, json\nrows = load('churn.csv')\n\nprint(rows) # naïve\n" }, Plot);
        Assert.Equal(Encoding.UTF8.GetString(expected), merged.Text());
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public void Cells_of_both_sides_stand_in_the_layout_of_ours_whatever_theirs_is(string style)
    {
        var (mine, other) = (new WrittenCell("dd", true, "ours()\nmore()"), new WrittenCell("ee", false, "Theirs says **this**\n\nand that"));
        var merged = NotebookMerge.Of(
            Written("plain", Title, Load, Plot),
            Written(style, Title, mine, Load, Plot),
            Written("plain", Title, Load, other, Plot));

        Assert.True(merged.IsClean);
        var expected = Encoding.UTF8.GetString(Written(style, Title, mine, Load, other, Plot));
        Assert.Equal(style is "text" or "source first" ? Parsed(expected) : expected, style is "text" or "source first" ? Parsed(merged.Text()) : merged.Text());
    }

    [Fact]
    public void A_mark_at_the_beginning_of_the_file_stays()
    {
        byte[] marked = [.. "\uFEFF"u8, .. Written("plain", Title, Load with { Source = "ours()" }, Plot)];

        var merged = NotebookMerge.Of(Written("plain", Title, Load, Plot), marked, Written("plain", Title, Load, Plot with { Source = "plot(rows, wide=True)" }));

        byte[] expected = [.. "\uFEFF"u8, .. Written("plain", Title, Load with { Source = "ours()" }, Plot with { Source = "plot(rows, wide=True)" })];
        Assert.True(merged.Write().Span.SequenceEqual(expected));
    }

    [Fact]
    public void A_side_that_was_only_laid_out_anew_changes_nothing()
    {
        var ours = Written("plain", Title, Load with { Source = "ours()" }, Plot);

        var merged = NotebookMerge.Of(Written("plain", Title, Load, Plot), ours, Written("one line", Title, Load, Plot));

        Assert.True(merged.IsClean);
        Assert.True(merged.Write().Span.SequenceEqual(ours));
    }

    private static string Parsed(string json) =>
        string.Join('|', Notebook.Parse(Encoding.UTF8.GetBytes(json)).Cells.Select(cell => $"{cell.Id} {cell.Kind} {cell.Source}"));

    private static byte[] Written(string style, params WrittenCell[] cells)
    {
        var notebook = new WrittenNotebook(cells);
        return (style switch
        {
            "four" => notebook with { Indent = "    " },
            "tabs" => notebook with { Indent = "\t" },
            "crlf" => notebook with { NewLine = "\r\n", End = "\r\n" },
            "one line" => notebook with { Compact = true },
            "ascii" => notebook with { Ascii = true },
            "text" => notebook with { SourceAsText = true },
            "source first" => notebook with { SourceFirst = true },
            "no end" => notebook with { End = "" },
            _ => notebook,
        }).Bytes();
    }
}
