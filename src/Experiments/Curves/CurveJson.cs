using System.IO.Pipelines;
using System.Text.Json;

namespace Squero.Experiments;

/// <summary>Curves in the form that charts read: gaps are null, times are seconds since 1970.</summary>
internal static class CurveJson
{
    public static CurveAxis AxisOf(string? word) => word switch { "time" => CurveAxis.Time, "relative" => CurveAxis.Relative, _ => CurveAxis.Step };

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
        writer.WriteStartArray("x");
        foreach (var (x, _) in curve.Points)
        {
            writer.WriteNumberValue(x);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("y");
        foreach (var (_, y) in curve.Points)
        {
            if (double.IsFinite(y))
            {
                writer.WriteNumberValue(y);
            }
            else
            {
                writer.WriteNullValue();
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
