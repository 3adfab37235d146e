using System.Buffers;

namespace Squero.Repositories;

/// <summary>What may reach git's command line or LibGit2 as a name. Everything else is treated as absent.</summary>
internal static class GitNames
{
    public const string EmptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
    private const int MaxRef = 500;
    private const int MaxPath = 4096;
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(" ~^:?*[\\\u007f");

    public static bool IsSha(string text) => text.Length == 40 && IsHex(text);

    public static bool IsHex(string text) => !text.AsSpan().ContainsAnyExcept(Hex);

    /// <summary>True for "", and any number of zeros: the way git and callers say that there is nothing.</summary>
    public static bool IsNothing(string? sha) => string.IsNullOrEmpty(sha) || !sha.AsSpan().ContainsAnyExcept('0');

    /// <summary>Git's rules for ref names (git-check-ref-format), and no segment that begins with a dash.</summary>
    public static bool IsRefName(string name)
    {
        if (name.Length is 0 or > MaxRef || name == "@" || name.EndsWith('/') || name.EndsWith('.') || name.AsSpan().ContainsAny(Forbidden)
            || name.Contains("..", StringComparison.Ordinal) || name.Contains("@{", StringComparison.Ordinal) || name.Any(char.IsControl))
        {
            return false;
        }

        return name.Split('/').All(part =>
            part.Length > 0 && part[0] is not ('.' or '-') && !part.EndsWith(".lock", StringComparison.Ordinal));
    }

    public static bool IsFullRef(string name) => name.StartsWith("refs/", StringComparison.Ordinal) && name.Count(c => c == '/') >= 2 && IsRefName(name);

    /// <summary>A path inside a commit: relative, no empty, "." or ".." segment, no NUL. "" is the root.</summary>
    public static bool IsPath(string path) =>
        path.Length <= MaxPath && !path.Contains('\0', StringComparison.Ordinal)
        && (path.Length == 0 || path.Split('/').All(part => part is not ("" or "." or "..")));
}
