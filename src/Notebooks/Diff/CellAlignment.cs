using System.Runtime.InteropServices;

namespace Squero.Notebooks;

/// <summary>
/// Decides which new cell is which old one. Evidence in falling order: the same id, the same content that occurs once,
/// the same content beside a known pair, content that is much alike, and at last the only place left between known pairs.
/// </summary>
internal sealed class CellAlignment
{
    private readonly IReadOnlyList<Cell> _before;
    private readonly IReadOnlyList<Cell> _after;
    private readonly int[] _oldOf;
    private readonly int[] _newOf;

    private CellAlignment(IReadOnlyList<Cell> before, IReadOnlyList<Cell> after)
    {
        _before = before;
        _after = after;
        _oldOf = new int[after.Count];
        _newOf = new int[before.Count];
        Array.Fill(_oldOf, -1);
        Array.Fill(_newOf, -1);
    }

    /// <summary>For every new cell the index of its old self, or -1.</summary>
    public static int[] Between(IReadOnlyList<Cell> before, IReadOnlyList<Cell> after, bool ignoreIds)
    {
        var alignment = new CellAlignment(before, after);
        if (!ignoreIds)
        {
            alignment.PairByIds();
        }

        alignment.PairEnds();
        alignment.PairUniqueContent();
        alignment.SpreadFromPairs();
        alignment.PairRepeatedContent();
        CellLikeness.Pair(alignment._before, alignment._after, alignment._oldOf, alignment._newOf);
        alignment.PairWhatIsLeftBetween();
        return alignment._oldOf;
    }

    private void PairByIds()
    {
        var old = UniqueIds(_before);
        var now = UniqueIds(_after);
        var seats = ContentSeats(_before);
        var pairs = new List<(int I, int J)>();
        var odd = 0;
        foreach (var (id, j) in now)
        {
            if (old.TryGetValue(id, out var i))
            {
                pairs.Add((i, j));
                odd += IsOdd(i, j, seats) ? 1 : 0;
            }
        }

        // Ids that name other content than before (numbered anew by a tool) are worse than none.
        var trusted = odd * 3 <= pairs.Count;
        foreach (var (i, j) in pairs)
        {
            if (trusted && !IsOdd(i, j, seats) || _before[i].SameSource(_after[j]))
            {
                Join(i, j);
            }
        }
    }

    /// <summary>The same id, yet another content, and that content stands elsewhere on the old side.</summary>
    private bool IsOdd(int i, int j, Dictionary<(CellKind, string), (int Seat, int Times)> seats)
    {
        var now = _after[j];
        return !_before[i].SameSource(now) && now.Source.Length > 8
            && seats.TryGetValue((now.Kind, now.Source), out var seat) && seat.Times == 1 && seat.Seat != i;
    }

    private static Dictionary<string, int> UniqueIds(IReadOnlyList<Cell> cells)
    {
        var seats = new Dictionary<string, int>(cells.Count, StringComparer.Ordinal);
        var doubled = new HashSet<string>(StringComparer.Ordinal);
        foreach (var cell in cells)
        {
            if (cell.Id is { } id && !seats.TryAdd(id, cell.Index))
            {
                doubled.Add(id);
            }
        }

        foreach (var id in doubled)
        {
            seats.Remove(id);
        }

        return seats;
    }

    private void PairEnds()
    {
        var shorter = Math.Min(_before.Count, _after.Count);
        for (var i = 0; i < shorter && Fits(i, i); i++)
        {
            Join(i, i);
        }

        for (var back = 1; back <= shorter && Fits(_before.Count - back, _after.Count - back); back++)
        {
            Join(_before.Count - back, _after.Count - back);
        }
    }

    // Pairs that ids made are passed over; other ones must be free.
    private bool Fits(int i, int j) => _newOf[i] == j || _newOf[i] < 0 && _oldOf[j] < 0 && _before[i].SameSource(_after[j]);

    private void PairUniqueContent()
    {
        var old = ContentSeats(_before, _newOf);
        var now = ContentSeats(_after, _oldOf);
        foreach (var (content, seat) in now)
        {
            if (seat.Times == 1 && content.Source.Length > 0 && old.TryGetValue(content, out var other) && other.Times == 1)
            {
                Join(other.Seat, seat.Seat);
            }
        }
    }

