namespace Squero.Notebooks;

/// <summary>Three versions of a notebook in memory, and what people made of them where that is known.</summary>
public sealed record NotebookTriple(string Name, byte[] Base, byte[] Ours, byte[] Theirs, byte[]? Merged);

/// <summary>How merging fared over a folder of triples.</summary>
public sealed record MergeFigures
{
    public int Triples { get; init; }

    public int Clean { get; init; }

    public int Conflicts { get; init; }

    /// <summary>Merged cell by cell, no fallback.</summary>
    public int ByCell { get; init; }

    /// <summary>Results that have everything nbformat demands and no id twice.</summary>
    public int Valid { get; init; }

    /// <summary>Cells that stand in a result more often than they should: an id twice, or text more often than in either side.</summary>
    public int Duplicates { get; init; }

    /// <summary>Triples with a readable result of people's, and those whose sources are the same, cell by cell.</summary>
    public int HumanResults { get; init; }

    public int SameSourcesAsHuman { get; init; }

    /// <summary>Warm, median of five, from bytes to bytes; the median over the triples.</summary>
    public double MedianMilliseconds { get; init; }
}

/// <summary>Merges triples and compares what comes out with what people made of them.</summary>
public static class MergeBench
{
    private const int Repeats = 5;

    public static MergeFigures Measure(IEnumerable<NotebookTriple> triples, TimeProvider time, Action<string>? tell = null)
    {
        var figures = new MergeFigures();
        var times = new List<double>();
        foreach (var triple in triples)
        {
            times.Add(Time(triple, time));
            var merge = NotebookMerge.Of(triple.Base, triple.Ours, triple.Theirs);
            var written = merge.Write();
            var valid = MergeCheck.Objection(written) is null;
            var duplicates = merge.Fallback is null ? MergeCheck.Duplicates(triple, written) : 0;
            var human = triple.Merged is { } merged && Notebook.Parse(merged) is { Reason: null } notebook ? notebook : null;
            var same = human is not null && merge.IsClean && MergeCheck.SameSources(human, Notebook.Parse(written));
            tell?.Invoke($"{triple.Name}: {merge.Conflicts.Count} conflicts, valid {valid}, duplicates {duplicates}, human {(human is null ? "unknown" : same ? "same" : "other")} {merge.Fallback}");
            figures = figures with
            {
                Triples = figures.Triples + 1,
                Clean = figures.Clean + (merge.IsClean ? 1 : 0),
                ByCell = figures.ByCell + (merge.Fallback is null ? 1 : 0),
                Conflicts = figures.Conflicts + merge.Conflicts.Count,
                Valid = figures.Valid + (valid ? 1 : 0),
                Duplicates = figures.Duplicates + duplicates,
                HumanResults = figures.HumanResults + (human is null ? 0 : 1),
                SameSourcesAsHuman = figures.SameSourcesAsHuman + (same ? 1 : 0),
            };
        }

        return figures with { MedianMilliseconds = Median(times) };
    }

    private static double Time(NotebookTriple triple, TimeProvider time)
    {
        var times = new List<double>(Repeats);
        for (var i = 0; i <= Repeats; i++)
        {
            var start = time.GetTimestamp();
            NotebookMerge.Of(triple.Base, triple.Ours, triple.Theirs).Write();
            times.Add(time.GetElapsedTime(start).TotalMilliseconds);
        }

        return Median(times[1..]);
    }

    private static double Median(List<double> values) => values.Count == 0 ? 0 : values.Order().ElementAt(values.Count / 2);
}
