using System.Globalization;

namespace Squero.Ui;

/// <summary>Numbers with as many digits as their uncertainty allows.</summary>
public static class MetricText
{
    private const int DigitsOfPlain = 5;

    // From here on a number is written with a power of ten.
    private const double Large = 1e9;

    /// <summary>
    /// With a standard error the last digit shown is the error's first (its first two when it begins with 1);
    /// without one, five significant digits.
    /// </summary>
    public static string Format(double value, double? error = null)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "∞" : "−∞";
        var text = error is > 0 and var e && double.IsFinite(e)
            ? Fixed(value, Decimals(e))
            : Plain(value);
        return text.Replace('-', '−');
    }

    /// <summary>
    /// How many decimals numbers that stand together take, so that the greatest shows so many significant digits: they end at the
    /// same place and can be compared by eye. Whole numbers take none. What is written with a power of ten, or is no number, has no say.
    /// </summary>
    public static int DecimalsOf(IEnumerable<double> values, int significant)
    {
        var finite = values.Where(value => double.IsFinite(value) && Math.Abs(value) < Large).ToList();
        var greatest = finite.Select(Math.Abs).DefaultIfEmpty(0).Max();
        return greatest == 0 || finite.TrueForAll(value => value == Math.Floor(value))
            ? 0
            : Math.Clamp(significant - 1 - (int)Math.Floor(Math.Log10(greatest)), 0, 12);
    }

    /// <summary>With a fixed number of decimals; what would read as zero or run over the page is written as <see cref="Format"/> does.</summary>
    public static string Aligned(double value, int decimals) =>
        !double.IsFinite(value) || Math.Abs(value) >= Large || (value != 0 && Math.Abs(value) < 0.5 * Math.Pow(10, -decimals))
            ? Format(value)
            : Fixed(value, decimals).Replace('-', '−');

    /// <summary>Every digit, as it was logged.</summary>
    public static string Full(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static int Decimals(double error)
    {
        var power = (int)Math.Floor(Math.Log10(error));
        var lead = error / Math.Pow(10, power);
        return -power + (lead < 1.95 ? 1 : 0);
    }

    private static string Fixed(double value, int decimals)
    {
        if (decimals is >= 0 and <= 12)
            return value.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        if (decimals > 12)
            return value.ToString("0.###e0", CultureInfo.InvariantCulture);
        var unit = Math.Pow(10, -decimals);
        return (Math.Round(value / unit) * unit).ToString("N0", CultureInfo.InvariantCulture);
    }

    private static string Plain(double value)
    {
        var size = Math.Abs(value);
        if (size == 0)
            return "0";
        if (size is < 1e-4 or >= Large)
            return value.ToString("0.####e0", CultureInfo.InvariantCulture);
        var whole = (int)Math.Floor(Math.Log10(size)) + 1;
        var decimals = Math.Clamp(DigitsOfPlain - whole, 0, 8);
        return value.ToString("#,0." + new string('#', decimals), CultureInfo.InvariantCulture);
    }
}
