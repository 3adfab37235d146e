using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

/// <summary>Places that threads stand on, followed through what people and tools do to a notebook.</summary>
public sealed class AnchorTrailTests
{
    private const string Plot = "aGVsbG8=";
    private static readonly string Fit = "rows = load('a.csv')\nmodel = fit(rows, rate=3)\nprint(model.score)\nsave(model)";

    [Fact]
    public void Ranges_regions_and_lines_of_outputs_read_back_as_written()
    {
        var cell = NotebookAnchor.Of(NotebookSide.New, Made.Notebook(Made.Code("a\nb\nc", new string('k', 64))).Cells[0]);
        NotebookAnchor[] anchors =
        [
            (cell with { Part = AnchorPart.Source, Line = 3, First = 1 }),
            cell with { Part = AnchorPart.Output, Output = 999_999, Line = 12 },
            cell with { Part = AnchorPart.Output, Output = 999_999, ImageSha256 = new string('f', 64), Region = new PictureRegion(1234, 0, 5000, 10_000) },
        ];

        Assert.All(anchors, anchor => Assert.Equal(anchor, NotebookAnchor.Parse(anchor.ToString())));
        Assert.All(anchors, anchor => Assert.InRange(anchor.ToString().Length, 1, 200));
        Assert.Equal("cell 1, lines 1–3", anchors[0].Describe());
        Assert.Equal("region of picture 1000000 of cell 1", anchors[2].Describe());
    }

    [Theory]
    [InlineData("n1.n.s.0.3-3.0.-.key")]
    [InlineData("n1.n.s.0.4-3.0.-.key")]
    [InlineData("n1.n.s.0.0-3.0.-.key")]
    [InlineData("n1.n.o.0.0.1.-_1_2_3.key")]
    [InlineData("n1.n.o.0.0.1.-_9000_0_2000_10.key")]
    [InlineData("n1.n.o.0.0.1.-_0_0_0_10.key")]
    [InlineData("n1.n.o.0.0.1.-_01_0_5_10.key")]
    public void Ranges_that_run_backwards_and_regions_beyond_the_picture_are_no_anchors(string text) => Assert.Null(NotebookAnchor.Parse(text));

    [Theory]
    [InlineData("0.1,0.2,0.3,0.4", "1000_2000_3000_4000")]
    [InlineData("0.9,0,0.5,1", "9000_0_1000_10000")]
    [InlineData("-1,0,1.5,1", "0_0_5000_10000")]
    [InlineData("0.1,0.2,0,0.4", null)]
    [InlineData("NaN,0,1,1", null)]
    [InlineData("1,2,3", null)]
    [InlineData("a,b,c,d", null)]
    public void Regions_are_cut_to_the_picture(string fractions, string? expected) => Assert.Equal(expected, PictureRegion.Parse(fractions)?.ToString());

    [Fact]
    public void A_line_follows_when_its_cell_is_split_and_when_it_is_joined()
    {
        var whole = Made.Notebook(Made.Code("import csv", "a"), Made.Code(Fit, "b"));
        var split = Made.Notebook(Made.Code("import csv", "a"), Made.Code("rows = load('a.csv')\nmodel = fit(rows, rate=3)", "b"), Made.Code("print(model.score)\nsave(model)", "c"));
        var joined = Made.Notebook(Made.Code("import csv\n" + Fit, "a"));

        Assert.Equal((2, 1), Stands(Follow(OnLines(whole, 1, 3), whole, split)));
        Assert.Equal((0, 4), Stands(Follow(OnLines(whole, 1, 3), whole, joined)));
        Assert.Equal((2, 2), Stands(Follow(OnLines(split, 2, 1, 2), split, whole, split)));
    }

    [Fact]
    public void A_line_that_a_formatter_laid_out_anew_is_still_that_line()
    {
        var before = Made.Notebook(Made.Code("x=load( 'a.csv' )\ny = 2", "a"));
        var after = Made.Notebook(Made.Code("x = load(\"a.csv\")\ny = 2\nz = 3", "b"));

        Assert.Equal((0, 1), Stands(Follow(OnLines(before, 0, 1), before, after)));
    }

    [Fact]
    public void A_range_stays_while_all_its_lines_do_and_is_outdated_when_one_changes()
    {
        var before = Made.Notebook(Made.Code(Fit, "a"));
        var pushedDown = Made.Notebook(Made.Code("# first\n" + Fit, "a"));
        var changed = Made.Notebook(Made.Code(Fit.Replace("rate=3", "rate=5", StringComparison.Ordinal), "a"));

        var stays = Assert.IsType<AnchorPlacement.OnLine>(Follow(OnLines(before, 0, 1, 3), before, pushedDown)).Anchor;
        Assert.Equal((2, 4), (stays.FirstLine, stays.Line));
        var outdated = Assert.IsType<AnchorPlacement.OnCell>(Follow(OnLines(before, 0, 1, 3), before, changed));
        Assert.Equal("rows = load('a.csv')\nmodel = fit(rows, rate=3)\nprint(model.score)", outdated.OldText);
    }

