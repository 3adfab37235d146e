namespace Squero.Notebooks;

/// <summary>
/// The stretches between known pairs that kept their order. Cells in the same stretch stand in the same place, whatever
/// was written, moved or removed around them.
/// </summary>
internal sealed class CellGaps
{
    /// <summary>Most stretches hold nothing: they share this list, which nobody writes to.</summary>
    private static readonly List<int> None = [];

    private readonly int[] _ofOld;
    private readonly int[] _ofNew;

    public CellGaps(CellPairs pairs)
    {
        _ofOld = new int[pairs.Before.Count];
        _ofNew = new int[pairs.After.Count];
        int i = 0, j = 0, gap = 0;
        foreach (var kept in pairs.InOrder())
        {
            _ofOld.AsSpan(i..(pairs.OldOf[kept] + 1)).Fill(gap);
            _ofNew.AsSpan(j..(kept + 1)).Fill(gap);
            (i, j, gap) = (pairs.OldOf[kept] + 1, kept + 1, gap + 1);
        }

        _ofOld.AsSpan(i).Fill(gap);
        _ofNew.AsSpan(j).Fill(gap);
        Free = Stretches(pairs, gap + 1);
    }

    /// <summary>The cells without a partner, by stretch.</summary>
    public (List<int> Old, List<int> New)[] Free { get; }

    public int OfNew(int j) => _ofNew[j];

    /// <summary>How many kept pairs stand between the two places; 0 is the same place.</summary>
    public int Distance(int i, int j) => Math.Abs(_ofOld[i] - _ofNew[j]);

    private (List<int> Old, List<int> New)[] Stretches(CellPairs pairs, int count)
    {
        var stretches = new (List<int> Old, List<int> New)[count];
        Array.Fill(stretches, (None, None));

        for (var i = 0; i < _ofOld.Length; i++)
        {
            if (pairs.NewOf[i] < 0)
            {
                ref var old = ref stretches[_ofOld[i]].Old;
                Add(ref old, i);
            }
        }

        for (var j = 0; j < _ofNew.Length; j++)
        {
            if (pairs.OldOf[j] < 0)
            {
                ref var now = ref stretches[_ofNew[j]].New;
                Add(ref now, j);
            }
        }

        return stretches;
    }

    private static void Add(ref List<int> list, int place)
    {
        if (list == None)
        {
            list = [];
        }

        list.Add(place);
    }
}
