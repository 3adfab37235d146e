using System.Globalization;

namespace Squero.Server;

/// <summary>
/// How much more memory than before an act took at its height: resident memory as Linux counts it (proc(5): the peak is
/// reset by writing 5 to clear_refs). Elsewhere all that the act allocated, which is more.
/// </summary>
internal static class MemoryPeak
{
    private const string Reset = "/proc/self/clear_refs";

    public static long Of(Action act)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var before = TryReset() ? Read("VmRSS:") : null;
        act();
        return before is { } idle && Read("VmHWM:") is { } peak ? Math.Max(0, peak - idle) : GC.GetAllocatedBytesForCurrentThread() - allocated;
    }

    private static bool TryReset()
    {
        try
        {
            File.WriteAllText(Reset, "5");
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static long? Read(string field) =>
        File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal)) is { } found
            && long.TryParse(found[field.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var kilobytes)
            ? kilobytes * 1024
            : null;
}
