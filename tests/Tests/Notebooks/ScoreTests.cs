using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

public sealed class ScoreTests
{
    [Fact]
    public void A_pair_that_the_ids_deny_is_wrong_and_one_that_they_name_is_wanted()
    {
        var before = Made.Notebook(Made.Code("a = load()", "aa"), Made.Code("fit(model, a)", "bb"), Made.Prose("The end", "cc"));
        var after = Made.Notebook(Made.Code("a = load()", "zz"), Made.Code("fit(model, a)", "bb"), Made.Prose("The end", "cc"));

        var score = AlignmentScore.Of(NotebookDiff.Between(before, after, new DiffOptions { IgnoreIds = true }))!;

        Assert.Equal((3, 2, 2, true), (score.Paired, score.Right, score.True, score.Hard));
    }

    [Fact]
    public void Ids_made_anew_tell_nothing() =>
        Assert.Null(AlignmentScore.Of(Made.Diff(Made.Notebook(Made.Code("x", "aa")), Made.Notebook(Made.Code("x", "bb")))));

    [Fact]
    public void The_floor_counts_changed_lines_and_one_for_each_move_and_output()
    {
        var before = Made.Notebook(Made.Code("one(thing, or_other)", "aa", Made.Printed("1")), Made.Code("two(things)", "bb"), Made.Code("three = 3", "cc"), Made.Code("gone\naway", "dd"));
        var after = Made.Notebook(Made.Code("two(things)", "bb"), Made.Code("three = 3\nfour = 4", "cc"), Made.Code("one(thing, or_other)", "aa", Made.Printed("2")));

        Assert.Equal(1 + 1 + 1 + 2, ReadingCost.Of(Made.Diff(before, after))!.Floor);
    }

    [Fact]
    public void A_change_that_nobody_shows_is_silent()
    {
        var before = Made.Bytes(Made.Code("x", "aa", Made.Shown("text/plain", "1")), Made.Code("y", "bb"));
        var after = Made.Bytes(Made.Code("x", "aa", Made.Shown("text/plain", "2")), Made.Code("y", "bb"));
        var blind = NotebookDiff.Between(Notebook.Parse(before), Notebook.Parse(before));

        Assert.Equal(1, SilentChanges.Count(blind, before, after));
        Assert.Equal(0, SilentChanges.Count(NotebookDiff.Between(Notebook.Parse(before), Notebook.Parse(after)), before, after));
    }

    [Fact]
    public void Half_a_letter_is_no_failure()
    {
        static int? Silent(string source)
        {
            var file = System.Text.Encoding.UTF8.GetBytes($$"""{"cells":[{"cell_type":"code","metadata":{},"outputs":[],{{source}}}],"nbformat":4}""");
            return PairScores.Of(new NotebookPair("half", file, [.. file, (byte)'\n'])).Silent;
        }

        Assert.Equal(0, Silent("""  "source":["\ud83d\n","x"]  """));
        Assert.Null(Silent("""  "source":"x","\ud83d":1  """));
    }
}
