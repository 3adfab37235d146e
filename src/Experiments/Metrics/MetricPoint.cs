namespace Squero.Experiments;

/// <summary>One logged value. <see cref="Value"/> may be NaN; infinities are the greatest and least doubles.</summary>
/// <param name="AtMs">The client's time in milliseconds since 1970.</param>
public readonly record struct MetricPoint(long Step, long AtMs, double Value);

/// <summary>The latest value of one metric of a candidate: the greatest by step, then time, then value.</summary>
public sealed record LatestMetric(string Name, double Value, long Step, long AtMs);
