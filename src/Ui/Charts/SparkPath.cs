using System.Globalization;
using System.Text;

namespace Squero.Ui;

internal static class SvgNumber
{
    public static string Of(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}

/// <summary>The line of a sparkline: one path for each stretch without gaps.</summary>
internal static class SparkPath
{
    private const double Margin = 2.5;

    public static IEnumerable<string> Of(IReadOnlyList<double> values, int width, int height)
    {
        var path = new StringBuilder();
        for (var at = 0; at < values.Count; at++)
        {
            if (double.IsFinite(values[at]))
            {
                var (x, y) = Point(values, at, width, height);
                path.Append(path.Length == 0 ? 'M' : 'L').Append(SvgNumber.Of(x)).Append(' ').Append(SvgNumber.Of(y));
            }
            else if (path.Length > 0)
            {
                yield return path.ToString();
                path.Clear();
            }
        }
        if (path.Length > 0)
            yield return path.ToString();
    }

    public static (double X, double Y)? LastOf(IReadOnlyList<double> values, int width, int height) =>
        values.Count > 0 && double.IsFinite(values[^1]) ? Point(values, values.Count - 1, width, height) : null;

    private static (double X, double Y) Point(IReadOnlyList<double> values, int at, int width, int height)
    {
        var finite = values.Where(double.IsFinite);
        var (low, high) = (finite.Min(), finite.Max());
        var x = values.Count == 1 ? width / 2.0 : Margin + (at * (width - (2 * Margin)) / (values.Count - 1));
        var share = high > low ? (values[at] / 2 - low / 2) / (high / 2 - low / 2) : 0.5;
        return (x, height - Margin - (share * (height - (2 * Margin))));
    }
}
