using System.Text.Json.Nodes;
using CsCheck;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

/// <summary>Notebooks edited at random on two sides: what must hold of every merge.</summary>
public sealed class MergePropertyTests
{
    private static readonly string[] Words = ["rows", "model", "score", "plot", "load", "fit", "clean", "print"];

    /// <summary>Cells with ids of their own, as Jupyter writes them.</summary>
    private static readonly Gen<Draft[]> Notebooks = Gen.Int[0, 1_000_000].Select(seed => Begin(new Random(seed)));

    private static readonly Gen<(Draft[] Base, Draft[] Ours, Draft[] Theirs)> Triples =
        Gen.Select(Notebooks, Gen.Int[0, 1_000_000], Gen.Int[0, 1_000_000]).Select((old, one, other) => (old, Edit(old, new Random(one), "o"), Edit(old, new Random(other), "t")));

    [Fact]
    public void What_one_side_left_alone_is_what_the_other_made_of_it() => Triples.Sample(files =>
    {
        var (old, one, other) = Bytes(files);
        return Is(NotebookMerge.Of(old, old, one), one) && Is(NotebookMerge.Of(old, one, old), one) && Is(NotebookMerge.Of(old, one, one), one) && Is(NotebookMerge.Of(one, other, one), other);
    });

    [Fact]
    public void Every_result_is_valid_and_has_no_id_twice() => Triples.Sample(files =>
    {
        var merge = Merge(files);
        Assert.Null(merge.Fallback);
        Assert.Null(MergeCheck.Objection(merge.Write()));
        foreach (var choice in Enum.GetValues<MergeChoice>())
        {
            Assert.Null(MergeCheck.Objection(merge.Write(merge.Conflicts.ToDictionary(conflict => conflict.Id, _ => choice))));
        }
    });

    [Fact]
    public void Both_ways_round_the_same_things_collide() => Triples.Sample(files =>
    {
        var (one, other) = (Merge(files), Merge((files.Base, files.Theirs, files.Ours)));
        Assert.Equal(one.IsClean, other.IsClean);
        Assert.Equal(Kinds(one), Kinds(other));
    });

    [Fact]
    public void Every_line_that_a_side_added_is_in_the_result() => Triples.Sample(files =>
    {
        var written = Lines(Notebook.Parse(Merge(files).Write()).Cells.Select(cell => cell.Source));
        var old = Lines(files.Base.Select(cell => cell.Source));
        foreach (var line in Lines(files.Ours.Concat(files.Theirs).Select(cell => cell.Source)).Except(old))
        {
            Assert.Contains(line, written);
        }
    });

    [Fact]
    public void A_clean_result_has_what_either_side_added_and_lacks_what_either_side_removed() => Triples.Where(files => Merge(files).IsClean).Sample(files =>
    {
        var (old, ours, theirs) = (Lines(files.Base.Select(cell => cell.Source)), Lines(files.Ours.Select(cell => cell.Source)), Lines(files.Theirs.Select(cell => cell.Source)));
        var due = ours.Intersect(theirs).Union(ours.Except(old)).Union(theirs.Except(old));
        Assert.Equal(due.Order(StringComparer.Ordinal), Lines(Notebook.Parse(Merge(files).Write()).Cells.Select(cell => cell.Source)).Order(StringComparer.Ordinal));
    });

    [Fact]
    public void No_cell_is_there_twice_and_what_both_removed_is_gone() => Triples.Sample(files =>
    {
        var written = Merge(files).Write();
        var ids = Notebook.Parse(written).Cells.Select(cell => cell.Id!).ToList();
        var (old, ours, theirs) = Bytes(files);
        Assert.Equal(0, MergeCheck.Duplicates(new NotebookTriple("", old, ours, theirs, null), written));
        Assert.Empty(ids.Intersect(files.Base.Select(cell => cell.Id).Except(files.Ours.Select(cell => cell.Id)).Except(files.Theirs.Select(cell => cell.Id))));
    });

