namespace Squero.Notebooks;

/// <summary>
/// Pairs cells that changed: those that share most of their words, their first line or their outputs. The nearer two
/// places are, the less must be shared. Candidates come from the same place and from an index of rare words, so that a
/// thousand changed cells are not compared with a thousand others.
/// </summary>
internal sealed class CellLikeness
{
    private const int MaxNear = 16;
    private const int MaxFar = 12;
    private const double InPlace = 0.28;
    private const double CloseBy = 0.42;
    private const double Elsewhere = 0.66;

    /// <summary>A cell beside a known pair that still holds this much of the smaller one only grew or was cut.</summary>
    private const double Held = 0.5;

    /// <summary>How much likelier a cell stays where it is than that it moves.</summary>
    private const double Staying = 0.25;

    /// <summary>The fewer words a cell has, the less they say about which one it is: so many likenesses a word more.</summary>
    private const double FewWords = 6;

    private readonly CellPairs _pairs;
    private readonly Dictionary<int, CellWords> _old;
    private readonly Dictionary<int, CellWords> _new;
    private readonly WordIndex _index;
    private HashSet<int> _kept = [];

    private CellLikeness(CellPairs pairs)
    {
        _pairs = pairs;
        _old = Free(pairs.Before, pairs.NewOf);
        _new = Free(pairs.After, pairs.OldOf);
        _index = new WordIndex(_old.Values, _new.Values);
    }

    public static void Pair(CellPairs pairs)
    {
        if (!pairs.AreDone)
        {
            var likeness = new CellLikeness(pairs);
            likeness.Pair(likeness.Matches());
            likeness.PairNeighbours();
        }
    }

    private static Dictionary<int, CellWords> Free(IReadOnlyList<Cell> cells, int[] taken) =>
        cells.Where(cell => taken[cell.Index] < 0).ToDictionary(cell => cell.Index, cell => new CellWords(cell));

    /// <summary>Clear moves first, then what stayed, without crossings, then what else is alike, and last what changed seats with a neighbour.</summary>
    private void Pair((List<CellMatch> Here, List<CellMatch> Away) matches)
    {
        var bestOld = new Dictionary<int, double>();
        var bestNew = new Dictionary<int, double>();
        var gaps = new CellGaps(_pairs);
        foreach (var match in matches.Here)
        {
            var tight = IsTight(gaps.Free[gaps.OfNew(match.New)]) ? 0.25 : 0;
            bestOld[match.Old] = Math.Max(match.Score + tight, bestOld.GetValueOrDefault(match.Old));
            bestNew[match.New] = Math.Max(match.Score + tight, bestNew.GetValueOrDefault(match.New));
        }

        bool BeatsStaying(CellMatch match) =>
            match.Score > Math.Max(bestOld.GetValueOrDefault(match.Old, -1), bestNew.GetValueOrDefault(match.New, -1)) + Staying + (FewWords / Words(match));
        var moves = new MoveEvidence(_pairs, matches.Here.Concat(matches.Away));
        Join(matches.Away.Where(match => moves.Allows(match) && BeatsStaying(match)));
        Join(HeaviestChain.Of(matches.Here.Where(match => _pairs.AreFree(match.Old, match.New)).ToList()));
        moves.Settle();
        Join(matches.Away.Where(moves.Allows).Concat(matches.Here.Where(match => match.Score >= CloseBy)), moves.IsContradicted);
        gaps = new CellGaps(_pairs);
        Join(matches.Away.Where(match => gaps.Distance(match.Old, match.New) <= 1));
    }

    private void Join(IEnumerable<CellMatch> matches, Func<CellMatch, bool>? isRefused = null)
    {
        foreach (var match in matches.OrderByDescending(match => match.Score).ThenBy(match => match.New).ThenBy(match => match.Old))
        {
            if (isRefused?.Invoke(match) is not true)
            {
                _pairs.Join(match.Old, match.New);
            }
        }
    }

    private int Words(CellMatch match) => Math.Max(1, Math.Min(_old[match.Old].Sorted.Length, _new[match.New].Sorted.Length));

