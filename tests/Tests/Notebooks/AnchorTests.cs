using System.Text;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

public sealed class AnchorTests
{
    private static readonly string Plot = "aGVsbG8=";

    [Fact]
    public void An_anchor_reads_back_as_written()
    {
        var notebook = Made.Notebook(Made.Code("a\nb", "cell-1", Made.Shown("image/png", Plot)), Made.Code("no id"));
        NotebookAnchor[] anchors =
        [
            NotebookAnchor.Whole(NotebookSide.Old),
            NotebookAnchor.Of(NotebookSide.New, notebook.Cells[1]),
            NotebookAnchor.Of(NotebookSide.Old, notebook.Cells[0]) with { Part = AnchorPart.Source, Line = 2 },
            NotebookAnchor.Of(NotebookSide.New, notebook.Cells[0]) with { Part = AnchorPart.Output, Output = 0, ImageSha256 = new string('a', 64) },
        ];

        Assert.All(anchors, anchor => Assert.Equal(anchor, NotebookAnchor.Parse(anchor.ToString())));
        Assert.All(anchors, anchor => Assert.True(anchor.ToString().Length <= 200));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("n1.n.s.0.1.0.-")]
    [InlineData("n1.n.s.-1.1.0.-.key")]
    [InlineData("n1.n.s.0.1.0.-.<script>")]
    [InlineData("n1.n.s.00.1.0.-.key")]
    [InlineData("n2.n.s.0.1.0.-.key")]
    public void What_is_no_anchor_is_refused(string? text) => Assert.Null(NotebookAnchor.Parse(text));

    [Fact]
    public void Every_line_output_and_cell_of_a_diff_has_an_anchor_that_reads()
    {
        var diff = Made.Diff(Made.Notebook(Made.Code("a\nb", "x"), Made.Prose("old")), Made.Notebook(Made.Code("a\nc", "x", Made.Shown("image/png", Plot))));
        var html = NotebookView.DiffHtml(diff, Made.Options());

        var anchors = System.Text.RegularExpressions.Regex.Matches(html, "data-anchor=\"([^\"]+)\"").Select(match => match.Groups[1].Value).ToList();

        Assert.All(anchors, anchor => Assert.NotNull(NotebookAnchor.Parse(anchor)));
        Assert.Contains(anchors, anchor => NotebookAnchor.Parse(anchor) is { Side: NotebookSide.Old, Part: AnchorPart.Source, Line: 2 });
        Assert.Contains(anchors, anchor => NotebookAnchor.Parse(anchor) is { Part: AnchorPart.Output, ImageSha256: not null });
    }

    [Fact]
    public void A_line_is_followed_through_moves_edits_and_new_ids()
    {
        var old = Made.Notebook(Made.Code("import x\nfit(model, data)\nscore(model)", "aa"), Made.Prose("Some words about it"));
        var now = Made.Notebook(Made.Prose("Some words about it"), Made.Code("import x\nimport y\nfit(model, data)\nscore(model)", "zz"));
        var anchor = NotebookAnchor.Of(NotebookSide.New, old.Cells[0]) with { Part = AnchorPart.Source, Line = 2 };

        var place = Assert.IsType<AnchorPlacement.OnLine>(AnchorPlacement.Follow(anchor, old, now));

        Assert.Equal((1, 3), (place.Anchor.Cell, place.Anchor.Line));
        Assert.Equal("fit(model, data)", AnchorText.Of(place.Anchor, now));
    }

    [Fact]
    public void A_line_that_is_gone_leaves_its_thread_on_the_cell()
    {
        var old = Made.Notebook(Made.Code("import x\nfit(model, data)\nscore(model)", "aa"));
        var now = Made.Notebook(Made.Code("import x\nscore(model)", "aa"));

        var place = AnchorPlacement.Follow(NotebookAnchor.Of(NotebookSide.New, old.Cells[0]) with { Part = AnchorPart.Source, Line = 2 }, old, now);

        Assert.Equal("fit(model, data)", Assert.IsType<AnchorPlacement.OnCell>(place).OldText);
    }

