using System.IO.Pipelines;
using System.Text.Json;

namespace Squero.Experiments;

/// <summary>Curves in the form that charts read: gaps are null, times are milliseconds since 1970, relative ones milliseconds.</summary>
internal static class CurveJson
{
    public static CurveAxis AxisOf(string? word) =>
        word switch { "time" => CurveAxis.Time, "relative" => CurveAxis.Relative, "metric" => CurveAxis.Metric, _ => CurveAxis.Step };

    public static async Task WriteAsync(PipeWriter output, CurveAxis axis, IReadOnlyList<Curve> curves, CancellationToken cancel)
    {
        await using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        writer.WriteString("x", axis.ToString().ToLowerInvariant());
        writer.WriteStartArray("series");
        foreach (var curve in curves)
        {
            Write(writer, curve);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        await writer.FlushAsync(cancel);
    }

    private static void Write(Utf8JsonWriter writer, Curve curve)
    {
        writer.WriteStartObject();
        writer.WriteString("name", curve.Name);
        writer.WriteNumber("points", curve.Total);
        if (curve.Gaps > 0)
        {
            writer.WriteNumber("gaps", curve.Gaps);
        }

        if (curve.Members is { } members)
        {
            writer.WriteNumber("members", members);
        }

        Write(writer, "x", curve.Points.Select(point => point.X));
        Write(writer, "y", curve.Points.Select(point => point.Y));
        if (curve.Low.Count > 0)
        {
            Write(writer, "min", curve.Low);
            Write(writer, "max", curve.High);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, IEnumerable<double> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else
            {
                writer.WriteNullValue();
            }
        }

        writer.WriteEndArray();
    }
}
