using System.Globalization;
using System.Text.RegularExpressions;

namespace Squero.Repositories;

/// <summary>Reads git's unified text into hunks, and writes it again for the REST API.</summary>
internal static partial class PatchText
{
    public const string SubmoduleMode = "160000";

    public static FilePatch Parse(FileChange file, string text)
    {
        var hunks = new List<PatchHunk>();
        var lines = text.Split('\n');
        var at = Array.FindIndex(lines, line => line.StartsWith("@@ ", StringComparison.Ordinal));
        if (at < 0)
        {
            return new FilePatch(file, [], text.Contains("\nBinary files ", StringComparison.Ordinal), IsTooLarge: false);
        }

        while (at < lines.Length && HunkHead().Match(lines[at]) is { Success: true } head)
        {
            at++;
            hunks.Add(ReadHunk(head, lines, ref at));
        }

        return new FilePatch(file, hunks, IsBinary: false, IsTooLarge: false);
    }

    /// <summary>A file that exists on one side only: all of its lines.</summary>
    public static FilePatch OfOneSide(FileChange file, string text)
    {
        if (text.Length == 0)
        {
            return new FilePatch(file, [], IsBinary: false, IsTooLarge: false);
        }

        var added = file.NewOid is not null;
        var texts = text.EndsWith('\n') ? text[..^1].Split('\n') : text.Split('\n');
        List<PatchLine> lines =
        [
            .. texts.Select((line, index) => added
                ? new PatchLine(PatchLineKind.Added, null, index + 1, line)
                : new PatchLine(PatchLineKind.Removed, index + 1, null, line)),
        ];
        if (!text.EndsWith('\n'))
        {
            lines.Add(new PatchLine(PatchLineKind.NoNewline, null, null, "No newline at end of file"));
        }

        var hunk = added ? new PatchHunk(0, 0, 1, texts.Length, "", lines) : new PatchHunk(1, texts.Length, 0, 0, "", lines);
        return new FilePatch(file, [hunk], IsBinary: false, IsTooLarge: false);
    }

    public static FilePatch OfSubmodule(FileChange file)
    {
        var lines = new List<PatchLine>();
        if (file.OldMode == SubmoduleMode)
        {
            lines.Add(new PatchLine(PatchLineKind.Removed, 1, null, $"Subproject commit {file.OldOid}"));
        }

        if (file.NewMode == SubmoduleMode)
        {
            lines.Add(new PatchLine(PatchLineKind.Added, null, 1, $"Subproject commit {file.NewOid}"));
        }

        var (old, added) = (file.OldMode == SubmoduleMode ? 1 : 0, file.NewMode == SubmoduleMode ? 1 : 0);
        return new FilePatch(file, [new PatchHunk(old, old, added, added, "", lines)], IsBinary: false, IsTooLarge: false);
    }

    /// <summary>The unified text from the first @@ on, as the REST API gives it.</summary>
    public static string Write(FilePatch patch)
    {
        var text = new System.Text.StringBuilder();
        foreach (var hunk in patch.Hunks)
        {
            text.Append(CultureInfo.InvariantCulture, $"@@ -{Range(hunk.OldStart, hunk.OldCount)} +{Range(hunk.NewStart, hunk.NewCount)} @@");
            text.Append(hunk.Heading.Length > 0 ? " " + hunk.Heading : "").Append('\n');
            foreach (var line in hunk.Lines)
            {
                text.Append(Sign(line.Kind)).Append(line.Kind == PatchLineKind.NoNewline ? " " : "").Append(line.Text).Append('\n');
            }
        }

        return text.ToString();
    }

    private static PatchHunk ReadHunk(Match head, string[] lines, ref int at)
    {
        var (oldStart, oldCount) = (Number(head.Groups[1]), Count(head.Groups[2]));
        var (newStart, newCount) = (Number(head.Groups[3]), Count(head.Groups[4]));
        var (old, now) = (oldStart, newStart);
        var read = new List<PatchLine>();
        for (; at < lines.Length && lines[at].Length > 0 && lines[at][0] is ' ' or '+' or '-' or '\\'; at++)
        {
            var text = lines[at][1..];
            read.Add(lines[at][0] switch
            {
                ' ' => new PatchLine(PatchLineKind.Same, old++, now++, text),
                '+' => new PatchLine(PatchLineKind.Added, null, now++, text),
                '-' => new PatchLine(PatchLineKind.Removed, old++, null, text),
                _ => new PatchLine(PatchLineKind.NoNewline, null, null, text.Trim()),
            });
        }

        return new PatchHunk(oldStart, oldCount, newStart, newCount, head.Groups[5].Value.Trim(), read);
    }

    private static string Range(int start, int count) => string.Create(CultureInfo.InvariantCulture, $"{start}{(count == 1 ? "" : $",{count}")}");

    private static char Sign(PatchLineKind kind) =>
        kind switch
        {
            PatchLineKind.Added => '+',
            PatchLineKind.Removed => '-',
            PatchLineKind.NoNewline => '\\',
            _ => ' ',
        };

    private static int Number(Group group) => int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    private static int Count(Group group) => group.Success ? Number(group) : 1;

    [GeneratedRegex(@"^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@(.*)$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex HunkHead();
}
