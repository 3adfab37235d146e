using System.Runtime.InteropServices;

namespace Squero.Notebooks;

/// <summary>
/// Which old cells hold a word, for all words of the cells that are to be paired. Words are numbered, so that they are
/// looked up once; the cells that hold each stand in one array, word after word.
/// </summary>
internal sealed class WordIndex
{
    /// <summary>A word of more cells leads nowhere.</summary>
    private const int MaxPostings = 24;

    private readonly Dictionary<int, int> _numbers = [];
    private readonly List<int> _times = [];
    private readonly int[] _starts;
    private readonly int[] _cells;
    private readonly int[] _shared;
    private readonly List<int> _touched = [];

    public WordIndex(IReadOnlyCollection<CellWords> old, IReadOnlyCollection<CellWords> now)
    {
        foreach (var words in old)
        {
            words.Number(this);
        }

        var oldTimes = _times.ToArray();
        foreach (var words in now)
        {
            words.Number(this);
        }

        foreach (var words in old.Concat(now))
        {
            words.Weigh(this);
        }

        _starts = Starts(oldTimes);
        _cells = Postings(old, _starts, oldTimes.Length);
        _shared = new int[old.Count == 0 ? 0 : old.Max(words => words.Cell.Index) + 1];
    }

    /// <summary>The number of a word, counted once more.</summary>
    public int Count(int word)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, word, out var known);
        if (!known)
        {
            number = _times.Count;
            _times.Add(0);
        }

        _times[number]++;
        return number;
    }

    /// <summary>A word that stands in many cells says little about which cell this is.</summary>
    public float Weight(int number)
    {
        var times = _times[number];
        return times <= 2 ? 1 : 1 / (1 + (0.5f * MathF.Log2(times / 2f)));
    }

    /// <summary>Adds the old cells that share most words with this one, by number, then by their place.</summary>
    public void Nearest(CellWords now, int most, List<int> found)
    {
        foreach (var number in now.Numbers)
        {
            if (number < _starts.Length - 1 && _starts[number + 1] - _starts[number] <= MaxPostings)
            {
                Touch(_cells.AsSpan(_starts[number].._starts[number + 1]));
            }
        }

        _touched.Sort((a, b) => _shared[a] != _shared[b] ? _shared[b] - _shared[a] : a - b);
        for (var at = 0; at < _touched.Count; at++)
        {
            _shared[_touched[at]] = 0;
            if (at < most)
            {
                found.Add(_touched[at]);
            }
        }

        _touched.Clear();
    }

    private void Touch(ReadOnlySpan<int> cells)
    {
        foreach (var cell in cells)
        {
            if (_shared[cell]++ == 0)
            {
                _touched.Add(cell);
            }
        }
    }

    private static int[] Starts(int[] times)
    {
        var starts = new int[times.Length + 1];
        for (var number = 0; number < times.Length; number++)
        {
            starts[number + 1] = starts[number] + times[number];
        }

        return starts;
    }

    private static int[] Postings(IReadOnlyCollection<CellWords> old, int[] starts, int words)
    {
        var cells = new int[starts[^1]];
        var next = starts.AsSpan(0, words).ToArray();
        foreach (var one in old)
        {
            foreach (var number in one.Numbers)
            {
                cells[next[number]++] = one.Cell.Index;
            }
        }

        return cells;
    }
}
