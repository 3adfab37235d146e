using System.Runtime.InteropServices;

namespace Squero.Notebooks;

/// <summary>
/// Pairs cells that changed: those that share most of their words. Candidates come from an index of words, rare ones
/// first, so that a thousand changed cells are not compared with a thousand others.
/// </summary>
internal static class CellLikeness
{
    private const int MaxWords = 1_500;
    private const int MaxPostings = 24;
    private const double EnoughInPlace = 0.36;
    private const double EnoughElsewhere = 0.62;

    public static void Pair(IReadOnlyList<Cell> before, IReadOnlyList<Cell> after, int[] oldOf, int[] newOf)
    {
        var old = Free(before, newOf);
        var now = Free(after, oldOf);
        if (old.Count == 0 || now.Count == 0)
        {
            return;
        }

        var weights = Weights(old, now);
        var index = Index(old);
        var candidates = new List<(double Score, int I, int J)>();
        foreach (var (cell, words) in now)
        {
            Collect(cell, words, old, index, weights, candidates, oldOf, newOf);
        }

        candidates.Sort((a, b) => b.Score != a.Score ? b.Score.CompareTo(a.Score) : a.J != b.J ? a.J - b.J : a.I - b.I);
        foreach (var (_, i, j) in candidates)
        {
            if (newOf[i] < 0 && oldOf[j] < 0)
            {
                newOf[i] = j;
                oldOf[j] = i;
            }
        }
    }

    private static List<(Cell Cell, int[] Words)> Free(IReadOnlyList<Cell> cells, int[] taken) =>
        cells.Where(cell => taken[cell.Index] < 0).Select(cell => (cell, Words(cell))).ToList();

    private static Dictionary<int, List<int>> Index(List<(Cell Cell, int[] Words)> cells)
    {
        var index = new Dictionary<int, List<int>>();
        for (var at = 0; at < cells.Count; at++)
        {
            foreach (var word in cells[at].Words)
            {
                ref var postings = ref CollectionsMarshal.GetValueRefOrAddDefault(index, word, out _);
                postings ??= [];
                if (postings.Count <= MaxPostings && (postings.Count == 0 || postings[^1] != at))
                {
                    postings.Add(at);
                }
            }
        }

        return index;
    }

    private static void Collect(Cell cell, int[] words, List<(Cell Cell, int[] Words)> old, Dictionary<int, List<int>> index, Dictionary<int, float> weights, List<(double, int, int)> found, int[] oldOf, int[] newOf)
    {
        var shared = new Dictionary<int, int>();
        foreach (var word in words)
        {
            if (index.TryGetValue(word, out var postings) && postings.Count <= MaxPostings)
            {
                foreach (var at in postings)
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(shared, at, out _)++;
                }
            }
        }

        Near(cell.Index, old, oldOf, newOf, shared);
        foreach (var (at, _) in shared.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Take(12))
        {
            var score = Score(words, old[at].Words, weights) - (cell.Kind == old[at].Cell.Kind ? 0 : 0.15);
            var inPlace = InPlace(old[at].Cell.Index, cell.Index, oldOf, newOf);
            if (score >= (inPlace ? EnoughInPlace : EnoughElsewhere))
            {
                found.Add((score + (inPlace ? 0.1 : 0), old[at].Cell.Index, cell.Index));
            }
        }
    }

    /// <summary>Common words alone say little, but a cell in the same place deserves a look even so.</summary>
    private static void Near(int j, List<(Cell Cell, int[] Words)> old, int[] oldOf, int[] newOf, Dictionary<int, int> shared)
    {
        var anchor = j - 1;
        while (anchor >= 0 && oldOf[anchor] < 0)
        {
            anchor--;
        }

        var from = anchor < 0 ? 0 : oldOf[anchor] + 1;
        int low = 0, high = old.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = old[middle].Cell.Index < from ? (middle + 1, high) : (low, middle);
        }

        for (var at = low; at < Math.Min(old.Count, low + 6); at++)
        {
            shared.TryAdd(at, 1);
        }
    }

    /// <summary>The nearest known pairs before and after agree that these two stand in the same gap.</summary>
    private static bool InPlace(int i, int j, int[] oldOf, int[] newOf)
    {
        int up = i - 1, left = j - 1;
        for (var steps = 0; up >= 0 && newOf[up] < 0 && steps < 50; steps++)
        {
            up--;
        }

        for (var steps = 0; left >= 0 && oldOf[left] < 0 && steps < 50; steps++)
        {
            left--;
        }

        return up < 0 && left < 0 || up >= 0 && left >= 0 && newOf[up] == left;
    }

    /// <summary>Shared words of both, as a share of all, by weight: 1 for the same bag of words.</summary>
    private static double Score(int[] a, int[] b, Dictionary<int, float> weights)
    {
        int i = 0, j = 0;
        double shared = 0, all = 0;
        while (i < a.Length || j < b.Length)
        {
            var order = i == a.Length ? 1 : j == b.Length ? -1 : a[i].CompareTo(b[j]);
            var weight = weights.GetValueOrDefault(order <= 0 ? a[i] : b[j], 1);
            shared += order == 0 ? 2 * weight : 0;
            all += order == 0 ? 2 * weight : weight;
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        return all == 0 ? 0 : shared / all;
    }

    /// <summary>A word that stands in many cells says little about which cell this is.</summary>
    private static Dictionary<int, float> Weights(List<(Cell Cell, int[] Words)> old, List<(Cell Cell, int[] Words)> now)
    {
        var weights = new Dictionary<int, float>();
        foreach (var (_, words) in old.Concat(now))
        {
            for (var i = 0; i < words.Length; i++)
            {
                if (i == 0 || words[i] != words[i - 1])
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(weights, words[i], out _)++;
                }
            }
        }

        foreach (var word in weights.Keys.ToList())
        {
            weights[word] = 1 / (1 + (0.25f * MathF.Log2(MathF.Max(1, weights[word] / 2))));
        }

        return weights;
    }

    /// <summary>Sorted hashes of the words, doubles included.</summary>
    private static int[] Words(Cell cell)
    {
        var words = new List<int>();
        var source = cell.Source;
        for (var at = 0; at < source.Length && words.Count < MaxWords;)
        {
            if (char.IsWhiteSpace(source[at]))
            {
                at++;
                continue;
            }

            var hash = 17;
            var word = char.IsLetterOrDigit(source[at]) || source[at] == '_';
            do
            {
                hash = unchecked((hash * 31) + source[at++]);
            }
            while (word && at < source.Length && (char.IsLetterOrDigit(source[at]) || source[at] == '_'));
            words.Add(hash);
        }

        words.Sort();
        return [.. words];
    }
}
