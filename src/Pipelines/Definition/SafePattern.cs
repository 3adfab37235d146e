using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Squero.Pipelines;

/// <summary>A <c>/pattern/flags</c> of a pipeline file. Matching takes time linear in the text: what would need backtracking is refused.</summary>
internal sealed class SafePattern
{
    public const int MaxLength = 1_000;
    private const int MaxRepeats = 1_000;
    private const int CacheSize = 2_000;
    private static readonly Regex Counted = new(@"\G\{([0-9]+)(?:,([0-9]*))?\}", RegexOptions.CultureInvariant);
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(1);
    private static readonly ConcurrentDictionary<string, SafePattern> Known = new(StringComparer.Ordinal);
    private readonly Regex regex;

    private SafePattern(Regex regex) => this.regex = regex;

    /// <summary>Null, with the reason, when the text is no pattern with slashes or not one that can be used.</summary>
    public static SafePattern? TryParse(string text, out string problem)
    {
        problem = "";
        if (Known.TryGetValue(text, out var known))
        {
            return known;
        }

        if (Split(text, out problem) is not { } parts || Build(parts.Source, parts.Flags, out problem) is not { } regex)
        {
            return null;
        }

        var pattern = new SafePattern(regex);
        if (Known.Count < CacheSize)
        {
            Known[text] = pattern;
        }

        return pattern;
    }

    public bool IsFoundIn(string text)
    {
        try
        {
            return regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static (string Source, string Flags)? Split(string text, out string problem)
    {
        problem = "";
        var end = text.LastIndexOf('/');
        if (text.Length < 2 || text[0] != '/' || end == 0)
        {
            problem = "a pattern stands between slashes";
        }
        else if (end <= 2)
        {
            problem = "a pattern needs more than one character";
        }
        else if (text.Length > MaxLength)
        {
            problem = $"it has more than {MaxLength} characters";
        }
        else if (text[(end + 1)..].AsSpan().IndexOfAnyExcept("ismU") >= 0)
        {
            problem = "its flags may only be i, s, m and U";
        }

        return problem.Length > 0 ? null : (text[1..end], text[(end + 1)..]);
    }

    private static Regex? Build(string source, string flags, out string problem)
    {
        problem = RepeatsTooOften(source) ? $"it repeats more than {MaxRepeats} times" : "";
        if (problem.Length > 0)
        {
            return null;
        }

        var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
        options |= flags.Contains('i') ? RegexOptions.IgnoreCase : RegexOptions.None;
        options |= flags.Contains('s') ? RegexOptions.Singleline : RegexOptions.None;
        options |= flags.Contains('m') ? RegexOptions.Multiline : RegexOptions.None;
        try
        {
            return new Regex(Translate(source, flags.Contains('m')), options, TimeLimit);
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            problem = refused is NotSupportedException
                ? "look-around, back references and atomic groups are not offered"
                : "it is not a regular expression";
            return null;
        }
    }

    // What RE2 spells otherwise: \/ is a slash, (?P<name> is (?<name>, and $ without m is the very end, before no last line break.
    private static string Translate(string source, bool multiline)
    {
        var text = new StringBuilder(source.Length);
        var inClass = false;
        for (var i = 0; i < source.Length; i++)
        {
            var c = source[i];
            if (c == '\\' && i + 1 < source.Length)
            {
                i++;
                text.Append(source[i] == '/' ? "/" : $"\\{source[i]}");
            }
            else if (!inClass && string.CompareOrdinal(source, i, "(?P<", 0, 4) == 0)
            {
                text.Append("(?<");
                i += 3;
            }
            else
            {
                inClass = c == '[' ? true : c != ']' && inClass;
                text.Append(c == '$' && !inClass && !multiline ? @"\z" : c.ToString());
            }
        }

        return text.ToString();
    }

    // Counted repeats multiply when nested: (a{1000}){1000} would be a million states. RE2 stops at 1000 as well.
    private static bool RepeatsTooOften(string source)
    {
        var nesting = new Stack<long>([1]);
        var total = 0L;
        long last = 1;
        for (var i = 0; i < source.Length; i++)
        {
            switch (source[i])
            {
                case '\\':
                    i++;
                    last = 1;
                    break;
                case '(':
                    nesting.Push(1);
                    break;
                case ')' when nesting.Count > 1:
                    last = nesting.Pop();
                    nesting.Push(Math.Max(nesting.Pop(), last));
                    break;
                case '{' when Counted.Match(source, i) is { Success: true } counted:
                    last *= Math.Max(Number(counted.Groups[1]), Number(counted.Groups[2]));
                    total += last;
                    nesting.Push(Math.Max(nesting.Pop(), last));
                    if (last > MaxRepeats || total > 2 * MaxRepeats)
                    {
                        return true;
                    }

                    i += counted.Length - 1;
                    break;
                default:
                    last = 1;
                    break;
            }
        }

        return false;
    }

    private static long Number(Group digits) =>
        long.TryParse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : digits.Length == 0 ? 1 : int.MaxValue;
}
