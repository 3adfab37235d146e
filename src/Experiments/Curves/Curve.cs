using System.Globalization;

namespace Squero.Experiments;

public enum CurveAxis
{
    Step,
    Time,
    Relative,

    /// <summary>Another metric, joined by step.</summary>
    Metric,
}

/// <summary>The part of a chart that is asked for, in units of its axis; null is open.</summary>
internal readonly record struct CurveRange(double? From, double? To)
{
    public static CurveRange All { get; }

    /// <summary>The same in whole numbers, as steps are.</summary>
    public long? FromStep => Whole(From, Math.Floor);

    public long? ToStep => Whole(To, Math.Ceiling);

    public static CurveRange Parse(string? from, string? to) => new(Number(from), Number(to));

    public bool Holds(double x) => (From is null || x >= From) && (To is null || x <= To);

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static long? Whole(double? number, Func<double, double> round) => number is { } value ? (long)Math.Clamp(round(value), -9e18, 9e18) : null;
}

/// <summary>One line of a chart: at most <see cref="MaxPoints"/> points, and how many there are in truth.</summary>
internal sealed record Curve(string Name, IReadOnlyList<(double X, double Y)> Points, long Total)
{
    public const int MaxPoints = 2000;

    /// <summary>For the mean of several: the lowest and the highest at each point, and how many they are.</summary>
    public IReadOnlyList<double> Low { get; init; } = [];

    public IReadOnlyList<double> High { get; init; } = [];

    public int? Members { get; init; }

    /// <summary>How many of all are NaN or an infinity: the line is broken there.</summary>
    public long Gaps { get; init; }

    public static Curve Of(string name, IReadOnlyList<(double X, double Y)> line)
    {
        var kept = Downsample.Indices([.. line.Select(point => point.Y)], MaxPoints);
        return new Curve(name, [.. kept.Select(index => line[index])], line.Count) { Gaps = GapsOf(line) };
    }

    public static int GapsOf(IEnumerable<(double X, double Y)> line) => line.Count(point => !double.IsFinite(point.Y));

    /// <summary>The points within a range, in order of the axis.</summary>
    public static List<(double X, double Y)> Line(IReadOnlyList<MetricPoint> points, CurveAxis axis, CurveRange range)
    {
        var start = axis != CurveAxis.Relative || points.Count == 0 ? 0 : points.Min(point => point.AtMs);
        var line = points
            .Select(point => (X: (double)(axis == CurveAxis.Step ? point.Step : point.AtMs - start), Y: point.Value))
            .Where(point => range.Holds(point.X));
        return [.. axis == CurveAxis.Step ? line : line.OrderBy(point => point.X)];
    }

    /// <summary>Points of one metric over those of another: the latest of each at a step that has both.</summary>
    public static List<(double X, double Y)> Line(IReadOnlyList<MetricPoint> points, IReadOnlyList<MetricPoint> others, CurveRange range) =>
        [.. Joined(points, others).Where(point => range.Holds(point.X)).Select(point => (point.X, point.Y)).OrderBy(point => point.X)];

    /// <summary>The same in order of steps, and of any range.</summary>
    public static IEnumerable<(long Step, double X, double Y)> Joined(IReadOnlyList<MetricPoint> points, IReadOnlyList<MetricPoint> others)
    {
        var places = new Dictionary<long, double>();
        foreach (var other in others)
        {
            places[other.Step] = other.Value;
        }

        return points.Where(point => places.TryGetValue(point.Step, out var x) && double.IsFinite(x)).Select(point => (point.Step, places[point.Step], point.Value));
    }
}
