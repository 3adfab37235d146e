namespace Squero.Notebooks;

internal enum LineOrigin
{
    /// <summary>As it was, or changed by both in the same way: found in ours.</summary>
    Same,
    Ours,
    Theirs,
    Conflict,
}

/// <summary>A stretch of a merged text, by the lines of each side that it stands for.</summary>
internal readonly record struct LineChunk(LineOrigin Origin, int Base, int BaseCount, int Ours, int OursCount, int Theirs, int TheirsCount);

/// <summary>
/// The merge of three lists of lines. Changes that share a line, or an insertion that touches a change of the other
/// side, collide; replaced lines that are merely neighbours do not. Who only changed space at the ends of lines, or empty
/// lines, gives way.
/// </summary>
internal static class LineMerge
{
    /// <summary>As git does it.</summary>
    private const int MaxBetween = 3;

    public static List<LineChunk> Between(IReadOnlyList<string> old, IReadOnlyList<string> ours, IReadOnlyList<string> theirs)
    {
        var mine = LineDiff.Between(old, ours);
        var others = LineDiff.Between(old, theirs);
        var chunks = new List<LineChunk>();
        var (at, shiftOurs, shiftTheirs) = (0, 0, 0);
        for (int i = 0, j = 0; i < mine.Count || j < others.Count;)
        {
            var (firstI, firstJ) = (i, j);
            var start = Math.Min(i < mine.Count ? mine[i].Before : int.MaxValue, j < others.Count ? others[j].Before : int.MaxValue);
            var end = Region(mine, ref i, others, ref j);
            Same(chunks, at, start, shiftOurs, shiftTheirs);
            var growthOurs = Growth(mine, firstI, i);
            var growthTheirs = Growth(others, firstJ, j);
            var origin = firstJ == j ? LineOrigin.Ours : firstI == i ? LineOrigin.Theirs : LineOrigin.Conflict;
            var chunk = new LineChunk(origin, start, end - start, start + shiftOurs, end - start + growthOurs, start + shiftTheirs, end - start + growthTheirs);
            Settle(chunk, old, ours, theirs, chunks);
            (at, shiftOurs, shiftTheirs) = (end, shiftOurs + growthOurs, shiftTheirs + growthTheirs);
        }

        Same(chunks, at, old.Count, shiftOurs, shiftTheirs);
        return JoinConflicts(chunks);
    }

    /// <summary>Without a base every difference collides, because nobody knows who changed what.</summary>
    public static List<LineChunk> Between(IReadOnlyList<string> ours, IReadOnlyList<string> theirs)
    {
        var chunks = new List<LineChunk>();
        int i = 0, j = 0;
        foreach (var hunk in LineDiff.Between(ours, theirs))
        {
            Add(chunks, new LineChunk(LineOrigin.Same, 0, 0, i, hunk.Before - i, j, hunk.Before - i));
            chunks.Add(new LineChunk(LineOrigin.Conflict, 0, 0, hunk.Before, hunk.RemovedCount, hunk.After, hunk.AddedCount));
            (i, j) = (hunk.Before + hunk.RemovedCount, hunk.After + hunk.AddedCount);
        }

        Add(chunks, new LineChunk(LineOrigin.Same, 0, 0, i, ours.Count - i, j, ours.Count - i));
        return JoinConflicts(chunks);
    }

    /// <summary>Conflicts with only a few lines between them are one decision: nobody chooses between scraps of a rewritten cell.</summary>
    private static List<LineChunk> JoinConflicts(List<LineChunk> chunks)
    {
        var joined = new List<LineChunk>(chunks.Count);
        var open = -1;
        foreach (var chunk in chunks)
        {
            joined.Add(chunk);
            if (chunk.Origin != LineOrigin.Conflict)
            {
                continue;
            }

            if (open >= 0 && joined.Skip(open + 1).SkipLast(1).Sum(between => Math.Max(between.OursCount, between.TheirsCount)) <= MaxBetween)
            {
                var first = joined[open];
                joined.RemoveRange(open, joined.Count - open);
                joined.Add(first with
                {
                    BaseCount = chunk.Base + chunk.BaseCount - first.Base,
                    OursCount = chunk.Ours + chunk.OursCount - first.Ours,
                    TheirsCount = chunk.Theirs + chunk.TheirsCount - first.Theirs,
                });
            }

            open = joined.Count - 1;
        }

        return joined;
    }