    private static Dictionary<(CellKind Kind, string Source), (int Seat, int Times)> ContentSeats(IReadOnlyList<Cell> cells, int[]? taken = null)
    {
        var seats = new Dictionary<(CellKind, string), (int Seat, int Times)>(cells.Count);
        foreach (var cell in cells)
        {
            if (taken is null || taken[cell.Index] < 0)
            {
                ref var seat = ref CollectionsMarshal.GetValueRefOrAddDefault(seats, (cell.Kind, cell.Source), out _);
                seat = (cell.Index, seat.Times + 1);
            }
        }

        return seats;
    }

    private void SpreadFromPairs()
    {
        for (var j = 0; j < _after.Count; j++)
        {
            if (_oldOf[j] >= 0)
            {
                Spread(_oldOf[j], j, 1);
            }
        }

        for (var j = _after.Count - 1; j >= 0; j--)
        {
            if (_oldOf[j] >= 0)
            {
                Spread(_oldOf[j], j, -1);
            }
        }
    }

    private void Spread(int i, int j, int step)
    {
        for (i += step, j += step; i >= 0 && j >= 0 && i < _before.Count && j < _after.Count; i += step, j += step)
        {
            if (_newOf[i] >= 0 || _oldOf[j] >= 0 || !_before[i].SameSource(_after[j]))
            {
                return;
            }

            Join(i, j);
        }
    }

    /// <summary>Content that occurs more than once and stands beside nothing known: first with first.</summary>
    private void PairRepeatedContent()
    {
        var free = new Dictionary<(CellKind, string), Queue<int>>();
        foreach (var cell in _before)
        {
            if (_newOf[cell.Index] < 0 && cell.Source.Length > 0)
            {
                ref var queue = ref CollectionsMarshal.GetValueRefOrAddDefault(free, (cell.Kind, cell.Source), out _);
                (queue ??= new Queue<int>()).Enqueue(cell.Index);
            }
        }

        foreach (var cell in _after)
        {
            if (_oldOf[cell.Index] < 0 && free.TryGetValue((cell.Kind, cell.Source), out var queue) && queue.TryDequeue(out var i))
            {
                Join(i, cell.Index);
            }
        }
    }

    /// <summary>Between two pairs that are neighbours on both sides, cells of one kind that are left are rewrites of each other.</summary>
    private void PairWhatIsLeftBetween()
    {
        for (var j = 0; j < _after.Count; j++)
        {
            if (_oldOf[j] >= 0)
            {
                continue;
            }

            var end = j;
            while (end < _after.Count && _oldOf[end] < 0)
            {
                end++;
            }

            var from = j == 0 ? 0 : _oldOf[j - 1] + 1;
            var to = end == _after.Count ? _before.Count : _oldOf[end];
            PairEmptyCells(from, to, j, end);
            if (from <= to && to - from == end - j && AllFreeAndAlike(from, to, j))
            {
                for (var i = from; i < to; i++)
                {
                    Join(i, j + i - from);
                }
            }

            j = end;
        }
    }

    /// <summary>Empty cells have nothing but their place to be known by.</summary>
    private void PairEmptyCells(int from, int to, int j, int end)
    {
        for (var i = from; i < to && j < end; i++)
        {
            if (_newOf[i] >= 0 || _before[i].Source.Length > 0)
            {
                continue;
            }

            while (j < end && (_oldOf[j] >= 0 || !_before[i].SameSource(_after[j])))
            {
                j++;
            }

            if (j < end)
            {
                Join(i, j++);
            }
        }
    }

    private bool AllFreeAndAlike(int from, int to, int j)
    {
        for (var i = from; i < to; i++)
        {
            if (_newOf[i] >= 0 || _before[i].Kind != _after[j + i - from].Kind)
            {
                return false;
            }
        }

        return true;
    }

    private void Join(int i, int j)
    {
        if (_newOf[i] < 0 && _oldOf[j] < 0)
        {
            _newOf[i] = j;
            _oldOf[j] = i;
        }
    }
}
