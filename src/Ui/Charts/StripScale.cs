using System.Globalization;

namespace Squero.Ui;

/// <summary>Repeated values of one thing and, where known, the interval of their mean.</summary>
public sealed record StripGroup(
    string Name,
    IReadOnlyList<double> Values,
    double? Low = null,
    double? High = null,
    string? Href = null,
    Tone Tone = Tone.Muted);

/// <summary>What the groups are held against: a band and its middle.</summary>
public sealed record StripBaseline(string Name, double Low, double Middle, double High);

/// <summary>Maps values to shares (0 to 1) of a width, and chooses round ticks.</summary>
internal sealed record StripScale(double Low, double High, IReadOnlyList<double> Ticks)
{
    private const int TicksWanted = 5;

    /// <summary>Covers everything that is finite with a margin; a single value gets room on both sides.</summary>
    public static StripScale Of(IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).ToList();
        if (finite.Count == 0)
            return new StripScale(0, 1, [0, 0.5, 1]);
        var (low, high) = (finite.Min(), finite.Max());
        var span = high - low;
        if (!(span > 0) || !double.IsFinite(span))
            span = Math.Max(Math.Abs(high) * 0.1, 1e-6);
        var (from, to) = (low - (span * 0.06), high + (span * 0.06));
        return new StripScale(from, to, TicksOf(from, to));
    }

    public double Share(double value) => Math.Clamp((value - Low) / (High - Low), 0, 1);

    public string Text(double tick)
    {
        var step = Ticks.Count > 1 ? Ticks[1] - Ticks[0] : Math.Abs(tick);
        var decimals = step > 0 ? Math.Clamp((int)Math.Ceiling(-Math.Log10(step) - 1e-9), 0, 10) : 2;
        return Math.Abs(tick) >= 1e7
            ? tick.ToString("0.##e0", CultureInfo.InvariantCulture)
            : (tick == 0 ? 0 : tick).ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).Replace('-', '−');
    }

    private static List<double> TicksOf(double low, double high)
    {
        var rough = (high - low) / TicksWanted;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = (rough / power) switch { < 1.5 => power, < 3.5 => 2 * power, < 7.5 => 5 * power, _ => 10 * power };
        var ticks = new List<double>();
        for (var index = Math.Ceiling(low / step); index * step <= high && ticks.Count < 20; index++)
            ticks.Add(index * step);
        return ticks;
    }
}
