using System.Runtime.InteropServices;

namespace Squero.Notebooks;

/// <summary>
/// The shortest difference of two lists of lines (Myers), with a limit to its cost: texts that differ too much are
/// first cut at lines that occur once on both sides, and what then still differs too much is replaced as a whole.
/// </summary>
internal static class LineDiff
{
    private const int MaxCost = 400;
    private const int MaxCuts = 12;

    public static List<LineHunk> Between(IReadOnlyList<string> before, IReadOnlyList<string> after, int maxCost = MaxCost)
    {
        var symbols = new Dictionary<string, int>(before.Count + after.Count, StringComparer.Ordinal);
        var old = Number(before, symbols);
        var now = Number(after, symbols);
        return Between(old, now, maxCost);
    }

    public static List<LineHunk> Between(ReadOnlySpan<int> before, ReadOnlySpan<int> after, int maxCost = MaxCost)
    {
        var hunks = new List<LineHunk>();
        Compare(before, after, 0, 0, (0, maxCost), hunks);
        return hunks;
    }

    private static int[] Number(IReadOnlyList<string> lines, Dictionary<string, int> symbols)
    {
        var numbers = new int[lines.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(symbols, lines[i], out var known);
            number = known ? number : symbols.Count;
            numbers[i] = number;
        }

        return numbers;
    }

    private static void Compare(ReadOnlySpan<int> a, ReadOnlySpan<int> b, int atA, int atB, (int Cuts, int MaxCost) effort, List<LineHunk> hunks)
    {
        var prefix = a.CommonPrefixLength(b);
        a = a[prefix..];
        b = b[prefix..];
        atA += prefix;
        atB += prefix;
        while (a.Length > 0 && b.Length > 0 && a[^1] == b[^1])
        {
            a = a[..^1];
            b = b[..^1];
        }

        if (a.IsEmpty && b.IsEmpty)
        {
            return;
        }

        if (a.IsEmpty || b.IsEmpty)
        {
            Add(hunks, new LineHunk(atA, a.Length, atB, b.Length));
        }
        else if (!Myers(a, b, atA, atB, effort.MaxCost, hunks) && !(effort.Cuts < MaxCuts && Cut(a, b, atA, atB, effort, hunks)))
        {
            Add(hunks, new LineHunk(atA, a.Length, atB, b.Length));
        }
    }

    private static bool Myers(ReadOnlySpan<int> a, ReadOnlySpan<int> b, int atA, int atB, int maxCost, List<LineHunk> hunks)
    {
        var limit = Math.Min(maxCost, a.Length + b.Length);
        var reach = new int[(2 * limit) + 3];
        var trace = new List<int[]>();
        for (var d = 0; d <= limit; d++)
        {
            for (var k = -d; k <= d; k += 2)
            {
                var down = k == -d || k != d && reach[limit + k] < reach[limit + k + 2];
                var x = down ? reach[limit + k + 2] : reach[limit + k] + 1;
                var y = x - k;
                if (x < a.Length && y >= 0 && y < b.Length && a[x] == b[y])
                {
                    var run = a[x..].CommonPrefixLength(b[y..]);
                    x += run;
                    y += run;
                }

                reach[limit + k + 1] = x;
                if (x >= a.Length && y >= b.Length)
                {
                    Emit(trace, d, k, a.Length, b.Length, atA, atB, hunks);
                    return true;
                }
            }

            trace.Add(reach[(limit + 1 - d)..(limit + 2 + d)]);
        }

        return false;
    }

    /// <summary>Goes back through the recorded reaches; trace[d] holds the diagonals -d..d after step d.</summary>
    private static void Emit(List<int[]> trace, int d, int k, int x, int y, int atA, int atB, List<LineHunk> hunks)
    {
        var edits = new List<LineHunk>(d);
        for (; d > 0; d--)
        {
            var row = trace[d - 1];
            int Reach(int diagonal) => Math.Abs(diagonal) > d - 1 ? -1 : row[diagonal + d - 1];
            var down = k == -d || k != d && Reach(k - 1) < Reach(k + 1);
            k += down ? 1 : -1;
            x = Reach(k);
            y = x - k;
            edits.Add(down ? new LineHunk(atA + x, 0, atB + y, 1) : new LineHunk(atA + x, 1, atB + y, 0));
        }

        for (var i = edits.Count - 1; i >= 0; i--)
        {
            Add(hunks, edits[i]);
        }
    }

    /// <summary>Cuts both sides at lines that occur exactly once on each, in an order that both share.</summary>
    private static bool Cut(ReadOnlySpan<int> a, ReadOnlySpan<int> b, int atA, int atB, (int Cuts, int MaxCost) effort, List<LineHunk> hunks)
    {
        var seats = new Dictionary<int, (int A, int B, int Times)>();
        for (var i = 0; i < a.Length; i++)
        {
            ref var seat = ref CollectionsMarshal.GetValueRefOrAddDefault(seats, a[i], out _);
            seat = (i, -1, seat.Times + 1);
        }

        for (var i = 0; i < b.Length; i++)
        {
            ref var seat = ref CollectionsMarshal.GetValueRefOrNullRef(seats, b[i]);
            if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref seat))
            {
                seat = (seat.A, i, seat.B >= 0 ? 2 : seat.Times);
            }
        }

        var pairs = seats.Values.Where(seat => seat.Times == 1 && seat.B >= 0).OrderBy(seat => seat.B).ToList();
        var kept = IncreasingSequence.Longest(pairs.ConvertAll(pair => pair.A));
        int fromA = 0, fromB = 0;
        foreach (var index in kept)
        {
            Compare(a[fromA..pairs[index].A], b[fromB..pairs[index].B], atA + fromA, atB + fromB, (effort.Cuts + 1, effort.MaxCost), hunks);
            (fromA, fromB) = (pairs[index].A + 1, pairs[index].B + 1);
        }

        if (kept.Count > 0)
        {
            Compare(a[fromA..], b[fromB..], atA + fromA, atB + fromB, (effort.Cuts + 1, effort.MaxCost), hunks);
        }

        return kept.Count > 0;
    }

    private static void Add(List<LineHunk> hunks, LineHunk next)
    {
        if (hunks.Count > 0 && hunks[^1] is var last
            && last.Before + last.RemovedCount == next.Before && last.After + last.AddedCount == next.After)
        {
            hunks[^1] = last with { RemovedCount = last.RemovedCount + next.RemovedCount, AddedCount = last.AddedCount + next.AddedCount };
            return;
        }

        hunks.Add(next);
    }
}
