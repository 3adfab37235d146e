using System.Runtime.InteropServices;

namespace Squero.Notebooks;

/// <summary>
/// The words of a cell as sorted hashes, doubles included. Scripts written without spaces give their pairs of letters;
/// signs count, but little.
/// </summary>
internal sealed class CellWords
{
    private const int MaxWords = 1_500;

    /// <summary>So many words must the smaller cell have for its being held to tell something.</summary>
    private const int Telling = 6;

    public CellWords(Cell cell)
    {
        Cell = cell;
        var words = new List<int>();
        var source = cell.Source;
        for (var at = 0; at < source.Length && words.Count < MaxWords;)
        {
            if (char.IsWhiteSpace(source[at]))
            {
                at++;
            }
            else if (IsDense(source[at]))
            {
                words.Add(Tagged(HashCode(source.AsSpan(at, at + 1 < source.Length && IsDense(source[at + 1]) ? 2 : 1)), false));
                at++;
            }
            else
            {
                var length = WordLength(source, at);
                words.Add(Tagged(HashCode(source.AsSpan(at, Math.Max(1, length))), length == 0));
                at += Math.Max(1, length);
            }
        }

        words.Sort();
        Sorted = [.. words];
    }

    public Cell Cell { get; }

    public int[] Sorted { get; }

    public static bool IsSign(int word) => (word & 1) == 1;

    /// <summary>A word that stands in many cells says little about which cell this is.</summary>
    public static Dictionary<int, float> Weights(IEnumerable<CellWords> cells)
    {
        var weights = new Dictionary<int, float>();
        foreach (var words in cells)
        {
            var sorted = words.Sorted;
            for (var i = 0; i < sorted.Length; i++)
            {
                if (i == 0 || sorted[i] != sorted[i - 1])
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(weights, sorted[i], out _)++;
                }
            }
        }

        foreach (var word in weights.Keys.ToList())
        {
            var rarity = 1 / (1 + (0.5f * MathF.Log2(MathF.Max(1, weights[word] / 2))));
            weights[word] = IsSign(word) ? 0.35f * rarity : rarity;
        }

        return weights;
    }

    /// <summary>
    /// Shared words of both, as a share of all, by weight: 1 for the same bag of words. Holds is the share of the smaller
    /// one: high, too, for a cell that grew or was cut.
    /// </summary>
    public static (double Likeness, double Holds) Compare(CellWords one, CellWords other, Dictionary<int, float> weights)
    {
        int[] a = one.Sorted, b = other.Sorted;
        int i = 0, j = 0;
        double shared = 0, mine = 0, theirs = 0;
        while (i < a.Length || j < b.Length)
        {
            var order = i == a.Length ? 1 : j == b.Length ? -1 : a[i].CompareTo(b[j]);
            var weight = weights.GetValueOrDefault(order <= 0 ? a[i] : b[j], 1);
            shared += order == 0 ? weight : 0;
            mine += order <= 0 ? weight : 0;
            theirs += order >= 0 ? weight : 0;
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        var smaller = Math.Min(mine, theirs);
        return smaller <= 0 ? (0, 0) : (2 * shared / (mine + theirs), smaller < Telling ? 0 : shared / smaller);
    }

    private static int WordLength(string source, int at)
    {
        var end = at;
        while (end < source.Length && (char.IsLetterOrDigit(source[end]) || source[end] == '_') && !IsDense(source[end]))
        {
            end++;
        }

        return end - at;
    }

    // Chinese, Japanese and Korean: no spaces, or endings on every word.
    private static bool IsDense(char c) => c is >= '\u3040' and <= '\u9FFF' or >= '\uAC00' and <= '\uD7AF';

    private static int HashCode(ReadOnlySpan<char> text)
    {
        var hash = 17;
        foreach (var c in text)
        {
            hash = unchecked((hash * 31) + c);
        }

        return hash;
    }

    private static int Tagged(int hash, bool sign) => (hash & ~1) | (sign ? 1 : 0);
}
