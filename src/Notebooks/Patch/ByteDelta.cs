using System.Runtime.InteropServices;

namespace Squero.Notebooks;

/// <summary>
/// Tells stretches of the new file by stretches of the old one: what both begin and end with, then the pieces they
/// share, and for long new pieces wherever the old file has them. Linear in the size of both.
/// </summary>
internal sealed class ByteDelta(ReadOnlyMemory<byte> old, ReadOnlyMemory<byte> now)
{
    /// <summary>New bytes of this number or fewer are told as they are.</summary>
    private const int Small = 48;
    private const int LongPiece = 80;
    private const int MinCore = 64;

    /// <summary>Beyond so many different pieces, those that occur once show the way: a patch need not be the shortest.</summary>
    private const int MaxCost = 60;

    private readonly FileUnits _units = FileUnits.For(now.Span);
    private Dictionary<(ulong Head, int Length), int>? _long;

    public PatchOps Ops { get; } = new();

    /// <summary>The new stretch must begin where the told bytes end.</summary>
    public void Tell(JsonSlice before, JsonSlice after)
    {
        var head = old.Span[before.Start..before.End].CommonPrefixLength(now.Span[after.Start..after.End]);
        Ops.Copy(before.Start, head);
        before = before with { Start = before.Start + head };
        after = after with { Start = after.Start + head };
        var tail = CommonEnd(before, after);
        TellMiddle(before with { End = before.End - tail }, after with { End = after.End - tail });
        Ops.Copy(before.End - tail, tail);
    }

    private void TellMiddle(JsonSlice before, JsonSlice after)
    {
        if (after.Length <= Small)
        {
            Ops.Insert(after.Length);
            return;
        }

        var was = _units.Cut(old.Span, before.Start, before.End);
        var isNow = _units.Cut(now.Span, after.Start, after.End);
        if (before.Length == 0)
        {
            TellPieces(was, 0, 0, isNow, 0, isNow.Count - 1);
            return;
        }

        var symbols = new Dictionary<ulong, int>(was.Count + isNow.Count);
        int i = 0, j = 0;
        foreach (var hunk in LineDiff.Between(Number(old.Span, was, symbols), Number(now.Span, isNow, symbols), MaxCost))
        {
            TellSame(was, ref i, hunk.Before, isNow, ref j);
            TellPieces(was, i, hunk.RemovedCount, isNow, j, hunk.AddedCount);
            (i, j) = (i + hunk.RemovedCount, j + hunk.AddedCount);
        }

        TellSame(was, ref i, was.Count - 1, isNow, ref j);
    }

    private void TellSame(List<int> was, ref int i, int end, List<int> isNow, ref int j)
    {
        for (; i < end; i++, j++)
        {
            var (from, length) = (was[i], isNow[j + 1] - isNow[j]);

            // Numbers of pieces come from hashes: the bytes have the last word.
            if (was[i + 1] - from == length && old.Span.Slice(from, length).SequenceEqual(now.Span.Slice(isNow[j], length)))
            {
                Ops.Copy(from, length);
            }
            else
            {
                Ops.Insert(length);
            }
        }
    }

    private void TellPieces(List<int> was, int i, int removed, List<int> isNow, int j, int added)
    {
        for (var at = 0; at < added; at++)
        {
            var after = new JsonSlice(isNow[j + at], isNow[j + at + 1]);
            if (after.Length >= LongPiece && Core(now.Span, after) is var core && Elsewhere(core) is { } from)
            {
                Ops.Insert(core.Start - after.Start);
                Ops.Copy(from, core.Length);
                Ops.Insert(after.End - core.End);
            }
            else if (at < removed)
            {
                TellPiece(new JsonSlice(was[i + at], was[i + at + 1]), after);
            }
            else
            {
                Ops.Insert(after.Length);
            }
        }
    }

    private void TellPiece(JsonSlice before, JsonSlice after)
    {
        var head = old.Span[before.Start..before.End].CommonPrefixLength(now.Span[after.Start..after.End]);
        var tail = CommonEnd(before with { Start = before.Start + head }, after with { Start = after.Start + head });
        Ops.Copy(before.Start, head);
        Ops.Insert(after.Length - head - tail);
        Ops.Copy(before.End - tail, tail);
    }

    private int CommonEnd(JsonSlice before, JsonSlice after)
    {
        var a = old.Span[before.Start..before.End];
        var b = now.Span[after.Start..after.End];
        const int Step = 64;
        var same = 0;
        while (same + Step <= Math.Min(a.Length, b.Length) && a[^(same + Step)..^same].SequenceEqual(b[^(same + Step)..^same]))
        {
            same += Step;
        }

        while (same < Math.Min(a.Length, b.Length) && a[^(same + 1)] == b[^(same + 1)])
        {
            same++;
        }

        return same;
    }

    /// <summary>
    /// A piece without its indentation, its key, and the line feed, quote and comma at its end: what stays the same at
    /// another depth, under another key and in another place of a list.
    /// </summary>
    private static JsonSlice Core(ReadOnlySpan<byte> file, JsonSlice piece)
    {
        var head = Math.Max(0, piece.Of(file).IndexOfAnyExcept((byte)' ', (byte)'\t'));
        var core = piece with { Start = piece.Start + head };
        var key = core.Of(file)[..Math.Min(core.Length, MinCore)].IndexOf("\": \""u8);
        core = key < 0 ? core : core with { Start = core.Start + key + 4 };
        return core with { End = core.Start + core.Of(file).TrimEnd(", \r\n\"\\n"u8).Length };
    }

    private int? Elsewhere(JsonSlice after)
    {
        if (after.Length < MinCore)
        {
            return null;
        }

        _long ??= LongPieces();
        var piece = after.Of(now.Span);
        return _long.TryGetValue(Key(piece), out var from) && old.Span.Slice(from, piece.Length).SequenceEqual(piece) ? from : null;
    }

    private Dictionary<(ulong Head, int Length), int> LongPieces()
    {
        var found = new Dictionary<(ulong Head, int Length), int>();
        var starts = _units.Cut(old.Span, 0, old.Length);
        for (var at = 0; at + 1 < starts.Count; at++)
        {
            if (starts[at + 1] - starts[at] >= LongPiece && Core(old.Span, new JsonSlice(starts[at], starts[at + 1])) is { Length: >= MinCore } core)
            {
                found.TryAdd(Key(core.Of(old.Span)), core.Start);
            }
        }

        return found;
    }

    // Pictures of one kind begin alike: some bytes from the middle tell them apart.
    private static (ulong Head, int Length) Key(ReadOnlySpan<byte> piece) =>
        ((ulong)(JsonMeaning.Fingerprint(piece.Slice(piece.Length / 4, 48)) + JsonMeaning.Fingerprint(piece[^48..])), piece.Length);

    private static int[] Number(ReadOnlySpan<byte> file, List<int> starts, Dictionary<ulong, int> symbols)
    {
        var numbers = new int[starts.Count - 1];
        for (var at = 0; at < numbers.Length; at++)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(symbols, (ulong)JsonMeaning.Fingerprint(file[starts[at]..starts[at + 1]]), out var known);
            number = known ? number : symbols.Count;
            numbers[at] = number;
        }

        return numbers;
    }
}
