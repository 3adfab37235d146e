using Squero.Notebooks;

namespace Squero.Server;

/// <summary>Merges of three versions, for folders that hold such: NAME/base.ipynb, ours.ipynb, theirs.ipynb, and merged.ipynb where people's result is known.</summary>
internal static class NotebookMergeBench
{
    public static void Run(BenchReport report, DirectoryInfo folder)
    {
        var figures = MergeBench.Measure(Triples(folder), TimeProvider.System);
        if (figures.Triples == 0)
        {
            return;
        }

        report.Note("merge_triples", figures.Triples, "");
        report.Note("merge_by_cell", figures.ByCell, "triples");
        report.Note("merge_clean", figures.Clean, "triples");
        report.Note("merge_conflicts", figures.Conflicts, "");
        report.Note("merge_valid", figures.Valid, "triples");
        report.Note("merge_duplicates", figures.Duplicates, "cells");
        report.Note("merge_human_results", figures.HumanResults, "triples");
        report.Note("merge_same_sources_as_human", figures.SameSourcesAsHuman, "triples");
        report.Note("merge_ms", figures.MedianMilliseconds, "ms");
    }

    private static IEnumerable<NotebookTriple> Triples(DirectoryInfo folder) =>
        folder.EnumerateFiles("base.ipynb", SearchOption.AllDirectories)
            .OrderBy(file => file.FullName, StringComparer.Ordinal)
            .Where(file => Read(file, "ours") is not null && Read(file, "theirs") is not null)
            .Select(file => new NotebookTriple(file.Directory!.Name, Read(file, "base")!, Read(file, "ours")!, Read(file, "theirs")!, Read(file, "merged")));

    private static byte[]? Read(FileInfo beside, string name) =>
        Path.Combine(beside.DirectoryName!, name + ".ipynb") is var path && File.Exists(path) ? File.ReadAllBytes(path) : null;
}