    /// <summary>Steps over the next hunk and all that collide with it or with one another: the end of the stretch in the base.</summary>
    private static int Region(List<LineHunk> mine, ref int i, List<LineHunk> others, ref int j)
    {
        var takesOurs = j >= others.Count || i < mine.Count && (mine[i].Before, mine[i].RemovedCount).CompareTo((others[j].Before, others[j].RemovedCount)) <= 0;
        var first = takesOurs ? mine[i++] : others[j++];
        var region = (Start: first.Before, End: first.Before + first.RemovedCount);
        while (true)
        {
            // Hunks of one side never touch, so that only the other side's can collide with what was taken last.
            if (j < others.Count && Collide(region, others[j], mine, i))
            {
                region.End = Math.Max(region.End, others[j].Before + others[j].RemovedCount);
                j++;
            }
            else if (i < mine.Count && Collide(region, mine[i], others, j))
            {
                region.End = Math.Max(region.End, mine[i].Before + mine[i].RemovedCount);
                i++;
            }
            else
            {
                return region.End;
            }
        }
    }

    /// <summary>Whether a hunk collides with a hunk of the other side that the region holds already.</summary>
    private static bool Collide((int Start, int End) region, LineHunk next, List<LineHunk> other, int taken)
    {
        for (var k = taken - 1; k >= 0 && other[k].Before + other[k].RemovedCount >= region.Start && other[k].Before >= region.Start; k--)
        {
            var one = other[k];
            var (oneEnd, nextEnd) = (one.Before + one.RemovedCount, next.Before + next.RemovedCount);
            var touches = one.RemovedCount == 0 || next.RemovedCount == 0;
            if (touches ? one.Before <= nextEnd && next.Before <= oneEnd : one.Before < nextEnd && next.Before < oneEnd)
            {
                return true;
            }
        }

        return false;
    }

    private static int Growth(List<LineHunk> hunks, int from, int to)
    {
        var growth = 0;
        for (var k = from; k < to; k++)
        {
            growth += hunks[k].AddedCount - hunks[k].RemovedCount;
        }

        return growth;
    }

    private static void Settle(LineChunk chunk, IReadOnlyList<string> old, IReadOnlyList<string> ours, IReadOnlyList<string> theirs, List<LineChunk> chunks)
    {
        if (chunk.Origin != LineOrigin.Conflict)
        {
            chunks.Add(chunk);
            return;
        }

        var mine = Slice(ours, chunk.Ours, chunk.OursCount);
        var others = Slice(theirs, chunk.Theirs, chunk.TheirsCount);
        var was = Slice(old, chunk.Base, chunk.BaseCount);
        if (mine.SequenceEqual(others, StringComparer.Ordinal))
        {
            chunks.Add(chunk with { Origin = LineOrigin.Same });
        }
        else if (Says(mine).SequenceEqual(Says(was), StringComparer.Ordinal))
        {
            chunks.Add(chunk with { Origin = LineOrigin.Theirs });
        }
        else if (Says(others).SequenceEqual(Says(was), StringComparer.Ordinal) || Says(others).SequenceEqual(Says(mine), StringComparer.Ordinal))
        {
            chunks.Add(chunk with { Origin = LineOrigin.Ours });
        }
        else
        {
            Narrow(chunk, mine, others, chunks);
        }
    }

    /// <summary>Lines on which both agree at the beginning and at the end are no part of the conflict.</summary>
    private static void Narrow(LineChunk chunk, string[] mine, string[] others, List<LineChunk> chunks)
    {
        var head = mine.AsSpan().CommonPrefixLength(others);
        var tail = 0;
        while (tail < Math.Min(mine.Length, others.Length) - head && mine[^(tail + 1)] == others[^(tail + 1)])
        {
            tail++;
        }

        Add(chunks, new LineChunk(LineOrigin.Same, chunk.Base, 0, chunk.Ours, head, chunk.Theirs, head));
        chunks.Add(chunk with { Ours = chunk.Ours + head, OursCount = mine.Length - head - tail, Theirs = chunk.Theirs + head, TheirsCount = others.Length - head - tail });
        Add(chunks, new LineChunk(LineOrigin.Same, chunk.Base + chunk.BaseCount, 0, chunk.Ours + mine.Length - tail, tail, chunk.Theirs + others.Length - tail, tail));
    }

    private static string[] Slice(IReadOnlyList<string> lines, int from, int count) => [.. lines.Skip(from).Take(count)];

    private static IEnumerable<string> Says(string[] lines) => lines.Select(line => line.TrimEnd()).Where(line => line.Length > 0);

    private static void Same(List<LineChunk> chunks, int from, int to, int shiftOurs, int shiftTheirs) =>
        Add(chunks, new LineChunk(LineOrigin.Same, from, to - from, from + shiftOurs, to - from, from + shiftTheirs, to - from));

    private static void Add(List<LineChunk> chunks, LineChunk chunk)
    {
        if (chunk.OursCount > 0 || chunk.TheirsCount > 0)
        {
            chunks.Add(chunk);
        }
    }
}
