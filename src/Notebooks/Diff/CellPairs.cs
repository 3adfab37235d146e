namespace Squero.Notebooks;

/// <summary>Which new cell is which old one, as far as it is known; -1 where it is not.</summary>
internal sealed class CellPairs
{
    public CellPairs(IReadOnlyList<Cell> before, IReadOnlyList<Cell> after)
    {
        Before = before;
        After = after;
        OldOf = new int[after.Count];
        NewOf = new int[before.Count];
        Array.Fill(OldOf, -1);
        Array.Fill(NewOf, -1);
        (FreeOld, FreeNew) = (before.Count, after.Count);
    }

    public IReadOnlyList<Cell> Before { get; }

    public IReadOnlyList<Cell> After { get; }

    public int[] OldOf { get; }

    public int[] NewOf { get; }

    /// <summary>Old cells without a partner.</summary>
    public int FreeOld { get; private set; }

    /// <summary>New cells without a partner.</summary>
    public int FreeNew { get; private set; }

    /// <summary>No two cells are left to be paired.</summary>
    public bool AreDone => FreeOld == 0 || FreeNew == 0;

    public bool AreFree(int i, int j) => NewOf[i] < 0 && OldOf[j] < 0;

    public bool AreSame(int i, int j) => Before[i].SameSource(After[j]);

    /// <summary>Nothing when either is taken.</summary>
    public void Join(int i, int j)
    {
        if (AreFree(i, j))
        {
            NewOf[i] = j;
            OldOf[j] = i;
            FreeOld--;
            FreeNew--;
        }
    }

    /// <summary>The new cells of known pairs that kept their order; the others have moved.</summary>
    public List<int> InOrder()
    {
        var known = new List<int>(OldOf.Length);
        var places = new List<int>(OldOf.Length);
        for (var j = 0; j < OldOf.Length; j++)
        {
            if (OldOf[j] >= 0)
            {
                known.Add(j);
                places.Add(OldOf[j]);
            }
        }

        return IncreasingSequence.Longest(places).ConvertAll(at => known[at]);
    }
}
