using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

public sealed class MergeCorpusTests(ITestOutputHelper output)
{
    [Fact]
    public void The_shared_triples_merge_without_a_duplicate_and_into_valid_notebooks()
    {
        var triples = (TestData.Shared("notebooks/triples") is { } folder ? Directory.GetDirectories(folder) : []).Order(StringComparer.Ordinal).Select(Read).ToList();
        output.WriteLine(triples.Count == 0 ? "There are no shared triples here." : $"{triples.Count} triples.");

        var figures = MergeBench.Measure(triples, TimeProvider.System, output.WriteLine);
        output.WriteLine(figures.ToString());

        Assert.Equal(triples.Count, figures.Valid);
        Assert.Equal(0, figures.Duplicates);
        Assert.Equal(triples.Count, figures.ByCell);
        if (triples.Count > 0)
        {
            Assert.InRange(figures.Conflicts, 0, 11);
            Assert.Equal(12, figures.SameSourcesAsHuman);
        }
    }

    [Fact]
    public void A_line_written_beside_a_real_change_comes_through_whatever_the_notebook()
    {
        foreach (var folder in TestData.Shared("notebooks/pairs") is { } pairs ? Directory.GetDirectories(pairs) : [])
        {
            var (before, after) = (File.ReadAllBytes(Path.Combine(folder, "before.ipynb")), File.ReadAllBytes(Path.Combine(folder, "after.ipynb")));
            var last = Notebook.Parse(before).Cells is [.., var cell] ? cell : null;
            var edit = new SourceEdit(1, 0, "written_by_theirs = 1") { Cell = last?.Index ?? 0 };
            if (last is null || before.AsSpan().SequenceEqual(after) || NotebookEdit.Apply(before, [edit]) is not EditOutcome.Edited(var theirs))
            {
                continue;
            }

            foreach (var merge in new[] { NotebookMerge.Of(before, after, theirs), NotebookMerge.Of(before, theirs, after) })
            {
                Assert.True(merge.Fallback is not null || MergeCheck.Objection(merge.Write()) is null, $"{folder}: {MergeCheck.Objection(merge.Write())}");
                Assert.True(merge.Fallback is not null || Notebook.Parse(merge.Write()).Cells.Any(one => one.Lines.Contains("written_by_theirs = 1")), folder);
            }
        }
    }

    private static NotebookTriple Read(string folder)
    {
        byte[]? File(string name) => System.IO.File.Exists(Path.Combine(folder, name)) ? System.IO.File.ReadAllBytes(Path.Combine(folder, name)) : null;
        return new NotebookTriple(Path.GetFileName(folder), File("base.ipynb")!, File("ours.ipynb")!, File("theirs.ipynb")!, File("merged.ipynb"));
    }
}
