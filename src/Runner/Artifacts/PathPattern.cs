using System.Text;
using System.Text.RegularExpressions;

namespace Squero.Runner;

/// <summary>
/// A glob over paths with <c>/</c>: <c>*</c> and <c>?</c> stay within a folder, <c>**</c> crosses folders, <c>[a-z]</c>,
/// <c>{a,b}</c>. Matching takes linear time whatever the pattern.
/// </summary>
internal sealed class PathPattern
{
    private const int MaxLength = 1000;
    private readonly Regex? regex;

    public PathPattern(string pattern, string projectFolder)
    {
        var relative = pattern.Replace('\\', '/');
        if (relative.StartsWith(projectFolder + "/", StringComparison.Ordinal))
        {
            relative = relative[(projectFolder.Length + 1)..];
        }

        var parts = relative.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToList();
        if (relative.StartsWith('/') || parts.Contains("..") || relative.Length > MaxLength)
        {
            return;
        }

        regex = new Regex(@"\A" + Translate(parts) + @"\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }

    /// <summary>Patterns that lead out of the project folder match nothing.</summary>
    public bool Matches(string path) => regex?.IsMatch(path) ?? false;

    private static string Translate(List<string> parts)
    {
        var result = new StringBuilder();
        if (parts.Count == 0)
        {
            return "(?:.|\n)*";
        }

        for (var at = 0; at < parts.Count; at++)
        {
            var last = at == parts.Count - 1;
            if (parts[at] == "**")
            {
                result.Append(last ? "(?:.|\n)+" : "(?:[^/]+/)*");
                continue;
            }

            TranslatePart(parts[at], result);
            result.Append(last ? "" : "/");
        }

        return result.ToString();
    }

    private static void TranslatePart(string part, StringBuilder result)
    {
        var depth = 0;
        var grouped = HasWholeBraces(part);
        for (var at = 0; at < part.Length; at++)
        {
            var letter = part[at];
            var closing = letter == '[' ? EndOfSet(part, at) : -1;
            if (closing > 0)
            {
                result.Append(TranslateSet(part[(at + 1)..closing]));
                at = closing;
                continue;
            }

            depth += letter == '{' ? 1 : letter == '}' ? -1 : 0;
            result.Append(letter switch
            {
                '*' => "[^/]*",
                '?' => "[^/]",
                '{' when grouped => "(?:",
                '}' when grouped => ")",
                ',' when grouped && depth > 0 => "|",
                _ => Regex.Escape(letter.ToString()),
            });
        }
    }

    /// <summary>Whether the braces outside of sets are in pairs; else they stand for themselves.</summary>
    private static bool HasWholeBraces(string part)
    {
        var depth = 0;
        for (var at = 0; at < part.Length && depth >= 0; at++)
        {
            var closing = part[at] == '[' ? EndOfSet(part, at) : -1;
            at = closing > 0 ? closing : at;
            depth += closing > 0 ? 0 : part[at] == '{' ? 1 : part[at] == '}' ? -1 : 0;
        }

        return depth == 0;
    }

    /// <summary>A set has at least one letter besides its mark of negation.</summary>
    private static int EndOfSet(string part, int at)
    {
        var first = at + (at + 1 < part.Length && part[at + 1] is ('!' or '^') ? 2 : 1);
        return part.IndexOf(']', Math.Min(first + 1, part.Length));
    }

    /// <summary>Every letter is escaped by its code; a range in reverse order is three letters.</summary>
    private static string TranslateSet(string set)
    {
        var negated = set[0] is '!' or '^';
        var letters = new StringBuilder(negated ? "[^/" : "[");
        var text = negated ? set[1..] : set;
        for (var at = 0; at < text.Length; at++)
        {
            letters.Append(Code(text[at]));
            if (at + 2 < text.Length && text[at + 1] == '-' && text[at] <= text[at + 2])
            {
                letters.Append('-').Append(Code(text[at + 2]));
                at += 2;
            }
        }

        return letters.Append(']').ToString();
    }

    private static string Code(char letter) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
}
