using System.Globalization;
using System.Text;

namespace Squero.Experiments;

/// <summary>
/// Fields of a CSV file (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe before it: params and
/// names are written by whoever trains, and read by people who trust the table. Pure.
/// </summary>
internal static class CsvText
{
    public static void Append(StringBuilder to, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return;
        }

        var guarded = IsFormula(text) ? "'" + text : text;
        if (guarded.AsSpan().IndexOfAny("\",\r\n\t;'") < 0 && guarded.AsSpan().Trim().Length == guarded.Length)
        {
            to.Append(guarded);
            return;
        }

        to.Append('"').Append(guarded.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }

    /// <summary>Numbers are ours, and as they were logged; NaN and infinities are words.</summary>
    public static void Append(StringBuilder to, double? number)
    {
        if (number is { } value)
        {
            to.Append(double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "Infinity" : double.IsNegativeInfinity(value) ? "-Infinity" : value.ToString("R", CultureInfo.InvariantCulture));
        }
    }

    /// <summary>What begins as formulas do, after blanks and signs that nobody sees, and is no plain number.</summary>
    internal static bool IsFormula(string text)
    {
        if (text[0] is '\t' or '\r' or '\n')
        {
            return true;
        }

        var at = 0;
        while (at < text.Length && (char.IsWhiteSpace(text[at]) || char.IsControl(text[at]) || char.GetUnicodeCategory(text[at]) == UnicodeCategory.Format))
        {
            at++;
        }

        return at < text.Length && text[at] is '=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠' or '|' or '%'
            && !double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out _);
    }
}
