using System.Globalization;
using System.Text.Json;

namespace Squero.Mlflow;

/// <summary>Numbers as the protocol writes them: integers plain or quoted, NaN and infinities as words.</summary>
internal static class JsonNumber
{
    /// <summary>Null when it is no integer; a fraction is cut off.</summary>
    public static long? Integer(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetInt64(out var number) => number,
            JsonValueKind.Number when value.TryGetDouble(out var number) && Math.Abs(number) < 9.2e18 => (long)number,
            JsonValueKind.String => Integer(value.GetString()!),
            _ => null,
        };

    public static long? Integer(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Null when it is no number.</summary>
    public static double? Real(string text) =>
        text switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
        };

    public static void WriteReal(this Utf8JsonWriter writer, string name, double value)
    {
        if (double.IsNaN(value))
        {
            writer.WriteString(name, "NaN");
        }
        else
        {
            writer.WriteNumber(name, double.IsInfinity(value) ? Math.CopySign(double.MaxValue, value) : value);
        }
    }
}
