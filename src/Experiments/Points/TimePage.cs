namespace Squero.Experiments;

/// <summary>
/// A page of a series in order of time. Blocks that lie apart in time are counted without being read, so that a late page of
/// a long history costs no more than an early one.
/// </summary>
internal static class TimePage
{
    public static List<MetricPoint> Read(BlockStatements blocks, SeriesKey series, TailSpan? span, long skip, int take)
    {
        var fresh = new List<MetricPoint>();
        if (span is { } rows)
        {
            blocks.ReadTail(series, rows, fresh);
        }

        var page = new List<MetricPoint>();
        foreach (var group in Groups(blocks.Heads(series), fresh))
        {
            if (page.Count >= take)
            {
                break;
            }

            if (group is [{ Points: var count, IsFresh: false }] && count <= skip)
            {
                skip -= count;
                continue;
            }

            var points = ReadGroup(blocks, series, group, fresh);
            page.AddRange(points.Skip((int)Math.Min(skip, int.MaxValue)).Take(take - page.Count));
            skip = Math.Max(0, skip - points.Count);
        }

        return page;
    }

    private static List<MetricPoint> ReadGroup(BlockStatements blocks, SeriesKey series, List<Piece> group, List<MetricPoint> fresh)
    {
        var points = new List<MetricPoint>();
        foreach (var piece in group)
        {
            if (piece.IsFresh)
            {
                points.AddRange(fresh);
            }
            else
            {
                blocks.ReadBody(series, piece.Seq, points);
            }
        }

        SeriesOrder.ByTime.Arrange(points);
        return points;
    }

    /// <summary>Pieces that overlap in time stand in one group; groups follow each other.</summary>
    private static IEnumerable<List<Piece>> Groups(List<BlockHead> heads, List<MetricPoint> fresh)
    {
        var pieces = heads.ConvertAll(head => new Piece(head.Seq, head.Points, head.FromMs, head.ToMs, false));
        if (fresh.Count > 0)
        {
            pieces.Add(new Piece(0, fresh.Count, fresh.Min(point => point.AtMs), fresh.Max(point => point.AtMs), true));
        }

        var group = new List<Piece>();
        var end = long.MinValue;
        foreach (var piece in pieces.OrderBy(piece => piece.FromMs))
        {
            if (group.Count > 0 && piece.FromMs > end)
            {
                yield return group;
                group = [];
            }

            group.Add(piece);
            end = Math.Max(end, piece.ToMs);
        }

        if (group.Count > 0)
        {
            yield return group;
        }
    }

    private readonly record struct Piece(long Seq, long Points, long FromMs, long ToMs, bool IsFresh);
}
