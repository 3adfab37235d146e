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
    private readonly KeyTexts keys = new();
    private readonly RecurringNames names = new();
    private Utf8JsonReader reader;

    private LogReader(ReadOnlySequence<byte> body) =>
        reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });

    public static LoggedBatch Batch(ReadOnlySequence<byte> body) => Read(body, static one => new LogReader(one).ReadBatch());

    public static LoggedMetric Metric(ReadOnlySequence<byte> body) =>
        Read(body, static one =>
        {
            var log = new LogReader(one);
            if (!log.reader.Read() || log.reader.TokenType != JsonTokenType.StartObject)
            {
                return default;
            }

            var metric = log.ReadMetric(null);
            log.ReadEnd();
            return metric;
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
        var metrics = new LoggedMetrics();
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

        ReadEnd();
        return new LoggedBatch(runId, metrics, texts, tags);
    }

    /// <summary>Behind the object there is nothing; what is there is no JSON, and the reader says so.</summary>
    private void ReadEnd() => reader.Read();

    private void ReadMetrics(LoggedMetrics metrics)
    {
        if (!EnterArray("metrics"))
        {
            return;
        }

        while (EnterObject("metrics", metrics.Count))
        {
            metrics.Add(ReadMetric(metrics.Count), names);
        }
    }

    private void ReadTexts(string name, List<LoggedText> texts)
    {
        if (!EnterArray(name))
        {
            return;
        }

        while (EnterObject(name, texts.Count))
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

    /// <summary>The next object of an array; false at its end. Anything else is refused, or it and all behind it would be lost.</summary>
    private bool EnterObject(string name, int index)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => true,
            JsonTokenType.EndArray => false,
            _ => throw MlflowError.WrongType(string.Create(CultureInfo.InvariantCulture, $"{name}[{index}]"), JsonElement.ParseValue(ref reader)),
        };
    }

    /// <param name="index">Where it stands in its batch; null for a metric on its own.</param>
    private LoggedMetric ReadMetric(int? index)
    {
        var metric = new LoggedMetric { Index = index };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            switch (Field())
            {
                case MetricField.Key:
                    metric.Key = ReadKey(metric);
                    break;
                case MetricField.Value:
                    metric.Value = ReadReal(metric);
                    break;
                case MetricField.Timestamp:
                    metric.AtMs = ReadInteger(metric, "timestamp");
                    break;
                case MetricField.Step:
                    metric.Step = ReadInteger(metric, "step") ?? 0;
                    break;
                case MetricField.Model:
                    metric.ModelId = ReadText(metric.Path + "model_id");
                    break;
                case MetricField.DatasetName:
                    metric.DatasetName = ReadText(metric.Path + "dataset_name");
                    break;
                case MetricField.DatasetDigest:
                    metric.DatasetDigest = ReadText(metric.Path + "dataset_digest");
                    break;
                case MetricField.Run when index is null:
                    metric.RunId = ReadText("run_id");
                    break;
                case MetricField.OldRun when index is null && metric.RunId is null:
                    metric.RunId = ReadText("run_id");
                    break;
                default:
                    reader.Read();
                    reader.Skip();
                    break;
            }
        }

        return metric;
    }

    /// <summary>By its length first: a metric has four fields, and a batch a thousand metrics.</summary>
    private readonly MetricField Field() =>
        reader.ValueIsEscaped || reader.HasValueSequence ? AnyField() : reader.ValueSpan.Length switch
        {
            3 when reader.ValueTextEquals("key"u8) => MetricField.Key,
            4 when reader.ValueTextEquals("step"u8) => MetricField.Step,
            5 when reader.ValueTextEquals("value"u8) => MetricField.Value,
            6 when reader.ValueTextEquals("run_id"u8) => MetricField.Run,
            8 when reader.ValueTextEquals("run_uuid"u8) => MetricField.OldRun,
            8 when reader.ValueTextEquals("model_id"u8) => MetricField.Model,
            9 when reader.ValueTextEquals("timestamp"u8) => MetricField.Timestamp,
            12 when reader.ValueTextEquals("dataset_name"u8) => MetricField.DatasetName,
            14 when reader.ValueTextEquals("dataset_digest"u8) => MetricField.DatasetDigest,
            _ => MetricField.None,
        };

    private readonly MetricField AnyField() =>
        reader.GetString() switch
        {
            "key" => MetricField.Key,
            "step" => MetricField.Step,
            "value" => MetricField.Value,
            "run_id" => MetricField.Run,
            "run_uuid" => MetricField.OldRun,
            "timestamp" => MetricField.Timestamp,
            "model_id" => MetricField.Model,
            "dataset_name" => MetricField.DatasetName,
            "dataset_digest" => MetricField.DatasetDigest,
            _ => MetricField.None,
        };

    private string? ReadKey(LoggedMetric metric)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.String => keys.Of(ref reader),
            JsonTokenType.Null => null,
            _ => throw MlflowError.WrongType(metric.Path + "key", JsonElement.ParseValue(ref reader)),
        };
    }

    private string? ReadText(string field)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.String => KeyTexts.Read(ref reader),
            JsonTokenType.Null => null,
            _ => throw MlflowError.WrongType(field, JsonElement.ParseValue(ref reader)),
        };
    }

    private long? ReadInteger(LoggedMetric metric, string field)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.Number when reader.TryGetInt64(out var number) => number,
            JsonTokenType.Null => null,
            _ when JsonElement.ParseValue(ref reader) is var value => JsonNumber.Integer(value) ?? throw MlflowError.WrongType(metric.Path + field, value),
            _ => null,
        };
    }

    private double? ReadReal(LoggedMetric metric)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.Number => reader.GetDouble(),
            JsonTokenType.String => JsonNumber.Real(reader.GetString()!)
                ?? throw MlflowError.Invalid($"Invalid value \"{reader.GetString()}\" for parameter '{metric.Path}value' supplied: it is not a number. NaN, Infinity and -Infinity are written as text."),
            JsonTokenType.Null => null,
            _ => throw MlflowError.WrongType(metric.Path + "value", JsonElement.ParseValue(ref reader)),
        };
    }

    private enum MetricField
    {
        None,
        Key,
        Value,
        Timestamp,
        Step,
        Run,
        OldRun,
        Model,
        DatasetName,
        DatasetDigest,
    }
}
