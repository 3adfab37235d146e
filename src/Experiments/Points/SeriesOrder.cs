namespace Squero.Experiments;

/// <summary>The orders of the points of a series. Both are total: points that compare as equal are the same point.</summary>
internal sealed class SeriesOrder : IComparer<MetricPoint>
{
    private readonly bool timeFirst;

    private SeriesOrder(bool timeFirst) => this.timeFirst = timeFirst;

    /// <summary>Step, time, value: the greatest is the latest value of a metric.</summary>
    public static SeriesOrder ByStep { get; } = new(false);

    /// <summary>Time, step, value: the order in which clients page through a history.</summary>
    public static SeriesOrder ByTime { get; } = new(true);

    public int Compare(MetricPoint left, MetricPoint right)
    {
        var major = timeFirst ? left.AtMs.CompareTo(right.AtMs) : left.Step.CompareTo(right.Step);
        if (major != 0)
        {
            return major;
        }

        var minor = timeFirst ? left.Step.CompareTo(right.Step) : left.AtMs.CompareTo(right.AtMs);
        return minor != 0 ? minor : CompareValues(left.Value, right.Value);
    }

    /// <summary>Brings points into order and drops those that occur twice. Points that are in order already cost one look each.</summary>
    public void Arrange(List<MetricPoint> points)
    {
        var order = 1;
        for (var index = 1; index < points.Count && order > 0; index++)
        {
            order = Compare(points[index], points[index - 1]);
        }

        if (order > 0)
        {
            return;
        }

        points.Sort(this);
        var kept = 1;
        for (var index = 1; index < points.Count; index++)
        {
            if (Compare(points[index], points[kept - 1]) != 0)
            {
                points[kept++] = points[index];
            }
        }

        points.RemoveRange(kept, points.Count - kept);
    }

    /// <summary>NaN counts as 0, as in the original, and comes after it.</summary>
    private static int CompareValues(double left, double right)
    {
        var (leftGap, rightGap) = (double.IsNaN(left), double.IsNaN(right));
        var values = (leftGap ? 0 : left).CompareTo(rightGap ? 0 : right);
        return values != 0 ? values : leftGap.CompareTo(rightGap);
    }
}
