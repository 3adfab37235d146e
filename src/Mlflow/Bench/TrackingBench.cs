using System.Globalization;

namespace Squero.Mlflow;

/// <summary>
/// <c>squero bench tracking</c>: measures a running server over HTTP, this one or any other that speaks the protocol.
/// Client and server share the machine, so the figures are lower bounds.
/// </summary>
public static class TrackingBench
{
    private static readonly Dictionary<string, Func<LoadTarget, TrackingFigures, Task>> Parts = new(StringComparer.Ordinal)
    {
        ["metrics"] = MetricLoad.RunAsync,
        ["batches"] = BatchLoad.RunAsync,
        ["runs"] = RunLoad.RunAsync,
        ["search"] = SearchLoad.RunAsync,
        ["pages"] = PagesLoad.RunAsync,
        ["history"] = HistoryLoad.RunAsync,
        ["writers"] = WriterLoad.RunAsync,
        ["growth"] = GrowthLoad.RunAsync,
    };

    /// <summary>The parts, in the order in which they run.</summary>
    public static IReadOnlyCollection<string> PartNames => Parts.Keys;

    /// <param name="settings">What to measure, and where.</param>
    /// <param name="output">Progress and figures, for people.</param>
    public static async Task<IReadOnlyDictionary<string, double>> RunAsync(TrackingBenchSettings settings, TextWriter output, CancellationToken cancel)
    {
        var target = new LoadTarget(settings.Tracking, settings.Token, cancel);
        var figures = new TrackingFigures(output, settings);
        foreach (var part in settings.Parts.Count > 0 ? settings.Parts : PartNames)
        {
            await output.WriteLineAsync(part);
            await Parts[part](target, figures);
        }

        return figures.Values;
    }
}

/// <param name="Tracking">What would be MLFLOW_TRACKING_URI.</param>
/// <param name="Bare">An endpoint of the same process that does nothing, for the ratio; null leaves it out.</param>
/// <param name="Parts">Which parts; none means all.</param>
/// <param name="IsFull">Also the sizes that take long: a million runs, a hundred million points.</param>
public sealed record TrackingBenchSettings(Uri Tracking, string? Token, Uri? Bare, IReadOnlyList<string> Parts, bool IsFull)
{
    /// <summary>How long each rate is measured.</summary>
    public TimeSpan Each { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Processor time that the server has used so far; null when it is not ours to ask.</summary>
    public Func<TimeSpan>? ServerTime { get; init; }
}

/// <summary>What was measured so far.</summary>
internal sealed class TrackingFigures(TextWriter output, TrackingBenchSettings settings)
{
    private readonly Dictionary<string, double> values = new(StringComparer.Ordinal);

    public TrackingBenchSettings Settings => settings;

    public IReadOnlyDictionary<string, double> Values => values;

    public void Note(string name, double value)
    {
        values[name] = value;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-32} {value,14:#,0.###}"));
    }

    /// <summary>For what takes long.</summary>
    public void Tell(string sentence) => output.WriteLine("  … " + sentence);
}
