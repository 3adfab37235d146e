using System.Buffers;
using System.Text.Json;
using CsCheck;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

public sealed class DiffTests
{
    private static readonly string[] Words = ["load", "clean", "fit", "plot", "table", "mean", "axis", "train", "score", "model", "frame", "column"];
    private static readonly Gen<string> Word = Gen.Int[0, Words.Length - 1].Select(i => Words[i]);
    private static readonly Gen<string> Source = Gen.Select(Word.Array[1, 6].Array[1, 8], Gen.Int[0, 1_000_000])
        .Select((lines, salt) => string.Join('\n', lines.Select(words => string.Join(' ', words))) + $"\n# {salt}");

    [Fact]
    public void A_notebook_does_not_differ_from_itself() => Source.Array[0, 12].Sample(sources =>
    {
        var bytes = Made.Bytes([.. sources.Select(source => Made.Code(source, null, Made.Printed(source)))]);
        var diff = NotebookDiff.Between(Notebook.Parse(bytes), Notebook.Parse(bytes.ToArray()));
        Assert.True(diff.IsEmpty);
        Assert.Equal(0, diff.LinesAdded + diff.LinesRemoved);
    });

    [Fact]
    public void Every_changed_source_line_shows_and_hunks_rebuild_the_new_cell() => Gen.Select(Source.Array[1, 8], Source.Array[1, 8]).Sample((before, after) =>
    {
        var diff = NotebookDiff.Between(Made.Notebook([.. before.Select(source => Made.Code(source))]), Made.Notebook([.. after.Select(source => Made.Code(source))]));
        Assert.Equal(after.Length, diff.Cells.Count(cell => cell.After is not null));
        Assert.Equal(before.Length, diff.Cells.Count(cell => cell.Before is not null));
        foreach (var cell in diff.Cells.Where(cell => cell is { Before: not null, After: not null }))
        {
            Assert.Equal(cell.After!.Lines, Apply(cell));
        }
    });

    [Fact]
    public void The_last_cell_left_on_either_side_is_the_same_when_it_changed_seats_with_its_neighbour()
    {
        var before = Made.Notebook(Made.Prose("# Title"), Made.Code("model.fit(x, y)"), Made.Code(""));
        var after = Made.Notebook(Made.Prose("# Title"), Made.Code("import gradio\ngradio.launch()"), Made.Code("model.fit(x, y)"));
        var diff = NotebookDiff.Between(before, after, new DiffOptions { IgnoreIds = true });

        Assert.Equal(2, diff.Cells.Single(cell => cell.After?.Index == 1).Before?.Index);
        Assert.DoesNotContain(diff.Cells, cell => cell.Change is CellChange.Added or CellChange.Removed);
    }

    [Fact]
    public void Shuffled_cells_show_as_moves_and_nothing_else() => Gen.Select(Source.Array[2, 20], Gen.Int).Sample((sources, seed) =>
    {
        var distinct = sources.Select((source, i) => $"{source} {i}").ToArray();
        var shuffled = distinct.OrderBy(source => string.GetHashCode(source, StringComparison.Ordinal) ^ seed).ToArray();
        var diff = NotebookDiff.Between(Made.Notebook([.. distinct.Select(source => Made.Code(source))]), Made.Notebook([.. shuffled.Select(source => Made.Code(source))]));
        Assert.All(diff.Cells, cell => Assert.Equal(CellChange.Unchanged, cell.Change));
        Assert.Equal(distinct.SequenceEqual(shuffled), diff.Counts.Moved == 0);
    });

    [Fact]
    public void A_moved_cell_is_shown_once_with_its_edit_inside()
    {
        var before = Made.Notebook(Made.Code("a = 1\nload(everything, from_here)\nc = 3\nd = 4"), Made.Prose("Two thousand words"), Made.Code("third = 3"));
        var after = Made.Notebook(Made.Prose("Two thousand words"), Made.Code("third = 3"), Made.Code("a = 1\nload(everything, from_there)\nc = 3\nd = 4"));

        var diff = Made.Diff(before, after);

        var moved = Assert.Single(diff.Cells, cell => cell.Moved);
        Assert.Equal((0, 2), (moved.Before!.Index, moved.After!.Index));
        Assert.Equal(new LineHunk(1, 1, 1, 1), Assert.Single(moved.Source));
        Assert.Equal((0, 0), (diff.Counts.Added, diff.Counts.Removed));
    }

