using System.Globalization;

namespace Squero.Ui;

/// <summary>A mark of an axis, at a share (0 to 1) of its length.</summary>
public sealed record PlotTick(double Share, string Text);

/// <summary>
/// An axis for values that are written as text: a scale when all of them are numbers (of powers when they span two of them or
/// more), else the words one beside the other. Pure.
/// </summary>
public sealed class PlotAxis
{
    private const int MaxWords = 30;
    private const double PowersFrom = 100;
    private readonly StripScale? scale;
    private readonly Dictionary<string, double> words = new(StringComparer.Ordinal);

    private PlotAxis(string label, StripScale? scale, bool isPowers, IReadOnlyList<PlotTick> ticks) =>
        (Label, this.scale, IsPowers, Ticks) = (label, scale, isPowers, ticks);

    public string Label { get; }

    public IReadOnlyList<PlotTick> Ticks { get; }

    public bool IsNumeric => scale is not null;

    /// <summary>Equal steps along the axis are equal factors.</summary>
    public bool IsPowers { get; }

    public static PlotAxis Of(string label, IReadOnlyCollection<string?> values)
    {
        var known = values.OfType<string>().ToList();
        var numbers = known.Select(Number).ToList();
        return known.Count > 0 && numbers.TrueForAll(number => number is not null) && numbers.Exists(number => double.IsFinite(number!.Value))
            ? OfNumbers(label, [.. numbers.Select(number => number!.Value).Where(double.IsFinite)])
            : OfWords(label, [.. known.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(MaxWords)]);
    }

    public static PlotAxis Of(string label, IReadOnlyCollection<double> values) => OfNumbers(label, [.. values.Where(double.IsFinite)]);

    /// <summary>Words one beside the other, in the order given.</summary>
    public static PlotAxis Words(string label, IReadOnlyList<string> words) => OfWords(label, [.. words.Take(MaxWords)]);

    /// <summary>Where a value stands; null when it is absent, is no number on an axis of numbers, or is a word too many.</summary>
    public double? ShareOf(string? value) =>
        value is null ? null : scale is null ? words.TryGetValue(value, out var share) ? share : null : ShareOf(Number(value) ?? double.NaN);

    public double? ShareOf(double value) =>
        scale is null ? ShareOf(MetricText.Full(value)) : !double.IsFinite(value) || (IsPowers && value <= 0) ? null : scale.Share(IsPowers ? Math.Log10(value) : value);

    private static PlotAxis OfNumbers(string label, List<double> numbers)
    {
        var isPowers = numbers.Count > 0 && numbers.TrueForAll(number => number > 0) && numbers.Max() / numbers.Min() >= PowersFrom;
        var scale = StripScale.Of(isPowers ? numbers.Select(Math.Log10) : numbers);
        var ticks = isPowers
            ? scale.Ticks.Where(tick => Math.Abs(tick - Math.Round(tick)) < 1e-9).Select(tick => new PlotTick(scale.Share(tick), Power(tick)))
            : scale.Ticks.Select(tick => new PlotTick(scale.Share(tick), scale.Text(tick)));
        return new PlotAxis(label, scale, isPowers, [.. ticks]);
    }

    private static PlotAxis OfWords(string label, List<string> distinct)
    {
        var ticks = distinct.Select((word, index) => new PlotTick((index + 0.5) / distinct.Count, word)).ToList();
        var axis = new PlotAxis(label, null, false, ticks);
        ticks.ForEach(tick => axis.words[tick.Text] = tick.Share);
        return axis;
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Power(double tick) =>
        tick is >= -4 and <= 6 ? Math.Pow(10, Math.Round(tick)).ToString("#,0.####", CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"1e{Math.Round(tick)}");
}
