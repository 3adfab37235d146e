using System.Globalization;

namespace Squero.Experiments;

public enum CurveAxis
{
    Step,
    Time,
    Relative,
}

/// <summary>The part of a chart that is asked for, in units of its axis; null is open.</summary>
internal readonly record struct CurveRange(long? From, long? To)
{
    public static CurveRange All { get; }

    public static CurveRange Parse(string? from, string? to) => new(Number(from, Math.Floor), Number(to, Math.Ceiling));

    public bool Holds(long x) => (From is null || x >= From) && (To is null || x <= To);

    private static long? Number(string? text, Func<double, double> round) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 9e18 ? (long)round(number) : null;
}

/// <summary>One line of a chart: at most <see cref="MaxPoints"/> points, and how many there are in truth.</summary>
internal sealed record Curve(string Name, IReadOnlyList<(long X, double Y)> Points, int Total)
{
    public const int MaxPoints = 2000;

    public static Curve Of(string name, IReadOnlyList<MetricPoint> points, CurveAxis axis, CurveRange range)
    {
        var start = points.Count == 0 ? 0 : points.Min(point => point.AtMs);
        var line = points
            .Select(point => (X: axis switch { CurveAxis.Step => point.Step, CurveAxis.Time => point.AtMs, _ => point.AtMs - start }, Y: point.Value))
            .Where(point => range.Holds(point.X));
        var all = (axis == CurveAxis.Step ? line : line.OrderBy(point => point.X)).ToList();
        var kept = Downsample.Indices(all.ConvertAll(point => point.Y), MaxPoints);
        return new Curve(name, [.. kept.Select(index => all[index])], all.Count);
    }
}
