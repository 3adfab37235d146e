using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

public sealed class MergeSourceTests
{
    private const string Text = "import csv\nrows = load('churn.csv')\nrows = clean(rows)\nmodel = fit(rows)\nscore(model)";

    [Fact]
    public void Edits_of_different_lines_of_one_cell_are_both_kept()
    {
        var merge = Of(Text.Replace("csv\nrows", "csv, json\nrows", StringComparison.Ordinal), Text.Replace("score(model)", "score(model, rows)", StringComparison.Ordinal));

        Assert.True(merge.IsClean);
        Assert.Equal("import csv, json\nrows = load('churn.csv')\nrows = clean(rows)\nmodel = fit(rows)\nscore(model, rows)", merge.Sources()[0]);
    }

    [Fact]
    public void Neighbouring_lines_do_not_collide()
    {
        var merge = Of(Text.Replace("clean(rows)", "clean(rows, strict=True)", StringComparison.Ordinal), Text.Replace("fit(rows)", "fit(rows, folds=5)", StringComparison.Ordinal));

        Assert.True(merge.IsClean);
        Assert.Equal("import csv\nrows = load('churn.csv')\nrows = clean(rows, strict=True)\nmodel = fit(rows, folds=5)\nscore(model)", merge.Sources()[0]);
    }