    [Fact]
    public void What_was_taken_back_is_found_again()
    {
        var before = Made.Notebook(Made.Code("one = 1", "a"), Made.Code(Fit, "b"));
        var edited = Made.Notebook(Made.Code("one = 1", "a"), Made.Code(Fit.Replace("print(model.score)", "show()", StringComparison.Ordinal), "b"));
        var gone = Made.Notebook(Made.Code("one = 1", "a"));
        var anchor = OnLines(before, 1, 3);

        Assert.IsType<AnchorPlacement.OnCell>(Follow(anchor, before, edited));
        Assert.IsType<AnchorPlacement.Gone>(Follow(anchor, before, edited, gone));
        Assert.Equal((1, 3), Stands(Follow(anchor, before, edited, gone, before)));
        Assert.IsType<AnchorPlacement.OnCell>(Follow(anchor, before, gone, edited));
    }

    [Fact]
    public void A_region_goes_with_its_picture_to_the_one_drawn_anew()
    {
        var before = Made.Notebook(Made.Code("plot()", "a", Made.Shown("image/png", Plot)));
        var after = Made.Notebook(Made.Code("plot()", "a", Made.Printed("done"), Made.Shown("image/png", "d29ybGQ=")));
        var anchor = NotebookAnchor.Of(NotebookSide.New, before.Cells[0]) with
        {
            Part = AnchorPart.Output,
            Output = 0,
            ImageSha256 = NotebookPicture.Sha256Of(before.Cells[0].Outputs[0].Picture()!),
            Region = new PictureRegion(100, 200, 300, 400),
        };

        var place = Assert.IsType<AnchorPlacement.OnCell>(Follow(anchor, before, after)).Anchor;

        Assert.Equal((1, new PictureRegion(100, 200, 300, 400)), (place.Output, place.Region));
        Assert.NotEqual(anchor.ImageSha256, place.ImageSha256);
    }

    [Fact]
    public void A_line_of_an_output_is_found_among_new_ones()
    {
        var before = Made.Notebook(Made.Code("train()", "a", Made.Printed("epoch 1\nwarning: rate too high\nepoch 2\n")));
        var after = Made.Notebook(Made.Code("train()", "a", Made.Printed("start\nepoch 1\nwarning: rate too high\nepoch 7\n")));
        var anchor = NotebookAnchor.Of(NotebookSide.New, before.Cells[0]) with { Part = AnchorPart.Output, Output = 0, Line = 2 };

        Assert.Equal(3, Assert.IsType<AnchorPlacement.OnLine>(Follow(anchor, before, after)).Anchor.Line);
        Assert.Equal("warning: rate too high", AnchorText.Of(anchor, before));
        Assert.IsType<AnchorPlacement.OnCell>(Follow(anchor with { Line = 3 }, before, after));
    }

    [Fact]
    public void Over_random_histories_every_thread_is_seen_and_nearly_all_stand_on_their_cell()
    {
        var wrong = new List<string>();
        var figures = AnchorBench.Measure(120, 7_000, RealNotebooks(), wrong.Add);

        Assert.Equal(figures.Looks, figures.Visible);
        Assert.True(figures.WithCell > 10_000, $"Only {figures.WithCell} looks at threads with a cell.");
        Assert.True(figures.RightCellShare >= 0.99, $"{figures.RightCellShare:P2} on the right cell; among the rest:\n{string.Join('\n', wrong.Take(20))}");
        Assert.True(figures.RightLineShare >= 0.99, $"{figures.RightLineShare:P2} on the right line.");
    }

    private static IReadOnlyList<Notebook> RealNotebooks() =>
        TestData.Shared("notebooks/pairs") is not { } folder ? []
            : [.. Directory.EnumerateFiles(folder, "before.ipynb", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Where(file => new FileInfo(file).Length < 100_000).Take(40).Select(file => Notebook.Parse(File.ReadAllBytes(file)))];

    private static NotebookAnchor OnLines(Notebook notebook, int cell, int first, int? last = null) =>
        NotebookAnchor.Of(NotebookSide.New, notebook.Cells[cell]) with { Part = AnchorPart.Source, Line = last ?? first, First = last is null ? 0 : first };

    private static AnchorPlacement Follow(NotebookAnchor anchor, Notebook whole, params Notebook[] later)
    {
        var trail = new AnchorTrail(anchor, whole);
        foreach (var version in later)
        {
            trail.Step(version);
        }

        return trail.Now;
    }

    private static (int Cell, int Line) Stands(AnchorPlacement placement)
    {
        var anchor = Assert.IsType<AnchorPlacement.OnLine>(placement).Anchor;
        return (anchor.Cell, anchor.Line);
    }
}
