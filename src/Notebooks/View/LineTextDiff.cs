namespace Squero.Notebooks;

/// <summary>Two texts of outputs line by line: what changed with the words marked, some lines around it, the rest counted.</summary>
internal sealed class LineTextDiff(ViewPart part)
{
    private const int Context = 3;
    private const int MaxRows = 120;

    private readonly LineRow _row = new(part);

    public void Write(string[] old, string[] now)
    {
        var hunks = LineDiff.Between(old, now);
        if (hunks.Count == 0)
        {
            part.Label("Differs only in colours, progress or line ends");
            return;
        }

        part.To.Raw("<div class=\"nb-lines nb-text-diff\">"u8);
        Rows(old, now, hunks);
        part.To.Raw("</div>"u8);
    }

    private void Rows(string[] old, string[] now, List<LineHunk> hunks)
    {
        int at = 0, rows = 0;
        foreach (var hunk in hunks)
        {
            if (rows > MaxRows)
            {
                part.Gap("more of this output changed");
                return;
            }

            var from = Math.Max(at, hunk.Before - Context);
            if (from > at && at > 0 || from > 0 && at == 0)
            {
                part.Gap(ViewPart.Count(from - at, "unchanged line"));
            }

            rows += Same(old, from, hunk.Before) + Hunk(old, now, hunk);
            var end = hunk.Before + hunk.RemovedCount;
            at = Math.Min(old.Length, NextStart(hunks, hunk, end, old.Length));
            Same(old, end, at);
        }

        if (at < old.Length)
        {
            part.Gap(ViewPart.Count(old.Length - at, "unchanged line"));
        }
    }

    private static int NextStart(List<LineHunk> hunks, LineHunk hunk, int end, int length)
    {
        var next = hunks.IndexOf(hunk) + 1;
        return Math.Min(end + Context, next < hunks.Count ? hunks[next].Before : length);
    }

    private int Same(string[] lines, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            _row.WritePlain(lines[i], ' ', null);
        }

        return to - from;
    }

    private int Hunk(string[] old, string[] now, LineHunk hunk)
    {
        var paired = Math.Min(hunk.RemovedCount, hunk.AddedCount);
        for (var k = 0; k < Math.Min(MaxRows, hunk.RemovedCount); k++)
        {
            _row.WritePlain(old[hunk.Before + k], '-', k < paired ? WordMarks.Between(old[hunk.Before + k], now[hunk.After + k]).Old : null);
        }

        for (var k = 0; k < Math.Min(MaxRows, hunk.AddedCount); k++)
        {
            _row.WritePlain(now[hunk.After + k], '+', k < paired ? WordMarks.Between(old[hunk.Before + k], now[hunk.After + k]).New : null);
        }

        if (Math.Max(hunk.RemovedCount, hunk.AddedCount) > MaxRows)
        {
            part.Gap(ViewPart.Count(Math.Max(0, hunk.RemovedCount - MaxRows) + Math.Max(0, hunk.AddedCount - MaxRows), "more changed line"));
        }

        return hunk.RemovedCount + hunk.AddedCount;
    }
}