    [Fact]
    public void The_same_line_changed_by_both_is_a_conflict_of_that_line_alone()
    {
        var merge = Of(
            Text.Replace("fit(rows)", "fit(rows, folds=5)", StringComparison.Ordinal).Replace("csv\nrows", "csv, json\nrows", StringComparison.Ordinal),
            Text.Replace("fit(rows)", "fit(rows, folds=9)", StringComparison.Ordinal));

        var conflict = Assert.Single(merge.Conflicts);
        Assert.Equal((MergeConflictKind.EditEdit, 0, true), (conflict.Kind, conflict.Place, conflict.AllowsBoth));
        Assert.Equal((3, 3, 3), (conflict.Hunk!.BaseLine, conflict.Hunk.OursLine, conflict.Hunk.TheirsLine));
        Assert.Equal(["model = fit(rows)"], conflict.Hunk.Base);
        Assert.Equal(["model = fit(rows, folds=5)"], conflict.Hunk.Ours);
        Assert.Equal(["model = fit(rows, folds=9)"], conflict.Hunk.Theirs);
        Assert.Equal("Cell 1: ours and theirs changed the same line, which was line 4 before.", conflict.Sentence);
        Assert.Equal(
            "import csv, json\nrows = load('churn.csv')\nrows = clean(rows)\n<<<<<<< ours\nmodel = fit(rows, folds=5)\n=======\nmodel = fit(rows, folds=9)\n>>>>>>> theirs\nscore(model)",
            merge.Sources()[0]);
        Assert.Contains("import csv, json\n", merge.Sources(MergeChoice.Theirs)[0], StringComparison.Ordinal);
        Assert.Contains("fit(rows, folds=9)\n", merge.Sources(MergeChoice.Theirs)[0], StringComparison.Ordinal);
        Assert.Contains("model = fit(rows, folds=5)\nmodel = fit(rows, folds=9)\n", merge.Sources(MergeChoice.Both)[0], StringComparison.Ordinal);
        Assert.DoesNotContain("folds=9", merge.Sources(MergeChoice.Ours)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Conflicts_with_a_few_lines_between_them_are_one()
    {
        var merge = Of(Text.Replace("load", "read", StringComparison.Ordinal).Replace("fit", "train", StringComparison.Ordinal), Text.Replace("load", "fetch", StringComparison.Ordinal).Replace("fit", "learn", StringComparison.Ordinal));

        var conflict = Assert.Single(merge.Conflicts);
        Assert.Equal(["rows = read('churn.csv')", "rows = clean(rows)", "model = train(rows)"], conflict.Hunk!.Ours);
        Assert.Equal(["rows = fetch('churn.csv')", "rows = clean(rows)", "model = learn(rows)"], conflict.Hunk.Theirs);
    }

    [Fact]
    public void Distant_conflicts_of_one_cell_are_decided_one_by_one()
    {
        var middle = string.Join('\n', Enumerable.Range(0, 6).Select(i => $"step({i})"));
        var merge = Of($"a = 2\n{middle}\nz = 2", $"a = 3\n{middle}\nz = 3", $"a = 1\n{middle}\nz = 1");

        Assert.Equal(2, merge.Conflicts.Count);
        var choices = new Dictionary<string, MergeChoice> { [merge.Conflicts[0].Id] = MergeChoice.Ours, [merge.Conflicts[1].Id] = MergeChoice.Theirs };
        Assert.Equal($"a = 2\n{middle}\nz = 3", Notebook.Parse(merge.Write(choices)).Cells[0].Source);
    }

    [Fact]
    public void The_same_edit_on_both_sides_is_made_once()
    {
        var merge = Of(Text.Replace("load", "read", StringComparison.Ordinal), Text.Replace("load", "read", StringComparison.Ordinal).Replace("score", "rate", StringComparison.Ordinal));

        Assert.True(merge.IsClean);
        Assert.Equal(Text.Replace("load", "read", StringComparison.Ordinal).Replace("score", "rate", StringComparison.Ordinal), merge.Sources()[0]);
    }

    [Fact]
    public void Space_at_the_ends_of_lines_gives_way_to_an_edit()
    {
        var merge = Of(Text + "  \n", Text.Replace("score(model)", "score(model, rows)", StringComparison.Ordinal));

        Assert.True(merge.IsClean);
        Assert.Contains("score(model, rows)", merge.Sources()[0], StringComparison.Ordinal);
    }

    [Fact]
    public void An_edit_of_a_cell_that_the_other_side_split_lands_in_the_right_part()
    {
        var old = Made.Code(Text, "whole");
        var merge = Merging.Of(
            [old, Made.Prose("The end", "end")],
            [Made.Code("import csv\nrows = load('churn.csv')", "whole"), Made.Code("rows = clean(rows)\nmodel = fit(rows)\nscore(model)", "part"), Made.Prose("The end", "end")],
            [Made.Code(Text.Replace("fit(rows)", "fit(rows, folds=5)", StringComparison.Ordinal), "whole"), Made.Prose("The end", "end")]);

        Assert.True(merge.IsClean);
        Assert.Equal(["import csv\nrows = load('churn.csv')", "rows = clean(rows)\nmodel = fit(rows, folds=5)\nscore(model)", "The end"], merge.Sources());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_edit_of_a_cell_that_the_other_side_joined_to_its_neighbour_lands_in_the_joined_one(bool oursJoins)
    {
        var head = Made.Code("import csv\nrows = load('churn.csv')", "head");
        var tail = Made.Code("rows = clean(rows)\nmodel = fit(rows)\nscore(model)", "tail");
        var joined = Made.Code("import csv\nrows = load('churn.csv')\n\nrows = clean(rows)\nmodel = fit(rows)\nscore(model)", "head");
        var edited = Made.Code("rows = clean(rows)\nmodel = fit(rows, folds=5)\nscore(model)", "tail");

        var merge = oursJoins ? Merging.Of([head, tail], [joined], [head, edited]) : Merging.Of([head, tail], [head, edited], [joined]);

        Assert.True(merge.IsClean);
        Assert.Equal(["import csv\nrows = load('churn.csv')\n\nrows = clean(rows)\nmodel = fit(rows, folds=5)\nscore(model)"], merge.Sources());
    }

    [Fact]
    public void Labels_and_the_length_of_markers_are_the_callers()
    {
        var merge = NotebookMerge.Of(Made.Bytes(Made.Code("a = 1", "a")), Made.Bytes(Made.Code("a = 2", "a")), Made.Bytes(Made.Code("a = 3", "a")), new MergeLabels("main", "feature") { MarkerSize = 9 });

        Assert.Equal("<<<<<<<<< main\na = 2\n=========\na = 3\n>>>>>>>>> feature", merge.Sources()[0]);
        Assert.Equal("Cell 1: main and feature changed the same line, which was line 1 before.", merge.Conflicts[0].Sentence);
    }

    [Fact]
    public void Conflicts_keep_their_ids_from_one_merge_to_the_next()
    {
        var (one, other) = (Of("a = 2", "a = 3", "a = 1"), Of("a = 2", "a = 3", "a = 1"));

        Assert.Equal(one.Conflicts.Select(conflict => conflict.Id), other.Conflicts.Select(conflict => conflict.Id));
        Assert.NotEqual(one.Conflicts[0].Id, Of("a = 2", "a = 4", "a = 1").Conflicts[0].Id);
    }

    private static NotebookMerge Of(string ours, string theirs, string old = Text) => Merging.Of([Made.Code(old, "a")], [Made.Code(ours, "a")], [Made.Code(theirs, "a")]);
}
