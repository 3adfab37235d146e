using System.Globalization;
using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>A metric as received; what is null was not given.</summary>
internal record struct LoggedMetric
{
    /// <summary>Where it stands in its batch; null for a metric on its own.</summary>
    public int? Index { get; set; }

    /// <summary>What names of its fields begin with in sentences.</summary>
    public readonly string Path => Index is { } index ? string.Create(CultureInfo.InvariantCulture, $"metrics[{index}].") : "";

    public string? RunId { get; set; }

    public string? Key { get; set; }

    public double? Value { get; set; }

    public long? AtMs { get; set; }

    public long Step { get; set; }

    /// <summary>The logged model that the value was measured of as well; null when none.</summary>
    public string? ModelId { get; set; }

    public string? DatasetName { get; set; }

    public string? DatasetDigest { get; set; }

    public readonly bool IsOfModel => !string.IsNullOrEmpty(ModelId);

    /// <summary>Refuses what is missing or out of range, in the order in which the original does.</summary>
    /// <param name="good">Names that were looked at already.</param>
    public readonly NamedPoint Check(RecurringNames good)
    {
        var key = string.IsNullOrEmpty(Key) ? throw MlflowError.Missing(Path + "key") : Key;
        var value = Value ?? throw MlflowError.Missing(Path + "value");
        var at = AtMs ?? throw MlflowError.Missing(Path + "timestamp");
        if (good.Count is var before && good.NumberOf(key) == before)
        {
            Names.CheckKey(key, Path + "name", "Metric name");
        }

        return at >= 0
            ? new NamedPoint(key, new MetricPoint(Step, at, value))
            : throw MlflowError.Invalid(string.Create(
                CultureInfo.InvariantCulture,
                $"Invalid value {at} for parameter '{Path}timestamp' supplied: metric '{key}' (value={value.ToString("0.0###############", CultureInfo.InvariantCulture)}). Timestamp must be a nonnegative long (64-bit integer) "));
    }
}

internal readonly record struct LoggedText(string Key, string? Value);

internal sealed record LoggedBatch(string? RunId, LoggedMetrics Metrics, List<LoggedText> Params, List<LoggedText> Tags);

/// <summary>The metrics of a batch, looked at while they are read; what is wrong with one is told when all else has been read.</summary>
internal sealed class LoggedMetrics
{
    private readonly List<NamedPoint> points = new(64);
    private readonly List<(LoggedMetric Metric, NamedPoint Point)> ofModels = [];
    private MlflowError? fault;

    public int Count { get; private set; }

    public void Add(LoggedMetric metric, RecurringNames names)
    {
        Count++;
        if (fault is not null)
        {
            return;
        }

        try
        {
            var point = metric.Check(names);
            points.Add(point);
            if (metric.IsOfModel)
            {
                ofModels.Add((metric, point));
            }
        }
        catch (MlflowError wrong)
        {
            fault = wrong;
        }
    }

    /// <summary>Those that were measured of logged models as well.</summary>
    public IReadOnlyList<(LoggedMetric Metric, NamedPoint Point)> OfModels => ofModels;

    /// <summary>All of them, or the refusal of the first that is wrong.</summary>
    public List<NamedPoint> Points() => fault is null ? points : throw fault;
}
