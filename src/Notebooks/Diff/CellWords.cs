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

    private float[] _weights = [];
    private double _weight;

    public CellWords(Cell cell)
    {
        Cell = cell;
        Span<int> words = stackalloc int[MaxWords];
        words = words[..Read(cell.Source, words)];
        words.Sort();
        Sorted = words.ToArray();
    }

    public Cell Cell { get; }

    public int[] Sorted { get; }

    /// <summary>Each word once, by its number in the index.</summary>
    public int[] Numbers { get; private set; } = [];

    public static bool IsSign(int word) => (word & 1) == 1;

    /// <summary>
    /// Shared words of both, as a share of all, by weight: 1 for the same bag of words. Holds is the share of the smaller
    /// one: high, too, for a cell that grew or was cut.
    /// </summary>
    public static (double Likeness, double Holds) Compare(CellWords one, CellWords other)
    {
        int[] a = one.Sorted, b = other.Sorted;
        int i = 0, j = 0;
        double shared = 0;
        while (i < a.Length && j < b.Length)
        {
            if (a[i] < b[j])
            {
                i++;
            }
            else if (a[i] > b[j])
            {
                j++;
            }
            else
            {
                shared += one._weights[i++];
                j++;
            }
        }

        var smaller = Math.Min(one._weight, other._weight);
        return smaller <= 0 ? (0, 0) : (2 * shared / (one._weight + other._weight), smaller < Telling ? 0 : shared / smaller);
    }

    public void Number(WordIndex index)
    {
        var numbers = new int[Different()];
        var next = 0;
        for (var at = 0; at < Sorted.Length; at++)
        {
            if (at == 0 || Sorted[at] != Sorted[at - 1])
            {
                numbers[next++] = index.Count(Sorted[at]);
            }
        }

        Numbers = numbers;
    }

    public void Weigh(WordIndex index)
    {
        _weights = new float[Sorted.Length];
        var next = 0;
        for (var at = 0; at < Sorted.Length; at++)
        {
            _weights[at] = at > 0 && Sorted[at] == Sorted[at - 1] ? _weights[at - 1] : (IsSign(Sorted[at]) ? 0.35f : 1) * index.Weight(Numbers[next++]);
            _weight += _weights[at];
        }
    }

    private int Different()
    {
        var different = 0;
        for (var at = 0; at < Sorted.Length; at++)
        {
            different += at == 0 || Sorted[at] != Sorted[at - 1] ? 1 : 0;
        }

        return different;
    }

    private static int Read(string source, Span<int> words)
    {
        var count = 0;
        for (var at = 0; at < source.Length && count < words.Length;)
        {
            if (char.IsWhiteSpace(source[at]))
            {
                at++;
            }
            else if (IsDense(source[at]))
            {
                words[count++] = Tagged(HashCode(source.AsSpan(at, at + 1 < source.Length && IsDense(source[at + 1]) ? 2 : 1)), false);
                at++;
            }
            else
            {
                var length = WordLength(source, at);
                words[count++] = Tagged(HashCode(source.AsSpan(at, Math.Max(1, length))), length == 0);
                at += Math.Max(1, length);
            }
        }

        return count;
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
