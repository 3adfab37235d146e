using System.Globalization;

namespace Squero.RunnerProtocol;

/// <summary>
/// The two unlike uses of "0-1023" around PATCH /jobs/:id/trace: Content-Range of a request has the index of its last byte,
/// Range of an answer has the stored size.
/// </summary>
public static class TraceRange
{
    /// <summary>A PATCH carries at most so many bytes.</summary>
    public const int MaxPatchBytes = 1024 * 1024;

    public static string ForPatch(long start, int length) =>
        string.Create(CultureInfo.InvariantCulture, $"{start}-{start + length - 1}");

    public static string ForAnswer(long storedSize) => string.Create(CultureInfo.InvariantCulture, $"0-{storedSize}");

    /// <summary>Start of a patch; its end is ignored, since clients disagree about it. Null when malformed.</summary>
    public static long? ParseStart(string? contentRange) => Parse(contentRange, before: true);

    /// <summary>Stored size in an answer's Range header. Null when malformed.</summary>
    public static long? ParseStoredSize(string? range) => Parse(range, before: false);

    private static long? Parse(string? text, bool before)
    {
        var dash = text?.IndexOf('-', StringComparison.Ordinal) ?? -1;
        if (dash <= 0)
        {
            return null;
        }

        var part = before ? text.AsSpan(0, dash) : text.AsSpan(dash + 1);
        return long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