    [Fact]
    public void Conflicts_have_ids_of_their_own_and_places_in_the_result() => Triples.Sample(files =>
    {
        var merge = Merge(files);
        var cells = Notebook.Parse(merge.Write()).Cells;
        Assert.Equal(merge.Conflicts.Count, merge.Conflicts.Select(conflict => conflict.Id).Distinct().Count());
        foreach (var conflict in merge.Conflicts)
        {
            Assert.Contains("<<<<<<<", cells[conflict.Place].Source, StringComparison.Ordinal);
        }
    });

    private static NotebookMerge Merge((Draft[] Base, Draft[] Ours, Draft[] Theirs) files)
    {
        var (old, ours, theirs) = Bytes(files);
        return NotebookMerge.Of(old, ours, theirs);
    }

    private static (byte[] Base, byte[] Ours, byte[] Theirs) Bytes((Draft[] Base, Draft[] Ours, Draft[] Theirs) files) => (Bytes(files.Base), Bytes(files.Ours), Bytes(files.Theirs));

    private static byte[] Bytes(Draft[] cells) => Made.Bytes([.. cells.Select(cell => cell.IsCode ? Code(cell) : Made.Prose(cell.Source, cell.Id))]);

    private static JsonObject Code(Draft cell) => Made.Code(cell.Source, cell.Id, cell.Output == 0 ? [] : [Made.Printed($"{cell.Output}\n")]);

    private static bool Is(NotebookMerge merge, byte[] expected) => merge.IsClean && merge.Write().Span.SequenceEqual(expected);

    private static IEnumerable<MergeConflictKind> Kinds(NotebookMerge merge) => merge.Conflicts.Select(conflict => conflict.Kind).Order();

    private static HashSet<string> Lines(IEnumerable<string> sources) => [.. sources.SelectMany(source => source.Split('\n')).Where(line => line.Trim().Length > 0)];

    private static Draft[] Begin(Random random) =>
        [.. Enumerable.Range(0, random.Next(0, 9)).Select(i => New(random, $"b{i}"))];

    private static Draft New(Random random, string id) => new(id, random.Next(3) > 0, string.Join('\n', Enumerable.Range(0, random.Next(0, 7)).Select(_ => Line(random))), random.Next(3));

    private static string Line(Random random) => $"{Words[random.Next(Words.Length)]}({Words[random.Next(Words.Length)]}, {random.Next(10_000)})";

    /// <summary>A few edits: lines, runs, moves, new cells, removed cells, types.</summary>
    private static Draft[] Edit(Draft[] old, Random random, string side)
    {
        var cells = old.ToList();
        for (var i = random.Next(0, 5); i > 0; i--)
        {
            var at = random.Next(cells.Count + 1);
            switch (random.Next(7))
            {
                case 0:
                    cells.Insert(at, New(random, $"{side}{i}"));
                    break;
                case 1 when at < cells.Count:
                    cells.RemoveAt(at);
                    break;
                case 2 when at < cells.Count:
                    var moved = cells[at];
                    cells.RemoveAt(at);
                    cells.Insert(random.Next(cells.Count + 1), moved);
                    break;
                case 3 when at < cells.Count:
                    cells[at] = cells[at] with { Output = random.Next(1, 100) };
                    break;
                case 4 when at < cells.Count:
                    cells[at] = cells[at] with { IsCode = !cells[at].IsCode };
                    break;
                case 5 or 6 when at < cells.Count:
                    var lines = cells[at].Source.Split('\n').ToList();
                    var line = random.Next(lines.Count);
                    if (random.Next(2) == 0)
                    {
                        lines[line] = Line(random);
                    }
                    else
                    {
                        lines.Insert(line, Line(random));
                    }

                    cells[at] = cells[at] with { Source = string.Join('\n', lines) };
                    break;
            }
        }

        return [.. cells];
    }

    private sealed record Draft(string Id, bool IsCode, string Source, int Output);
}