    [Fact]
    public void A_cell_that_is_gone_sends_its_threads_to_the_shelf()
    {
        var old = Made.Notebook(Made.Code("one = 1"), Made.Code("gone = 2"));

        var place = AnchorPlacement.Follow(NotebookAnchor.Of(NotebookSide.New, old.Cells[1]), old, Made.Notebook(Made.Code("one = 1")));

        Assert.Equal("gone = 2", Assert.IsType<AnchorPlacement.Gone>(place).OldText);
    }

    [Fact]
    public void A_thread_on_a_plot_stays_on_the_plot_that_was_drawn_anew()
    {
        var old = Made.Notebook(Made.Code("plot()", "aa", Made.Printed("one"), Made.Shown("image/png", Plot)));
        var now = Made.Notebook(Made.Code("plot()", "aa", Made.Printed("one"), Made.Shown("image/png", "d29ybGQ=")));
        var anchor = NotebookAnchor.Of(NotebookSide.New, old.Cells[0]) with { Part = AnchorPart.Output, Output = 1, ImageSha256 = new string('a', 64) };

        var place = Assert.IsType<AnchorPlacement.OnCell>(AnchorPlacement.Follow(anchor, old, now));

        Assert.Equal((AnchorPart.Output, 1), (place.Anchor.Part, place.Anchor.Output));
        Assert.Contains($"data-anchor=\"{place.Anchor}\"", NotebookView.NotebookHtml(now, Made.Options()), StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_stand_in_the_flow_and_open_the_fold_they_are_in()
    {
        var before = Made.Notebook(Made.Code("quiet = 1\nline = 2"), Made.Prose("calm prose\nof two lines"), Made.Code("x = 1"));
        var after = Made.Notebook(Made.Code("quiet = 1\nline = 2"), Made.Prose("calm prose\nof two lines"), Made.Code("x = 2"));
        var onCode = (NotebookAnchor.Of(NotebookSide.New, after.Cells[0]) with { Part = AnchorPart.Source, Line = 2 }).ToString();
        var onProse = (NotebookAnchor.Of(NotebookSide.Old, before.Cells[1]) with { Part = AnchorPart.Source, Line = 2 }).ToString();

        var html = NotebookView.DiffHtml(Made.Diff(before, after), Made.Options(anchor => anchor == onCode ? "THREAD-1" : anchor == onProse ? "THREAD-2" : null));

        Assert.Contains("THREAD-1", html, StringComparison.Ordinal);
        Assert.Contains("THREAD-2", html, StringComparison.Ordinal);
        Assert.Contains("<details class=\"nb-fold nb-fold-cells\" open", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Raw_positions_name_the_line_of_the_file_on_both_sides()
    {
        var before = Made.Bytes(Made.Code("a\nb", "x"));
        var after = Made.Bytes(Made.Code("new\na\nb", "x"));
        var diff = NotebookDiff.Between(Notebook.Parse(before), Notebook.Parse(after));
        var anchor = NotebookAnchor.Of(NotebookSide.New, diff.After.Cells[0]) with { Part = AnchorPart.Source, Line = 3 };

        var position = RawPosition.Of(anchor, diff);

        Assert.Equal(LineOf(before, "\"b\""), position.OldLine);
        Assert.Equal(LineOf(after, "\"b\""), position.NewLine);
        Assert.Equal(anchor, RawPosition.Find(diff, null, position.NewLine));
        Assert.Equal(anchor with { Side = NotebookSide.Old, Line = 2 }, RawPosition.Find(diff, position.OldLine, null));
    }

    private static int LineOf(byte[] bytes, string text) =>
        Array.FindIndex(Encoding.UTF8.GetString(bytes).Split('\n'), line => line.Trim() == text) + 1;
}
