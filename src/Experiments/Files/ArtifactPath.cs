using System.Text.RegularExpressions;
using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>
/// The path of an artifact within its candidate: names joined by slashes. It is a key of a table, never a place on a disk;
/// what could be taken for another place is refused all the same, in every encoding.
/// </summary>
public static partial class ArtifactPath
{
    public const int MaxLength = 1000;
    private const int MaxDecodings = 8;

    /// <summary>The path as it is stored, or a refusal. The empty path is the root.</summary>
    public static string Parse(string path)
    {
        if (path.Length > MaxLength)
        {
            throw Refusal.Invalid($"Invalid path: longer than {MaxLength} characters.");
        }

        var decoded = ImageName().Replace(path, "-");
        for (var round = 0; ; round++)
        {
            Check(decoded);
            var next = Uri.UnescapeDataString(decoded);
            if (next == decoded)
            {
                // What still looks encoded is no text: overlong and broken byte sequences.
                return Encoded().IsMatch(decoded) ? throw Refusal.Invalid("Invalid path") : path;
            }

            if (round == MaxDecodings)
            {
                throw Refusal.Invalid("Invalid path");
            }

            decoded = next;
        }
    }

    /// <summary>The same for the path of a file, which is not the root.</summary>
    public static string ParseFile(string path) => Parse(path) is { Length: > 0 } file ? file : throw Refusal.Invalid("Invalid path");

    /// <summary>The path of a folder that is looked into, without what says "here": <c>.</c>, <c>a/./b/</c>. A path from a root stays one, and is refused.</summary>
    public static string Folder(string path) =>
        path.StartsWith('/') ? path : string.Join('/', path.Split('/').Where(name => name is not ("" or ".")));

    private static void Check(string path)
    {
        if (path.Length == 0)
        {
            return;
        }

        var bad = path.Contains('\\', StringComparison.Ordinal) || path.Contains('#', StringComparison.Ordinal)
            || path.Any(character => char.IsControl(character) || character is '\uFFFD' or '\u2044' or '\u2215' or '\uFF0F' or '\uFF0E' or '\uFF3C' or '\u2024' or '\u2025' or '\u2026')
            || path.Any(char.IsSurrogate) && !IsWellFormed(path)
            || (path.Length > 1 && path[1] == ':' && char.IsAsciiLetter(path[0]))
            || path.Split('/').Any(name => name.Trim() is "" or "." or "..");
        if (bad)
        {
            throw Refusal.Invalid("Invalid path");
        }
    }

    // Clients call a logged image NAME%step%12%timestamp%1795414802572%ID.png: percent signs that encode nothing.
    [GeneratedRegex("%step%[0-9]{1,19}%timestamp%[0-9]{1,19}%(?=[g-z][0-9a-z-]*(?:%compressed)?\\.[a-z]{1,8}\\z)", RegexOptions.CultureInvariant)]
    private static partial Regex ImageName();

    [GeneratedRegex("%(u|[0-9a-f]{2})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Encoded();

    private static bool IsWellFormed(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (!char.IsSurrogate(text[index]))
            {
                continue;
            }

            if (!char.IsSurrogatePair(text, index))
            {
                return false;
            }

            index++;
        }

        return true;
    }
}
