namespace Squero.Notebooks;

/// <summary>Compares the outputs of two cells by what they say: counts and metadata do not matter, every form does.</summary>
internal static class OutputAlignment
{
    private static readonly IReadOnlyList<string> None = [];

    public static List<OutputDiff> Between(IReadOnlyList<CellOutput> before, IReadOnlyList<CellOutput> after)
    {
        var diffs = new List<OutputDiff>(Math.Max(before.Count, after.Count));
        var head = 0;
        while (head < before.Count && head < after.Count && Same(before[head], after[head]))
        {
            diffs.Add(new OutputDiff(before[head], after[head], OutputChange.Unchanged, None));
            head++;
        }

        var tail = 0;
        while (tail < before.Count - head && tail < after.Count - head && Same(before[^(tail + 1)], after[^(tail + 1)]))
        {
            tail++;
        }

        Middle(before, after, head, before.Count - tail, after.Count - tail, diffs);
        for (var i = tail; i > 0; i--)
        {
            diffs.Add(new OutputDiff(before[^i], after[^i], OutputChange.Unchanged, None));
        }

        return diffs;
    }

    public static bool Same(CellOutput a, CellOutput b)
    {
        if (a.Kind != b.Kind || a.Name != b.Name || a.Message != b.Message || a.Data.Count != b.Data.Count)
        {
            return false;
        }

        if (a.Kind == OutputKind.Stream && (a.More.Count > 0 || b.More.Count > 0))
        {
            return a.Text() == b.Text();
        }

        foreach (var value in a.Data)
        {
            if (b.Find(value.Mime) is not { } other || !value.Means(other))
            {
                return false;
            }
        }

        return true;
    }

    private static void Middle(IReadOnlyList<CellOutput> before, IReadOnlyList<CellOutput> after, int head, int oldEnd, int newEnd, List<OutputDiff> diffs)
    {
        var newHead = head;
        if (oldEnd - head <= 1 && newEnd - head <= 1)
        {
            PairUp(before, after, ref head, oldEnd, ref newHead, newEnd, diffs);
            return;
        }

        var symbols = new Dictionary<UInt128, int>();
        var old = Number(before, head, oldEnd, symbols);
        var now = Number(after, head, newEnd, symbols);
        var (i, j) = (head, newHead);
        foreach (var hunk in LineDiff.Between(old, now))
        {
            for (; i < head + hunk.Before; i++, j++)
            {
                diffs.Add(new OutputDiff(before[i], after[j], OutputChange.Unchanged, None));
            }

            PairUp(before, after, ref i, i + hunk.RemovedCount, ref j, j + hunk.AddedCount, diffs);
        }

        for (; i < oldEnd; i++, j++)
        {
            diffs.Add(new OutputDiff(before[i], after[j], OutputChange.Unchanged, None));
        }
    }

    private static int[] Number(IReadOnlyList<CellOutput> outputs, int from, int to, Dictionary<UInt128, int> symbols)
    {
        var numbers = new int[to - from];
        for (var i = from; i < to; i++)
        {
            var print = Fingerprint(outputs[i]);
            if (!symbols.TryGetValue(print, out var number))
            {
                symbols[print] = number = symbols.Count;
            }

            numbers[i - from] = number;
        }

        return numbers;
    }

    private static UInt128 Fingerprint(CellOutput output)
    {
        var print = JsonMeaning.Fingerprint($"{output.Kind} {output.Name} {output.Message}".AsSpan());
        if (output.Kind == OutputKind.Stream)
        {
            return print + JsonMeaning.Fingerprint(output.Text().AsSpan());
        }

        foreach (var value in output.Data)
        {
            var content = value.IsPicture ? NotebookPicture.Fingerprint(value) : JsonMeaning.Fingerprint(value.Json, value.Value);
            print += (JsonMeaning.Fingerprint(value.Mime.AsSpan()) * 31) ^ content;
        }

        return print;
    }

    /// <summary>Outputs at the same place of one kind are versions of each other; the rest went and came.</summary>
    private static void PairUp(IReadOnlyList<CellOutput> before, IReadOnlyList<CellOutput> after, ref int i, int oldEnd, ref int j, int newEnd, List<OutputDiff> diffs)
    {
        while (i < oldEnd || j < newEnd)
        {
            if (i < oldEnd && j < newEnd && Related(before[i], after[j]))
            {
                diffs.Add(new OutputDiff(before[i], after[j], OutputChange.Changed, ChangedMimes(before[i++], after[j++])));
                continue;
            }

            var takeOld = j >= newEnd || i < oldEnd && oldEnd - i >= newEnd - j;
            if (takeOld)
            {
                diffs.Add(new OutputDiff(before[i++], null, OutputChange.Removed, None));
            }
            else
            {
                diffs.Add(new OutputDiff(null, after[j++], OutputChange.Added, None));
            }
        }
    }

    private static bool Related(CellOutput a, CellOutput b)
    {
        if (a.Kind == OutputKind.Stream || b.Kind == OutputKind.Stream || a.Kind == OutputKind.Error || b.Kind == OutputKind.Error)
        {
            return a.Kind == b.Kind && (a.Kind == OutputKind.Error || a.Name == b.Name);
        }

        return a.Data.Any(value => b.Find(value.Mime) is not null) || a.Data.Count == b.Data.Count && a.Kind == b.Kind;
    }

    private static List<string> ChangedMimes(CellOutput a, CellOutput b)
    {
        if (a.Kind is OutputKind.Stream or OutputKind.Error)
        {
            return ["text/plain"];
        }

        var mimes = new List<string>();
        foreach (var value in b.Data)
        {
            if (a.Find(value.Mime) is not { } other || !value.Means(other))
            {
                mimes.Add(value.Mime);
            }
        }

        mimes.AddRange(a.Data.Where(value => b.Find(value.Mime) is null).Select(value => value.Mime));
        return mimes;
    }
}
