namespace Squero.Kernel;

/// <summary>Times in storage are UTC microseconds since 1970 as 64-bit integers.</summary>
public static class Micros
{
    public static long NowMicros(this TimeProvider time) => FromTime(time.GetUtcNow());

    public static long FromTime(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset ToTime(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);

    /// <summary>ISO 8601 with milliseconds, as the REST API writes times; null stays null.</summary>
    public static string? ToIso(long? micros) =>
        micros is { } value ? ToTime(value).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture) : null;
}
