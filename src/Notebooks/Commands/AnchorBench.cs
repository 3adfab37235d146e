namespace Squero.Notebooks;

/// <summary>How threads fared over generated histories.</summary>
public sealed record AnchorFigures
{
    /// <summary>Threads, and looks at one of them in one version.</summary>
    public int Threads { get; init; }

    public int Looks { get; init; }

    /// <summary>Looks at which it stood in the page or on the shelf.</summary>
    public int Visible { get; init; }

    /// <summary>Looks at a thread whose cell was still there, and those at which it stood on that cell.</summary>
    public int WithCell { get; init; }

    public int OnRightCell { get; init; }

    /// <summary>Looks at a line that was still there word for word (but for layout), and those at which the thread stood on it.</summary>
    public int WithLine { get; init; }

    public int OnRightLine { get; init; }

    /// <summary>Looks at a thread whose cell was gone that stood on some other cell.</summary>
    public int OnStrangers { get; init; }

    public double VisibleShare => Share(Visible, Looks);

    public double RightCellShare => Share(OnRightCell, WithCell);

    public double RightLineShare => Share(OnRightLine, WithLine);

    private static double Share(int part, int all) => all == 0 ? 1 : (double)part / all;
}

/// <summary>
/// Threads put anywhere on notebooks that are then edited, split, joined, moved, run again, numbered anew, reformatted and
/// pushed over with older versions, at random. Cells and lines of the drafts know what they are, so that where a thread
/// should stand is known.
/// </summary>
public static class AnchorBench
{
    private const int Versions = 8;
    private const int ThreadsEach = 12;
    private const int MaxCells = 40;

    /// <param name="sequences">Histories to generate.</param>
    /// <param name="seed">The same seed gives the same histories.</param>
    /// <param name="beginnings">Real notebooks to begin with; every other history begins with one.</param>
    /// <param name="complain">Told about every thread on a wrong cell.</param>
    public static AnchorFigures Measure(int sequences, int seed, IReadOnlyList<Notebook>? beginnings = null, Action<string>? complain = null)
    {
        var figures = new AnchorFigures();
        var usable = (beginnings ?? []).Where(notebook => notebook.Cells.Count > 2).ToList();
        for (var i = 0; i < sequences; i++)
        {
            var random = new Random(seed + i);
            var identities = new DraftIdentities(random);
            var edits = new DraftEdits(random, identities);
            var first = usable.Count > 0 && i % 2 == 1
                ? DraftNotebook.Of(usable[i / 2 % usable.Count], identities, MaxCells)
                : edits.Begin(random.Next(4, 26));
            figures = new AnchorHistory(random, edits, complain is null ? null : words => complain($"seed {seed + i}: {words}")).Play(first, Versions, ThreadsEach, figures);
        }

        return figures;
    }
}
