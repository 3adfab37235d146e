namespace Squero.Verdicts;

/// <summary>How one value stands to another.</summary>
public enum Standing
{
    Better,
    Worse,
    Equal,

    /// <summary>One of the two is not a number.</summary>
    Unknown,
}

/// <summary>
/// Two single values side by side. It says which is better, not whether the difference means anything: the noise of single
/// values is unknown.
/// </summary>
/// <param name="Difference">Candidate minus baseline, in the metric's unit.</param>
public sealed record Comparison(Standing Standing, double Difference)
{
    public const string Caveat = "single values: noise unknown";

    public static Comparison Between(double candidate, double baseline, MetricDirection direction)
    {
        var difference = candidate - baseline;
        if (double.IsNaN(difference))
        {
            // Equal infinities differ by NaN, and are equal all the same.
            return candidate.Equals(baseline) && !double.IsNaN(candidate) ? new Comparison(Standing.Equal, 0) : new Comparison(Standing.Unknown, double.NaN);
        }

        var gain = direction == MetricDirection.HigherIsBetter ? difference : -difference;
        return new Comparison(gain > 0 ? Standing.Better : gain < 0 ? Standing.Worse : Standing.Equal, difference);
    }
}