    /// <summary>Beside a known pair is a place too; beside a moved one more has to be shared, since what moved may have been a copy.</summary>
    private void PairNeighbours()
    {
        _kept = [.. _pairs.InOrder()];
        for (var j = 0; j < _pairs.After.Count; j++)
        {
            PairNeighbour(j, 1);
        }

        for (var j = _pairs.After.Count - 1; j >= 0; j--)
        {
            PairNeighbour(j, -1);
        }
    }

    private void PairNeighbour(int j, int step)
    {
        var known = _pairs.OldOf[j];
        var i = known + step;
        j += step;
        if (known >= 0 && i >= 0 && j >= 0 && i < _pairs.Before.Count && j < _pairs.After.Count && _pairs.AreFree(i, j)
            && IsSuccessor(_old[i], _new[j], _kept.Contains(j - step) ? InPlace : CloseBy))
        {
            _pairs.Join(i, j);
        }
    }

    /// <summary>As many cells of the same kinds on both sides: they are likely rewrites of each other.</summary>
    private bool IsTight((List<int> Old, List<int> New) place) => place.Old.Count == place.New.Count
        && place.Old.Zip(place.New).All(pair => _pairs.Before[pair.First].Kind == _pairs.After[pair.Second].Kind);

    private bool IsSuccessor(CellWords old, CellWords now, double needed) =>
        Score(old, now) >= needed || old.Cell.Kind == now.Cell.Kind && CellWords.Compare(old, now).Holds >= Held;

    private (List<CellMatch> Here, List<CellMatch> Away) Matches()
    {
        var gaps = new CellGaps(_pairs);
        List<CellMatch> here = [], away = [];
        List<int> candidates = [];
        foreach (var now in _new.Values)
        {
            candidates.Clear();
            _index.Nearest(now, MaxFar, candidates);
            AddNear(gaps.Free[gaps.OfNew(now.Cell.Index)], now.Cell.Index, candidates);
            foreach (var i in candidates)
            {
                var distance = gaps.Distance(i, now.Cell.Index);
                var score = Score(_old[i], now);
                if (score >= (distance == 0 ? InPlace : distance <= 2 ? CloseBy : Elsewhere))
                {
                    (distance == 0 ? here : away).Add(new CellMatch(score, i, now.Cell.Index));
                }
            }
        }

        return (here, away);
    }

    /// <summary>The cells in the same place; of very many, those about as far into it.</summary>
    private static void AddNear((List<int> Old, List<int> New) place, int j, List<int> candidates)
    {
        var at = place.New.BinarySearch(j);
        var middle = (int)((long)at * place.Old.Count / Math.Max(1, place.New.Count));
        var first = Math.Max(0, middle - (MaxNear / 2));
        var far = candidates.Count;
        for (var near = first; near < Math.Min(place.Old.Count, first + MaxNear); near++)
        {
            if (candidates.IndexOf(place.Old[near], 0, far) < 0)
            {
                candidates.Add(place.Old[near]);
            }
        }
    }

    private double Score(CellWords old, CellWords now)
    {
        var score = CellWords.Compare(old, now).Likeness;
        score -= old.Cell.Kind == now.Cell.Kind ? 0 : 0.15;
        score += SameHeading(old.Cell, now.Cell) ? 0.15 : 0;
        return score + (SameOutputs(old.Cell, now.Cell) ? 0.2 : 0);
    }

    private static bool SameHeading(Cell old, Cell now)
    {
        var heading = FirstLine(old);
        return heading.Length >= 5 && heading.SequenceEqual(FirstLine(now));
    }

    private static ReadOnlySpan<char> FirstLine(Cell cell)
    {
        var text = cell.Source.AsSpan().TrimStart();
        var end = text.IndexOf('\n');
        return (end < 0 ? text : text[..end]).TrimEnd();
    }

    private static bool SameOutputs(Cell old, Cell now)
    {
        if (old.Outputs.Count == 0 || old.Outputs.Count != now.Outputs.Count)
        {
            return false;
        }

        for (var at = 0; at < old.Outputs.Count; at++)
        {
            if (!OutputAlignment.Same(old.Outputs[at], now.Outputs[at]))
            {
                return false;
            }
        }

        return true;
    }
}
