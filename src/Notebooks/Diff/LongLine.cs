using System.Globalization;

namespace Squero.Notebooks;

/// <summary>
/// Lines that nobody reads: what is written out ends after a million characters and says so. The patch holds all of it.
/// </summary>
internal static class LongLine
{
    private const int MaxLength = 1_000_000;

    public static string Cut(string line) =>
        line.Length <= MaxLength ? line : string.Create(CultureInfo.InvariantCulture, $"{line.AsSpan(0, MaxLength)}… ({line.Length} characters in all)");
}
