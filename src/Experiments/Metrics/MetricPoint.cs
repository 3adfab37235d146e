namespace Squero.Experiments;

/// <summary>One logged value. <see cref="Value"/> may be NaN or an infinity.</summary>
/// <param name="AtMs">The client's time in milliseconds since 1970.</param>
public readonly record struct MetricPoint(long Step, long AtMs, double Value)
{
    /// <summary>The value for a column, which holds neither NaN (that has its flag) nor infinities nor -0.</summary>
    internal double Stored =>
        double.IsNaN(Value) || Value == 0 ? 0.0
        : double.IsPositiveInfinity(Value) ? double.MaxValue
        : double.IsNegativeInfinity(Value) ? double.MinValue
        : Value;

    /// <summary>A value as it is stored, where the greatest and the least double stand for the infinities.</summary>
    internal static double FromStored(double value, bool isNan) =>
        isNan ? double.NaN
        : value >= double.MaxValue ? double.PositiveInfinity
        : value <= double.MinValue ? double.NegativeInfinity
        : value;
}

/// <summary>The latest value of one metric of a candidate: the greatest by step, then time, then value.</summary>
public sealed record LatestMetric(string Name, double Value, long Step, long AtMs);
