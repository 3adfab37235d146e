using System.Globalization;

namespace Squero.Ui;

/// <summary>Times as people say them.</summary>
public static class TimeText
{
    /// <summary>"just now", "7 minutes ago", "in 3 hours", "yesterday", "12 Mar", "12 Mar 2024".</summary>
    public static string Relative(DateTimeOffset at, DateTimeOffset now)
    {
        var ago = now - at;
        var text = Span(ago.Duration());
        if (text is null)
            return at.ToString(at.Year == now.Year ? "d MMM" : "d MMM yyyy", CultureInfo.InvariantCulture);
        if (text.Length == 0)
            return "just now";
        if (text == "1 day")
            return ago > TimeSpan.Zero ? "yesterday" : "tomorrow";
        return ago > TimeSpan.Zero ? text + " ago" : "in " + text;
    }

    /// <summary>To the second, in UTC.</summary>
    public static string Exact(DateTimeOffset at) =>
        at.UtcDateTime.ToString("d MMMM yyyy, HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";

    /// <summary>A duration in at most two units: "7 m 12 s", "1 h 4 m", "0.4 s".</summary>
    public static string Duration(TimeSpan span) => span switch
    {
        { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s"),
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{span.Seconds} s"),
        { TotalMinutes: < 60 } => Two(span.Minutes, "m", span.Seconds, "s"),
        { TotalHours: < 24 } => Two(span.Hours, "h", span.Minutes, "m"),
        _ => Two(span.Days, "d", span.Hours, "h"),
    };

    private static string? Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 45 } => "",
        { TotalMinutes: < 59.5 } => Count(Math.Max(1, Math.Round(span.TotalMinutes)), "minute"),
        { TotalHours: < 23.5 } => Count(Math.Max(1, Math.Round(span.TotalHours)), "hour"),
        { TotalDays: < 13.5 } => Count(Math.Max(1, Math.Round(span.TotalDays)), "day"),
        _ => null,
    };

    private static string Count(double number, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:0} {unit}{(number < 2 ? "" : "s")}");

    private static string Two(int first, string unit, int second, string smaller) => second == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{first} {unit}")
        : string.Create(CultureInfo.InvariantCulture, $"{first} {unit} {second} {smaller}");
}
