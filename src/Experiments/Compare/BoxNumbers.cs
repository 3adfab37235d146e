namespace Squero.Experiments;

/// <summary>
/// What a box plot shows of some values (Tukey): quartiles by linear interpolation, whiskers to the last value within one and a half
/// times the middle half, the rest outside. Pure.
/// </summary>
internal sealed record BoxNumbers(double Low, double Lower, double Middle, double Upper, double High, IReadOnlyList<double> Outside)
{
    /// <summary>Of at least one finite value.</summary>
    public static BoxNumbers Of(IEnumerable<double> values)
    {
        var sorted = values.Where(double.IsFinite).Order().ToList();
        var (lower, middle, upper) = (Quantile(sorted, 0.25), Quantile(sorted, 0.5), Quantile(sorted, 0.75));
        var reach = 1.5 * (upper - lower);
        var within = sorted.Where(value => value >= lower - reach && value <= upper + reach).ToList();
        return new BoxNumbers(
            within[0], lower, middle, upper, within[^1], [.. sorted.Where(value => value < within[0] || value > within[^1])]);
    }

    private static double Quantile(List<double> sorted, double share)
    {
        var at = share * (sorted.Count - 1);
        var below = (int)Math.Floor(at);
        return below + 1 < sorted.Count ? sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }
}
