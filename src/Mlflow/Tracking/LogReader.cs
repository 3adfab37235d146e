using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>
/// Reads the bodies of log-metric and log-batch straight from the bytes received: they are the hot path, and a document
/// tree of a thousand metrics costs more than writing them.
/// </summary>
internal ref struct LogReader
{
    private const int MaxDepth = 16;
    private Utf8JsonReader reader;

    private LogReader(ReadOnlySequence<byte> body) =>
        reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });

    public static LoggedBatch Batch(ReadOnlySequence<byte> body) => Read(body, static one => new LogReader(one).ReadBatch());

    public static LoggedMetric Metric(ReadOnlySequence<byte> body) =>
        Read(body, static one =>
        {
            var log = new LogReader(one);
            return log.reader.Read() && log.reader.TokenType == JsonTokenType.StartObject ? log.ReadMetric("") : default;
        });

    /// <summary>Python writes NaN and infinities as bare words, which is no JSON: such a body is read a second time.</summary>
    private static T Read<T>(ReadOnlySequence<byte> body, Func<ReadOnlySequence<byte>, T> read)
    {
        try
        {
            return read(body);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return PythonJson.Quoted(body) is { } quoted ? Read(new ReadOnlySequence<byte>(quoted), read) : throw MlflowError.NotJson(error);
        }
    }

    private LoggedBatch ReadBatch()
    {
        string? runId = null;
        List<LoggedMetric> metrics = [];
        List<LoggedText> texts = [], tags = [];
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return new LoggedBatch(null, metrics, texts, tags);
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("metrics"u8))
            {
                ReadMetrics(metrics);
            }
            else if (reader.ValueTextEquals("params"u8))
            {
                ReadTexts("params", texts);
            }
            else if (reader.ValueTextEquals("tags"u8))
            {
                ReadTexts("tags", tags);
            }
            else if (reader.ValueTextEquals("run_id"u8) || (runId is null && reader.ValueTextEquals("run_uuid"u8)))
            {
                runId = ReadText("run_id");
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new LoggedBatch(runId, metrics, texts, tags);
    }

    private void ReadMetrics(List<LoggedMetric> metrics)
    {
        if (!EnterArray("metrics"))
        {
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            metrics.Add(ReadMetric(string.Create(CultureInfo.InvariantCulture, $"metrics[{metrics.Count}].")));
        }
    }

    private void ReadTexts(string name, List<LoggedText> texts)
    {
        if (!EnterArray(name))
        {
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"{name}[{texts.Count}].");
            string? key = null, value = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("key"u8))
                {
                    key = ReadText(path + "key");
                }
                else if (reader.ValueTextEquals("value"u8))
                {
                    value = ReadText(path + "value");
                }
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }

            texts.Add(new LoggedText(string.IsNullOrEmpty(key) ? throw MlflowError.Missing(path + "key") : key, value));
        }
    }

    private bool EnterArray(string name)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.StartArray => true,
            JsonTokenType.Null => false,
            _ => throw MlflowError.WrongType(name, JsonElement.ParseValue(ref reader)),
        };
    }

    private LoggedMetric ReadMetric(string path)
    {
        var metric = new LoggedMetric { Path = path };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("key"u8))
            {
                metric.Key = ReadText(path + "key");
            }
            else if (reader.ValueTextEquals("value"u8))
            {
                metric.Value = ReadReal(path);
            }
            else if (reader.ValueTextEquals("timestamp"u8))
            {
                metric.AtMs = ReadInteger(path + "timestamp");
            }
            else if (reader.ValueTextEquals("step"u8))
            {
                metric.Step = ReadInteger(path + "step") ?? 0;
            }
            else if (reader.ValueTextEquals("model_id"u8))
            {
                metric.ModelId = ReadText(path + "model_id");
            }
            else if (reader.ValueTextEquals("dataset_name"u8))
            {
                metric.DatasetName = ReadText(path + "dataset_name");
            }
            else if (reader.ValueTextEquals("dataset_digest"u8))
            {
                metric.DatasetDigest = ReadText(path + "dataset_digest");
            }
            else if (path.Length == 0 && (reader.ValueTextEquals("run_id"u8) || (metric.RunId is null && reader.ValueTextEquals("run_uuid"u8))))
            {
                metric.RunId = ReadText("run_id");
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return metric;
    }

    private string? ReadText(string field)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString() is { } text && text.Contains('\0', StringComparison.Ordinal)
                ? throw MlflowError.Invalid("A text must not contain NUL characters.")
                : reader.GetString(),
            JsonTokenType.Null => null,
            _ => throw MlflowError.WrongType(field, JsonElement.ParseValue(ref reader)),
        };
    }

    private long? ReadInteger(string field)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.Number when reader.TryGetInt64(out var number) => number,
            JsonTokenType.Null => null,
            _ when JsonElement.ParseValue(ref reader) is var value => JsonNumber.Integer(value) ?? throw MlflowError.WrongType(field, value),
            _ => null,
        };
    }

    private double? ReadReal(string path)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.Number => reader.GetDouble(),
            JsonTokenType.String => JsonNumber.Real(reader.GetString()!)
                ?? throw MlflowError.Invalid($"Invalid value \"{reader.GetString()}\" for parameter '{path}value' supplied: it is not a number. NaN, Infinity and -Infinity are written as text."),
            JsonTokenType.Null => null,
            _ => throw MlflowError.WrongType(path + "value", JsonElement.ParseValue(ref reader)),
        };
    }
}

/// <summary>A metric as received; what is null was not given.</summary>
internal record struct LoggedMetric
{
    public string Path { get; set; }

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
    public readonly NamedPoint Check()
    {
        var key = string.IsNullOrEmpty(Key) ? throw MlflowError.Missing(Path + "key") : Key;
        var value = Value ?? throw MlflowError.Missing(Path + "value");
        var at = AtMs ?? throw MlflowError.Missing(Path + "timestamp");
        Names.CheckKey(key, Path is { Length: > 0 } ? Path + "name" : "name", "Metric name");
        return at >= 0
            ? new NamedPoint(key, new MetricPoint(Step, at, value))
            : throw MlflowError.Invalid(string.Create(
                CultureInfo.InvariantCulture,
                $"Invalid value {at} for parameter '{Path}timestamp' supplied: metric '{key}' (value={value.ToString("0.0###############", CultureInfo.InvariantCulture)}). Timestamp must be a nonnegative long (64-bit integer) "));
    }
}

internal readonly record struct LoggedText(string Key, string? Value);

internal sealed record LoggedBatch(string? RunId, List<LoggedMetric> Metrics, List<LoggedText> Params, List<LoggedText> Tags);
