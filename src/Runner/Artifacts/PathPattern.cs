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
        for (var at = 0; at < part.Length; at++)
        {
            var letter = part[at];
            var closing = letter == '[' ? part.IndexOf(']', Math.Min(at + 2, part.Length)) : -1;
            if (closing > 0)
            {
                result.Append(TranslateSet(part[(at + 1)..closing]));
                at = closing;
                continue;
            }

            depth += letter == '{' ? 1 : letter == '}' && depth > 0 ? -1 : 0;
            result.Append(letter switch
            {
                '*' => "[^/]*",
                '?' => "[^/]",
                '{' => "(?:",
                '}' when depth >= 0 && part[..at].Contains('{', StringComparison.Ordinal) => ")",
                ',' when depth > 0 => "|",
                _ => Regex.Escape(letter.ToString()),
            });
        }

        result.Append(')', depth);
    }

    private static string TranslateSet(string set)
    {
        var negated = set[0] is '!' or '^';
        var letters = new StringBuilder();
        foreach (var letter in negated ? set[1..] : set)
        {
            letters.Append(letter is '\\' or ']' or '[' or '^' ? "\\" + letter : letter.ToString());
        }

        return negated ? $"[^/{letters}]" : $"[{letters}]";
    }
}
