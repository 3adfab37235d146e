namespace Squero.Kernel;

/// <summary>What people search for, as a pattern of LIKE … ESCAPE '\': their percent signs mean themselves.</summary>
public static class LikePattern
{
    /// <summary>Null when nothing is searched for. Compare with a column in lower case.</summary>
    public static string? Holding(string? text) => string.IsNullOrWhiteSpace(text) ? null : $"%{Escape(text.Trim().ToLowerInvariant())}%";

    public static string BeginningWith(string text) => Escape(text) + "%";

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