    [Fact]
    public void Ids_decide_when_content_does_not()
    {
        var before = Made.Notebook(Made.Code("x = 1", "aa"), Made.Code("", "bb"), Made.Code("z = 9", "cc"));
        var after = Made.Notebook(Made.Code("entirely(other, words)", "aa"), Made.Code("", "bb"), Made.Code("z = 9", "cc"));

        Assert.Equal(CellChange.Edited, Made.Diff(before, after).Cells[0].Change);
    }

    [Fact]
    public void A_rewritten_cell_stays_in_its_place_while_others_move_around_it()
    {
        var before = Made.Notebook(Made.Prose("Where it begins"), Made.Code("csv = download('heart.csv')\nframe = read(csv)"), Made.Prose("Where it ends"), Made.Code("plot(every, column, of, it)"));
        var after = Made.Notebook(Made.Code("plot(every, column, of, it)"), Made.Prose("Where it begins"), Made.Code("heart = fetch('heart.csv', cache)\nframe = read(heart)\nframe.head()"), Made.Prose("Where it ends"));

        var diff = Made.Diff(before, after);

        Assert.Equal((0, 0, 1, 1), (diff.Counts.Added, diff.Counts.Removed, diff.Counts.Edited, diff.Counts.Moved));
        Assert.Equal(0, Assert.Single(diff.Cells, cell => cell.Moved).After!.Index);
    }

    [Fact]
    public void Empty_cells_are_known_by_the_cells_around_them()
    {
        var before = Made.Notebook(Made.Prose("Question one"), Made.Code(""), Made.Prose("Question two"), Made.Code(""), Made.Prose("Question three"), Made.Code(""));
        var after = Made.Notebook(Made.Prose("Question three"), Made.Code(""), Made.Prose("Question one"), Made.Code(""), Made.Prose("Question two"), Made.Code(""));

        var diff = Made.Diff(before, after);

        Assert.Equal([5, 1, 3], diff.Cells.Where(cell => cell.Shown.Source.Length == 0).Select(cell => cell.Before!.Index));
    }

    [Fact]
    public void Korean_words_with_other_endings_are_still_alike()
    {
        var before = Made.Notebook(Made.Prose("`history` 객체에 저장된 통계치를 사용해 모델의 훈련 과정을 시각화해 보죠."), Made.Code("first(table)"));
        var after = Made.Notebook(Made.Prose("끝으로"), Made.Code("later(other, names)"), Made.Prose("`history` 객체에 저장된 통계를 사용하여 모델의 훈련 진행 상황을 시각화합니다."), Made.Code("first(table)"));

        Assert.Equal(0, Made.Diff(before, after).CellOfNew(2)!.Before?.Index);
    }

    [Fact]
    public void Split_and_merged_cells_are_told_as_such()
    {
        const string First = "table = load('rows.csv')\ntable = clean(table)\nmodel = fit(table)";
        const string Second = "show(model)\nplot(model, axis)";
        var whole = Made.Notebook(Made.Prose("Begin"), Made.Code($"{First}\n{Second}"), Made.Prose("End"));
        var halves = Made.Notebook(Made.Prose("Begin"), Made.Code(First), Made.Code(Second), Made.Prose("End"));

        Assert.Equal(1, Assert.Single(Made.Diff(whole, halves).Cells, cell => cell.Change == CellChange.Added).SplitFrom);
        Assert.Equal(1, Assert.Single(Made.Diff(halves, whole).Cells, cell => cell.Change == CellChange.Removed).MergedInto);
        Assert.Null(Assert.Single(Made.Diff(Made.Notebook(Made.Code(First)), Made.Notebook(Made.Code(First), Made.Code(Second))).Cells, cell => cell.Change == CellChange.Added).SplitFrom);
    }

    [Fact]
    public void A_picture_written_anew_is_told_but_is_no_change_to_look_at()
    {
        var before = Made.Notebook(Made.Code("plot()", "aa", Made.Shown("image/png", "aGVs\nbG8=\n")));
        var after = Made.Notebook(Made.Code("plot()", "aa", Made.Shown("image/png", "aGVsbG8=")));

        var cell = Assert.Single(Made.Diff(before, after).Cells);

        Assert.Equal((CellChange.Unchanged, true), (cell.Change, cell.Reencoded));
        Assert.Equal(CellChange.Outputs, Assert.Single(Made.Diff(before, Made.Notebook(Made.Code("plot()", "aa", Made.Shown("image/png", "aGVsbG9=")))).Cells).Change);
    }

