using System.Globalization;

namespace Squero.Pipelines;

/// <summary>Reads lengths of time as people write them: "1h 30m", "90 minutes", "2 weeks and 1 day", "3600".</summary>
internal static class Durations
{
    private const double LongestSeconds = 100d * 365 * 24 * 3600;

    /// <summary>Null when the text is no length of time ("never" is none), is negative, or is over 100 years.</summary>
    public static int? ParseSeconds(string text)
    {
        if (text.Length is 0 or > 200)
        {
            return null;
        }

        var rest = text.AsSpan().Trim();
        double total = 0;
        var parts = 0;
        while (rest.Length > 0)
        {
            if (TakeNumber(ref rest) is not { } amount || TakeUnit(ref rest) is not { } unit)
            {
                return null;
            }

            total += amount * unit;
            parts++;
        }

        return parts > 0 && total <= Math.Min(LongestSeconds, int.MaxValue) ? (int)Math.Round(total) : null;
    }

    private static double? TakeNumber(ref ReadOnlySpan<char> rest)
    {
        var length = 0;
        while (length < rest.Length && (char.IsAsciiDigit(rest[length]) || rest[length] == '.'))
        {
            length++;
        }

        var number = rest[..length];
        rest = rest[length..].TrimStart();
        return length > 0 && double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) ? amount : null;
    }

    private static double? TakeUnit(ref ReadOnlySpan<char> rest)
    {
        var length = 0;
        while (length < rest.Length && char.IsAsciiLetter(rest[length]))
        {
            length++;
        }

        var word = rest[..length].ToString();
        rest = rest[length..].TrimStart(" ,");
        if (rest.StartsWith("and ", StringComparison.Ordinal))
        {
            rest = rest[4..].TrimStart();
        }

        return word switch
        {
            "" when rest.Length == 0 => 1,
            "s" or "sec" or "secs" or "second" or "seconds" => 1,
            "m" or "min" or "mins" or "minute" or "minutes" => 60,
            "h" or "hr" or "hrs" or "hour" or "hours" => 3600,
            "d" or "day" or "days" => 24 * 3600,
            "w" or "wk" or "wks" or "week" or "weeks" => 7 * 24 * 3600,
            "mo" or "mos" or "month" or "months" => 30 * 24 * 3600,
            "y" or "yr" or "yrs" or "year" or "years" => 365.25 * 24 * 3600,
            _ => null,
        };
    }
}
