using System.Text;
using System.Text.RegularExpressions;

namespace Squero.Pipelines;

/// <summary>
/// A path pattern with the meaning of Ruby's fnmatch (PATHNAME, DOTMATCH, EXTGLOB): <c>*</c> and <c>?</c> stop at a slash,
/// <c>**/</c> is any number of folders, <c>{a,b}</c> and <c>[ab]</c> are choices, the whole path must fit.
/// </summary>
internal sealed class PathGlob
{
    public const int MaxLength = 1_000;
    private const int MaxChoices = 200;
    private const string Special = "*?[{\\";
    private readonly string pattern;
    private readonly Regex? regex;

    private PathGlob(string pattern, Regex? regex)
    {
        this.pattern = pattern;
        this.regex = regex;
    }

    /// <summary>Set when the pattern is a plain path.</summary>
    public bool IsLiteral => regex is null && pattern.AsSpan().IndexOfAny(Special) < 0;

    /// <summary>A pattern that cannot be used (too long, too many choices, an open bracket) fits nothing.</summary>
    public static PathGlob Of(string pattern)
    {
        if (pattern.Length > MaxLength || pattern.AsSpan().IndexOfAny(Special) < 0)
        {
            return new PathGlob(pattern, null);
        }

        var choices = new List<string>();
        if (!Spread(pattern, choices))
        {
            return new PathGlob(pattern, null);
        }

        var sources = choices.Select(Translate).OfType<string>().ToList();
        return sources.Count == 0
            ? new PathGlob(pattern, null)
            : new PathGlob(pattern, new Regex($@"\A(?:{string.Join('|', sources)})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline));
    }

    public bool Fits(string path) => regex?.IsMatch(path) ?? (IsLiteral && pattern == path);

    // Choices in braces are written out as text first, as Ruby does, so that {a,**}/b has its full meaning.
    private static bool Spread(string pattern, List<string> into)
    {
        var (open, close) = FirstBraces(pattern);
        if (open < 0)
        {
            into.Add(pattern);
            return into.Count <= MaxChoices;
        }

        var start = open + 1;
        var depth = 0;
        for (var at = start; at <= close; at++)
        {
            switch (pattern[at])
            {
                case '\\' when at < close:
                    at++;
                    break;
                case '{':
                    depth++;
                    break;
                case ',' when depth == 0:
                case '}' when depth == 0:
                    if (!Spread(string.Concat(pattern.AsSpan(0, open), pattern.AsSpan(start, at - start), pattern.AsSpan(close + 1)), into))
                    {
                        return false;
                    }

                    start = at + 1;
                    break;
                case '}':
                    depth--;
                    break;
            }
        }

        return true;
    }

    private static (int Open, int Close) FirstBraces(string pattern)
    {
        var open = -1;
        var depth = 0;
        for (var at = 0; at < pattern.Length; at++)
        {
            switch (pattern[at])
            {
                case '\\':
                    at++;
                    break;
                case '{':
                    open = depth++ == 0 ? at : open;
                    break;
                case '}' when depth > 0 && --depth == 0:
                    return (open, at);
            }
        }

        return (-1, -1);
    }

    private static string? Translate(string glob)
    {
        var text = new StringBuilder(glob.Length + 16);
        for (var at = 0; at < glob.Length; at++)
        {
            var atSegment = at == 0 || glob[at - 1] == '/';
            switch (glob[at])
            {
                case '*' when atSegment && string.CompareOrdinal(glob, at, "**/", 0, 3) == 0:
                    text.Append("(?:[^/]+/)*");
                    at += 2;
                    break;
                case '*':
                    text.Append("[^/]*");
                    break;
                case '?':
                    text.Append("[^/]");
                    break;
                case '[' when BracketEnd(glob, at) is var end && end > 0:
                    text.Append(Bracket(glob[(at + 1)..end]));
                    at = end;
                    break;
                case '[':
                    return null;
                default:
                    at += glob[at] == '\\' && at + 1 < glob.Length ? 1 : 0;
                    text.Append(Regex.Escape(glob[at].ToString()));
                    break;
            }
        }

        return text.ToString();
    }

    private static int BracketEnd(string glob, int open)
    {
        for (var at = open + 1; at < glob.Length && glob[at] != '/'; at++)
        {
            if (glob[at] == ']' && at > open + 1 + (glob[open + 1] is '!' or '^' ? 1 : 0))
            {
                return at;
            }

            at += glob[at] == '\\' ? 1 : 0;
        }

        return -1;
    }

    private static string Bracket(string inside)
    {
        var negated = inside[0] is '!' or '^';
        var members = new List<string>();
        for (var at = negated ? 1 : 0; at < inside.Length; at++)
        {
            at += inside[at] == '\\' && at + 1 < inside.Length ? 1 : 0;
            var from = inside[at];
            var to = from;
            if (at + 2 < inside.Length && inside[at + 1] == '-')
            {
                to = inside[at + 2];
                at += 2;
            }

            if (from <= to)
            {
                members.Add($"\\u{(int)from:x4}-\\u{(int)to:x4}");
            }
        }

        var set = string.Concat(members);
        return (negated, set.Length) switch
        {
            (true, 0) => "[^/]",
            (true, _) => $"[^/{set}]",
            (false, 0) => "[^\\s\\S]",
            _ => $"(?:[{set}])",
        };
    }
}