    [Fact]
    public void Regenerated_ids_are_noise()
    {
        var before = Made.Notebook(Made.Code("x = 1", "aa"), Made.Code("y = 2", "bb"));
        var after = Made.Notebook(Made.Code("x = 1", "cc"), Made.Code("y = 2", "dd"));

        var diff = Made.Diff(before, after);

        Assert.All(diff.Cells, cell => Assert.Equal(CellChange.Unchanged, cell.Change));
        Assert.Equal(2, diff.Counts.NoiseMetadata);
        Assert.False(diff.IsEmpty);
    }

    [Fact]
    public void Ids_numbered_anew_do_not_mislead()
    {
        string[] sources = ["import everything_at_once", "load the whole table", "fit the model to it", "plot what came out of it"];
        var before = Made.Notebook([.. sources.Select((source, i) => Made.Code(source, $"cell{i}"))]);
        var after = Made.Notebook([.. sources.Prepend("something entirely new here").Select((source, i) => Made.Code(source, $"cell{i}"))]);

        var diff = Made.Diff(before, after);

        Assert.Equal((1, 0, 0, 0), (diff.Counts.Added, diff.Counts.Removed, diff.Counts.Edited, diff.Counts.Moved));
    }

    [Fact]
    public void A_rerun_shows_the_number_that_changed_and_hides_the_counts()
    {
        var before = Made.Notebook(Made.Code("score()", "aa", Made.Shown("text/plain", "0.81", 1)), Made.Code("same()", "bb", Made.Shown("text/plain", "7", 2)));
        var after = Made.Notebook(Made.Code("score()", "aa", Made.Shown("text/plain", "0.84", 11)), Made.Code("same()", "bb", Made.Shown("text/plain", "7", 12)));

        var diff = Made.Diff(before, after);

        Assert.Equal([CellChange.Outputs, CellChange.Unchanged], diff.Cells.Select(cell => cell.Change));
        Assert.Equal(2, diff.Counts.NoiseExecutionCounts);
        Assert.Equal((1, 0), (diff.LinesAdded, diff.LinesRemoved));
    }

    [Fact]
    public void Removed_cells_stand_where_they_were()
    {
        var diff = Made.Diff(
            Made.Notebook(Made.Code("one = 1"), Made.Prose("Goodbye, all of you"), Made.Code("three = 3")),
            Made.Notebook(Made.Code("one = 1"), Made.Code("three = 3")));

        Assert.Equal([CellChange.Unchanged, CellChange.Removed, CellChange.Unchanged], diff.Cells.Select(cell => cell.Change));
    }

    [Fact]
    public void The_JSON_says_what_the_schema_promises()
    {
        var to = new ArrayBufferWriter<byte>();
        Made.Diff(Made.Notebook(Made.Code("a\nb")), Made.Notebook(Made.Code("a\nc"))).WriteJson(to);

        var json = JsonDocument.Parse(to.WrittenMemory).RootElement;

        Assert.Equal(1, json.GetProperty("version").GetInt32());
        Assert.Equal("ok", json.GetProperty("before").GetProperty("state").GetString());
        var hunk = json.GetProperty("cells")[0].GetProperty("source")[0];
        Assert.Equal("c", hunk.GetProperty("added")[0].GetString());
        Assert.Equal(2, hunk.GetProperty("after").GetInt32());
        Assert.Equal(0, json.GetProperty("counts").GetProperty("noise").GetProperty("execution_count").GetInt32());
        Assert.Equal(1, json.GetProperty("lines").GetProperty("removed").GetInt32());
    }

    private static List<string> Apply(CellDiff cell)
    {
        var lines = new List<string>();
        var at = 0;
        foreach (var hunk in cell.Source)
        {
            lines.AddRange(cell.Before!.Lines.Skip(at).Take(hunk.Before - at));
            Assert.Equal(hunk.After, lines.Count);
            lines.AddRange(cell.After!.Lines.Skip(hunk.After).Take(hunk.AddedCount));
            at = hunk.Before + hunk.RemovedCount;
        }

        lines.AddRange(cell.Before!.Lines.Skip(at));
        return lines;
    }
}
