using System.Globalization;
using System.Text.RegularExpressions;

namespace Squero.MergeRequests;

/// <summary>
/// A fenced block <c>suggestion:-1+2</c> of a comment: lines to stand in place of the line commented on, of so many above it
/// and so many below it. No line: they are to be taken away.
/// </summary>
public sealed record SuggestionBlock(int Ordinal, int Above, int Below, IReadOnlyList<string> Lines);

/// <summary>A stretch of a comment: Markdown, or a suggestion.</summary>
public sealed record CommentPart(string Markdown, SuggestionBlock? Suggestion);

/// <summary>Reads and writes suggestions in the text of comments, as other forges write them.</summary>
public static partial class SuggestionText
{
    /// <summary>Suggestions of one comment; further blocks are plain code.</summary>
    public const int MaxBlocks = 20;

    private const int MaxReach = 100;

    public static bool MayHold(string text) => text.Contains("```suggestion", StringComparison.Ordinal);

    public static IReadOnlyList<SuggestionBlock> Of(string text) =>
        MayHold(text) ? [.. Parts(text).Select(part => part.Suggestion).OfType<SuggestionBlock>()] : [];

    /// <summary>The comment cut at its suggestions, in order. An unclosed block is no suggestion.</summary>
    public static IReadOnlyList<CommentPart> Parts(string text)
    {
        var lines = text.Split('\n');
        var parts = new List<CommentPart>();
        int from = 0, blocks = 0;
        for (var at = 0; at < lines.Length; at++)
        {
            if (Fence().Match(lines[at]) is not { Success: true } fence)
            {
                continue;
            }

            var end = Closing(lines, at, fence.Groups["fence"].Value);
            if (end < 0)
            {
                break;
            }

            // Other code is passed over whole: what it quotes is no suggestion.
            if (Opening().Match(lines[at]) is { Success: true } opening && blocks < MaxBlocks && Reach(opening, "above") is { } above && Reach(opening, "below") is { } below)
            {
                AddMarkdown(parts, lines[from..at]);
                parts.Add(new CommentPart("", new SuggestionBlock(blocks++, above, below, lines[(at + 1)..end])));
                from = end + 1;
            }

            at = end;
        }

        AddMarkdown(parts, lines[from..]);
        return parts;
    }

    /// <summary>The block to begin with: the lines as they are now. Its fence is longer than any in them.</summary>
    public static string Write(IReadOnlyList<string> lines)
    {
        var longest = lines.Select(line => Ticks().Match(line).Length).DefaultIfEmpty(0).Max();
        var fence = new string('`', Math.Max(3, longest + 1));
        return string.Create(CultureInfo.InvariantCulture, $"{fence}suggestion:-{lines.Count - 1}+0\n{string.Concat(lines.Select(line => line + "\n"))}{fence}\n");
    }

    private static int Closing(string[] lines, int opening, string fence)
    {
        for (var at = opening + 1; at < lines.Length; at++)
        {
            var trimmed = lines[at].Trim();
            if (trimmed.Length >= fence.Length && trimmed.All(c => c == fence[0]))
            {
                return at;
            }
        }

        return -1;
    }

    private static int? Reach(Match opening, string name)
    {
        var group = opening.Groups[name];
        var reach = group.Success ? int.Parse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        return reach <= MaxReach ? reach : null;
    }

    private static void AddMarkdown(List<CommentPart> parts, string[] lines)
    {
        var text = string.Join('\n', lines);
        if (!string.IsNullOrWhiteSpace(text))
        {
            parts.Add(new CommentPart(text, null));
        }
    }

    [GeneratedRegex("^ {0,3}(?<fence>`{3,}|~{3,})")]
    private static partial Regex Fence();

    [GeneratedRegex(@"^ {0,3}`{3,}suggestion(:-(?<above>[0-9]{1,4})\+(?<below>[0-9]{1,4}))?\s*$")]
    private static partial Regex Opening();

    [GeneratedRegex("^ {0,3}`{3,}")]
    private static partial Regex Ticks();
}
