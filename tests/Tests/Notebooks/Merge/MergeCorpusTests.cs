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

    private static NotebookTriple Read(string folder)
    {
        byte[]? File(string name) => System.IO.File.Exists(Path.Combine(folder, name)) ? System.IO.File.ReadAllBytes(Path.Combine(folder, name)) : null;
        return new NotebookTriple(Path.GetFileName(folder), File("base.ipynb")!, File("ours.ipynb")!, File("theirs.ipynb")!, File("merged.ipynb"));
    }
}
