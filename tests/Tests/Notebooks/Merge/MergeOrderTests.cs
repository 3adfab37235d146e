using System.Text.Json.Nodes;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

public sealed class MergeOrderTests
{
    private static readonly JsonObject Load = Made.Code("rows = load('churn.csv')", "load");
    private static readonly JsonObject Clean = Made.Code("rows = clean(rows, strict=True)", "clean");
    private static readonly JsonObject Fit = Made.Code("model = fit(rows)\nscore(model)", "fit");
    private static readonly JsonObject Plot = Made.Code("plot(model, rows)", "plot");
    private static readonly JsonObject[] Base = [Load, Clean, Fit, Plot];

    [Fact]
    public void What_both_add_at_one_place_stands_ours_first()
    {
        var merge = Merging.Of(Base, [Load, Made.Code("ours = 1", "o1"), Clean, Fit, Plot], [Load, Made.Code("theirs = 2", "t1"), Clean, Fit, Plot]);

        Assert.True(merge.IsClean);
        Assert.Equal(["rows = load('churn.csv')", "ours = 1", "theirs = 2"], merge.Sources()[..3]);
        Assert.Equal(6, merge.Sources().Length);
    }

    [Fact]
    public void The_same_cell_added_by_both_is_there_once_though_its_ids_differ()
    {
        var merge = Merging.Of(Base, [Load, Made.Code("import numpy as np", "o1"), Clean, Fit, Plot], [Load, Made.Code("import numpy as np", "t1"), Clean, Fit, Plot]);

        Assert.True(merge.IsClean);
        Assert.Equal(5, merge.Sources().Length);
        Assert.Equal("o1", merge.Result().Cells[1].Id);
    }

    [Fact]
    public void A_cell_that_only_one_side_removed_is_gone()
    {
        var merge = Merging.Of(Base, [Load, Fit, Plot], [Load, Clean, Fit, Made.Code("plot(model, rows, wide=True)", "plot")]);

        Assert.True(merge.IsClean);
        Assert.Equal(["rows = load('churn.csv')", "model = fit(rows)\nscore(model)", "plot(model, rows, wide=True)"], merge.Sources());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_cell_moved_by_one_side_and_edited_by_the_other_is_there_once_where_it_went_with_the_edit(bool oursMoves)
    {
        JsonObject[] moved = [Plot, Load, Clean, Fit];
        JsonObject[] edited = [Load, Clean, Fit, Made.Code("plot(model, rows, wide=True)", "plot")];

        var merge = oursMoves ? Merging.Of(Base, moved, edited) : Merging.Of(Base, edited, moved);

        Assert.True(merge.IsClean);
        Assert.Equal(["plot(model, rows, wide=True)", "rows = load('churn.csv')", "rows = clean(rows, strict=True)", "model = fit(rows)\nscore(model)"], merge.Sources());
    }

    [Fact]
    public void A_cell_that_both_moved_elsewhere_is_there_once_where_ours_put_it()
    {
        var merge = Merging.Of(Base, [Plot, Load, Clean, Fit], [Load, Plot, Clean, Fit]);

        Assert.True(merge.IsClean);
        Assert.Equal(["plot(model, rows)", "rows = load('churn.csv')", "rows = clean(rows, strict=True)", "model = fit(rows)\nscore(model)"], merge.Sources());
    }

    [Fact]
    public void What_is_written_into_a_block_that_the_other_side_moves_goes_with_it()
    {
        var note = Made.Prose("Between cleaning and fitting", "note");
        JsonObject[] intro = [.. Enumerable.Range(0, 4).Select(i => Made.Prose($"Chapter {i} of the introduction", $"c{i}"))];

        var merge = Merging.Of([.. intro, Clean, Fit], [.. intro, Clean, note, Fit], [Clean, Fit, .. intro]);

        Assert.True(merge.IsClean);
        Assert.Equal(["rows = clean(rows, strict=True)", "Between cleaning and fitting", "model = fit(rows)\nscore(model)"], merge.Sources()[..3]);
        Assert.Equal(7, merge.Sources().Length);
    }

    [Fact]
    public void A_cell_removed_here_and_edited_there_is_asked_about_and_stays_until_then()
    {
        var merge = Merging.Of(Base, [Load, Clean, Plot], [Load, Clean, Made.Code("model = fit(rows, folds=5)\nscore(model)", "fit"), Plot]);

        var conflict = Assert.Single(merge.Conflicts);
        Assert.Equal((MergeConflictKind.EditRemove, 2), (conflict.Kind, conflict.Place));
        Assert.Null(conflict.Ours);
        Assert.Equal("model = fit(rows, folds=5)\nscore(model)", conflict.Theirs!.Source);
        Assert.Equal(("clean", "plot"), (conflict.CellBefore!.Id, conflict.CellAfter!.Id));
        Assert.Equal("Cell 3: ours removed it, theirs edited it.", conflict.Sentence);
        Assert.Equal("<<<<<<< ours (removed this cell)\n=======\nmodel = fit(rows, folds=5)\nscore(model)\n>>>>>>> theirs", merge.Sources()[2]);
        Assert.Equal(3, merge.Sources(MergeChoice.Ours).Length);
        Assert.Equal("model = fit(rows, folds=5)\nscore(model)", merge.Sources(MergeChoice.Theirs)[2]);
        Assert.Equal("model = fit(rows, folds=5)\nscore(model)", merge.Sources(MergeChoice.Both)[2]);
    }

    [Fact]
    public void A_removed_cell_that_the_other_side_merely_ran_is_gone()
    {
        var merge = Merging.Of(Base, [Load, Clean, Plot], [Load, Clean, Made.Code("model = fit(rows)\nscore(model)", "fit", Made.Printed("0.9")), Plot]);

        Assert.True(merge.IsClean);
        Assert.Equal(3, merge.Sources().Length);
    }

    [Fact]
    public void Without_a_base_cells_are_paired_and_what_differs_is_asked()
    {
        var merge = NotebookMerge.Of(default, Made.Bytes(Load, Fit), Made.Bytes(Load, Made.Code("model = fit(rows, folds=5)\nscore(model)", "fit"), Plot));

        var conflict = Assert.Single(merge.Conflicts);
        Assert.Equal((MergeConflictKind.EditEdit, 1), (conflict.Kind, conflict.Place));
        Assert.Null(conflict.Base);
        Assert.Equal(["rows = load('churn.csv')", "model = fit(rows, folds=5)\nscore(model)", "plot(model, rows)"], merge.Sources(MergeChoice.Theirs));
    }

    [Fact]
    public void Cells_without_ids_merge_as_well()
    {
        static JsonObject[] Cells(params string[] sources) => [.. sources.Select(source => Made.Code(source))];

        var merge = NotebookMerge.Of(
            WithoutIds(Cells("rows = load('churn.csv')", "rows = clean(rows)", "plot(model, rows)")),
            WithoutIds(Cells("rows = load('churn.csv')", "plot(model, rows)", "rows = clean(rows)")),
            WithoutIds(Cells("rows = load('churn.csv', header=1)", "rows = clean(rows)", "note = 1", "plot(model, rows)")));

        Assert.True(merge.IsClean);
        Assert.Equal(4, merge.Sources().Length);
        Assert.Equal("rows = load('churn.csv', header=1)", merge.Sources()[0]);
        Assert.DoesNotContain("\"id\"", merge.Text(), StringComparison.Ordinal);
    }

    private static byte[] WithoutIds(JsonObject[] cells) =>
        System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(Made.Bytes(cells)).Replace("\"nbformat_minor\": 5", "\"nbformat_minor\": 2", StringComparison.Ordinal));
}
