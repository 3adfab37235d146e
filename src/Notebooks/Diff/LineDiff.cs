using System.Buffers;
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
    private const int FirstTrace = 1_024;

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
        var reach = ArrayPool<int>.Shared.Rent((2 * limit) + 3);
        var trace = ArrayPool<int>.Shared.Rent(FirstTrace);
        reach.AsSpan(0, (2 * limit) + 3).Clear();
        var found = false;
        for (var d = 0; d <= limit && !found; d++)
        {
            if (Step(a, b, d, reach.AsSpan(limit - d)) is { } k)
            {
                Emit(trace, d, k, a.Length, b.Length, atA, atB, hunks);
                found = true;
                continue;
            }

            Keep(ref trace, d, reach.AsSpan(limit + 1 - d, (2 * d) + 1));
        }

        ArrayPool<int>.Shared.Return(reach);
        ArrayPool<int>.Shared.Return(trace);
        return found;
    }

    /// <summary>One edit further on every diagonal, the first of which (-d) stands at 1: the one that reached the end, or null.</summary>
    private static int? Step(ReadOnlySpan<int> a, ReadOnlySpan<int> b, int d, Span<int> reach)
    {
        for (var k = -d; k <= d; k += 2)
        {
            var at = k + d + 1;
            var down = k == -d || k != d && reach[at - 1] < reach[at + 1];
            var x = down ? reach[at + 1] : reach[at - 1] + 1;
            var y = x - k;
            if (x < a.Length && y >= 0 && y < b.Length && a[x] == b[y])
            {
                var run = a[x..].CommonPrefixLength(b[y..]);
                x += run;
                y += run;
            }

            reach[at] = x;
            if (x >= a.Length && y >= b.Length)
            {
                return k;
            }
        }

        return null;
    }

    /// <summary>Step d has 2d + 1 diagonals, and those of all steps before it come to d².</summary>
    private static void Keep(ref int[] trace, int d, ReadOnlySpan<int> diagonals)
    {
        if (trace.Length < (d * d) + diagonals.Length)
        {
            var longer = ArrayPool<int>.Shared.Rent(2 * ((d * d) + diagonals.Length));
            trace.AsSpan(0, d * d).CopyTo(longer);
            ArrayPool<int>.Shared.Return(trace);
            trace = longer;
        }

        diagonals.CopyTo(trace.AsSpan(d * d));
    }

    /// <summary>Goes back through the recorded reaches.</summary>
    private static void Emit(int[] trace, int d, int k, int x, int y, int atA, int atB, List<LineHunk> hunks)
    {
        var edits = new List<LineHunk>(d);
        for (; d > 0; d--)
        {
            var row = trace.AsSpan((d - 1) * (d - 1), (2 * d) - 1);
            var below = Reach(row, k - 1);
            var down = k == -d || k != d && below < Reach(row, k + 1);
            k += down ? 1 : -1;
            x = Reach(row, k);
            y = x - k;
            edits.Add(down ? new LineHunk(atA + x, 0, atB + y, 1) : new LineHunk(atA + x, 1, atB + y, 0));
        }

        for (var i = edits.Count - 1; i >= 0; i--)
        {
            Add(hunks, edits[i]);
        }
    }

    private static int Reach(ReadOnlySpan<int> row, int diagonal) =>
        diagonal + (row.Length / 2) is var at && at >= 0 && at < row.Length ? row[at] : -1;

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
