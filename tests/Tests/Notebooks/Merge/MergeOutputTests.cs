using System.Text.Json.Nodes;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

public sealed class MergeOutputTests
{
    [Fact]
    public void Running_the_same_code_on_both_sides_is_no_conflict_and_ours_stays_whole()
    {
        var merge = Merging.Of([Run("x", 1, "old"), Run("y", 2, "old")], [Run("x", 5, "ours"), Run("y", 6, "ours")], [Run("x", 8, "theirs"), Run("y", 9, "theirs")]);

        Assert.True(merge.IsClean);
        Assert.Equal([(5, "ours"), (6, "ours")], Runs(merge));
    }

    [Fact]
    public void What_only_theirs_ran_comes_with_its_count()
    {
        var merge = Merging.Of([Run("x", 1, "old"), Run("y", 2, "old")], [Run("x", 5, "ours"), Run("y", 2, "old")], [Run("x", 1, "old"), Run("y", 9, "theirs")]);

        Assert.True(merge.IsClean);
        Assert.Equal([(5, "ours"), (9, "theirs")], Runs(merge));
    }

    [Fact]
    public void Outputs_come_from_the_side_whose_source_it_is()
    {
        var merge = Merging.Of([Run("x", 1, "old"), Made.Prose("p", "p")], [Run("x", 5, "ran again"), Made.Prose("p!", "p")], [Run("x = 2", 8, "theirs", "x"), Made.Prose("p", "p")]);

        Assert.True(merge.IsClean);
        Assert.Equal((8, "theirs"), Runs(merge)[0]);
    }

    [Fact]
    public void What_comes_of_both_edits_was_never_run_and_has_no_outputs()
    {
        var merge = Merging.Of([Run("a = 1\nb = 1\nc = 1", 1, "old", "x")], [Run("a = 2\nb = 1\nc = 1", 5, "ours", "x")], [Run("a = 1\nb = 1\nc = 3", 8, "theirs", "x")]);

        Assert.True(merge.IsClean);
        var cell = Assert.Single(merge.Result().Cells);
        Assert.Equal("a = 2\nb = 1\nc = 3", cell.Source);
        Assert.Null(cell.ExecutionCount);
        Assert.Empty(cell.Outputs);
    }

    [Fact]
    public void Outputs_on_which_all_agree_stay_without_a_count()
    {
        var merge = Merging.Of([Run("a = 1\nb = 1\nc = 1", 1, "old", "x")], [Run("a = 2\nb = 1\nc = 1", 1, "old", "x")], [Run("a = 1\nb = 1\nc = 3", 1, "old", "x")]);

        var cell = Assert.Single(merge.Result().Cells);
        Assert.Null(cell.ExecutionCount);
        Assert.Equal("old", Assert.Single(cell.Outputs).Text());
    }

    [Fact]
    public void A_marked_conflict_has_no_outputs_and_a_chosen_side_has_its_own()
    {
        var merge = Merging.Of([Run("a = 1", 1, "old", "x")], [Run("a = 2", 5, "ours", "x")], [Run("a = 3", 8, "theirs", "x")]);

        Assert.Empty(merge.Result().Cells[0].Outputs);
        Assert.Equal("ours", merge.Result(MergeChoice.Ours).Cells[0].Outputs[0].Text());
        Assert.Equal((8, "theirs"), (merge.Result(MergeChoice.Theirs).Cells[0].ExecutionCount, merge.Result(MergeChoice.Theirs).Cells[0].Outputs[0].Text()));
        Assert.Empty(merge.Result(MergeChoice.Both).Cells[0].Outputs);
    }

    [Fact]
    public void Cleared_outputs_stay_cleared_when_the_other_side_edited_elsewhere()
    {
        var cleared = Run("x", 1, "old");
        cleared["outputs"] = new JsonArray();
        cleared["execution_count"] = null;

        var merge = Merging.Of([Run("x", 1, "old"), Run("y", 2, "old")], [Run("x", 1, "old"), Run("y = 2", 2, "new", "y")], [cleared, Run("y", 2, "old")]);

        Assert.True(merge.IsClean);
        Assert.Equal([(null, null), (2, "new")], Runs(merge));
    }

    private static JsonObject Run(string source, int count, string printed, string? id = null)
    {
        var cell = Made.Code(source, id ?? source, Made.Printed(printed));
        cell["execution_count"] = count;
        return cell;
    }

    private static (int? Count, string? Text)[] Runs(NotebookMerge merge) => [.. merge.Result().Cells.Select(cell => (cell.ExecutionCount, cell.Outputs.Count > 0 ? cell.Outputs[0].Text() : null))];
}
