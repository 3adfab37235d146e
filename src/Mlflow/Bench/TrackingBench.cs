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
        ["history"] = HistoryLoad.RunAsync,
        ["writers"] = WriterLoad.RunAsync,
        ["artifacts"] = ArtifactLoad.RunAsync,

        // These two start the server anew at their end, and what has just begun is slow for a while.
        ["pages"] = PagesLoad.RunAsync,
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

/// <summary>What is measured, and where.</summary>
public sealed record TrackingBenchSettings
{
    /// <summary>What would be MLFLOW_TRACKING_URI.</summary>
    public Uri Tracking { get; init; } = new("http://127.0.0.1:7070");

    public string? Token { get; init; }

    /// <summary>An endpoint of the same process that does nothing, for the ratio; null leaves it out.</summary>
    public Uri? Bare { get; init; }

    /// <summary>A server that copies files and does nothing else, for the ratio; null leaves it out.</summary>
    public Uri? PlainFiles { get; init; }

    /// <summary>Which parts; none means all.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];

    /// <summary>Also the sizes that take long: a million runs, a hundred million points.</summary>
    public bool IsFull { get; init; }

    /// <summary>How long each rate is measured.</summary>
    public TimeSpan Each { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Processor time that the server has used so far; null when it is not ours to ask.</summary>
    public Func<TimeSpan>? ServerTime { get; init; }

    /// <summary>The most memory that the server has had resident so far, in MB; null when it is not ours to ask.</summary>
    public Func<double>? ServerPeak { get; init; }

    /// <summary>Rows that wait to be packed into blocks; null when the server is not ours to ask.</summary>
    public Func<Task<double>>? TailRows { get; init; }

    /// <summary>Starts the server again after the machine has forgotten its files; null when it cannot.</summary>
    public Func<Task>? StartCold { get; init; }
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

    /// <summary>Processor time of the server so far; nothing when it is not ours to ask.</summary>
    public TimeSpan ServerTime() => settings.ServerTime?.Invoke() ?? TimeSpan.Zero;

    /// <summary>For what takes long.</summary>
    public void Tell(string sentence) => output.WriteLine("  … " + sentence);
}
