using System.Globalization;
using System.Text.RegularExpressions;

namespace Squero.Pipelines;

/// <summary>What an unquoted value means: YAML 1.1 as Ruby reads it (yes/no/on/off are booleans, 0o17 and 017 are numbers).</summary>
internal static partial class PlainScalar
{
    public static object? Read(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => true,
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => false,
        _ when text.Length > 40 || !MayBeNumber(text) => text,
        _ => Number(text) ?? text,
    };

    private static bool MayBeNumber(string text) => char.IsAsciiDigit(text[0]) || text[0] is '+' or '-' or '.';

    private static object? Number(string text)
    {
        if (Decimal().IsMatch(text))
        {
            return long.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null;
        }

        if (Based().Match(text) is { Success: true } based)
        {
            return InBase(based);
        }

        if (Sixties().IsMatch(text))
        {
            var sign = text[0] == '-' ? -1 : 1;
            return sign * text.TrimStart('+', '-').Split(':').Aggregate(0L, (sum, part) => (sum * 60) + long.Parse(part, CultureInfo.InvariantCulture));
        }

        return Fraction().IsMatch(text)
            ? double.Parse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture)
            : text switch
            {
                ".inf" or ".Inf" or ".INF" or "+.inf" => double.PositiveInfinity,
                "-.inf" or "-.Inf" or "-.INF" => double.NegativeInfinity,
                ".nan" or ".NaN" or ".NAN" => double.NaN,
                _ => null,
            };
    }

    private static object? InBase(Match match)
    {
        var (digits, radix) = match switch
        {
            _ when match.Groups["hex"].Success => (match.Groups["hex"].Value, 16),
            _ when match.Groups["bin"].Success => (match.Groups["bin"].Value, 2),
            _ => (match.Groups["oct"].Value, 8),
        };
        digits = digits.Replace("_", "", StringComparison.Ordinal);
        if (digits.Length is 0 or > 15)
        {
            return null;
        }

        var number = Convert.ToInt64(digits, radix);
        return match.Value[0] == '-' ? -number : number;
    }

    [GeneratedRegex("^[-+]?(0|[1-9][0-9_]{0,24})$", RegexOptions.NonBacktracking)]
    private static partial Regex Decimal();

    [GeneratedRegex("^[-+]?0(x(?<hex>[0-9a-fA-F_]+)|b(?<bin>[01_]+)|o?(?<oct>[0-7_]+))$", RegexOptions.NonBacktracking)]
    private static partial Regex Based();

    [GeneratedRegex("^[-+]?[0-9]{1,10}(:[0-5]?[0-9]){1,2}$", RegexOptions.NonBacktracking)]
    private static partial Regex Sixties();

    [GeneratedRegex(@"^[-+]?([0-9][0-9_]*)?\.[0-9]+([eE][-+][0-9]{1,3})?$|^[-+]?[0-9][0-9_]*\.([eE][-+][0-9]{1,3})?$", RegexOptions.NonBacktracking)]
    private static partial Regex Fraction();
}
