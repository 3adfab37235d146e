using System.Globalization;
using Squero.Ui;

namespace Squero.Repositories;

/// <summary>A patch as the lines that the Ui draws: anchors, hunk headings, and what changed inside a line.</summary>
internal static class PatchLines
{
    // Minified files and data have lines that no page should carry.
    private const int MaxText = 4000;
    private const int MaxMarked = 1000;

    public static IReadOnlyList<DiffLine> Of(FilePatch patch)
    {
        var lines = new List<DiffLine>();
        foreach (var hunk in patch.Hunks)
        {
            lines.Add(new DiffLine(
                DiffKind.Hunk,
                null,
                null,
                string.Create(CultureInfo.InvariantCulture, $"@@ −{hunk.OldStart},{hunk.OldCount} +{hunk.NewStart},{hunk.NewCount} @@ {hunk.Heading}")));
            AddHunk(lines, hunk.Lines);
        }

        return lines;
    }

    /// <summary>The patch with some lines, by their numbers on either side, as they are shown instead; how many were.</summary>
    public static (FilePatch Patch, int Count) Masked(FilePatch patch, IReadOnlyDictionary<int, string> old, IReadOnlyDictionary<int, string> now)
    {
        var count = 0;
        PatchLine Mask(PatchLine line)
        {
            if ((line.New is { } number ? now.GetValueOrDefault(number) : line.Old is { } was ? old.GetValueOrDefault(was) : null) is not { } masked)
            {
                return line;
            }

            count++;
            return line with { Text = masked };
        }

        return (patch with { Hunks = [.. patch.Hunks.Select(hunk => hunk with { Lines = [.. hunk.Lines.Select(Mask)] })] }, count);
    }

    private static void AddHunk(List<DiffLine> to, IReadOnlyList<PatchLine> lines)
    {
        for (var at = 0; at < lines.Count;)
        {
            var removed = CountOf(lines, at, PatchLineKind.Removed);
            var added = CountOf(lines, at + removed, PatchLineKind.Added);
            if (removed + added == 0)
            {
                to.Add(Draw(lines[at++], null));
                continue;
            }

            var pairs = removed == added ? removed : 0;
            for (var row = 0; row < removed + added; row++)
            {
                var other = pairs == 0 ? null : row < removed ? lines[at + removed + row] : lines[at + row - removed];
                to.Add(Draw(lines[at + row], other));
            }

            at += removed + added;
        }
    }

    private static int CountOf(IReadOnlyList<PatchLine> lines, int from, PatchLineKind kind)
    {
        var at = from;
        while (at < lines.Count && lines[at].Kind == kind)
        {
            at++;
        }

        return at - from;
    }

    private static DiffLine Draw(PatchLine line, PatchLine? other) =>
        line.Kind switch
        {
            PatchLineKind.Added => new DiffLine(DiffKind.Added, null, line.New, Shown(line.Text), new TextAnchor(false, line.New!.Value).ToString(), Marks(line, other)),
            PatchLineKind.Removed => new DiffLine(DiffKind.Removed, line.Old, null, Shown(line.Text), new TextAnchor(true, line.Old!.Value).ToString(), Marks(line, other)),
            PatchLineKind.Same => new DiffLine(DiffKind.Same, line.Old, line.New, Shown(line.Text), new TextAnchor(false, line.New!.Value).ToString()),
            _ => new DiffLine(DiffKind.Note, null, null, line.Text),
        };

    private static string Shown(string text)
    {
        var line = text.EndsWith('\r') ? text[..^1] : text;
        return line.Length <= MaxText
            ? line
            : string.Create(CultureInfo.InvariantCulture, $"{line[..MaxText]} … ({line.Length - MaxText:N0} more characters)");
    }

    // What lies between the common beginning and the common end of two lines that stand for each other.
    private static Mark[]? Marks(PatchLine line, PatchLine? other)
    {
        if (other is null || line.Text.Length > MaxMarked || other.Text.Length > MaxMarked)
        {
            return null;
        }

        var (mine, theirs) = (line.Text, other.Text);
        var shorter = Math.Min(mine.Length, theirs.Length);
        var start = mine.AsSpan().CommonPrefixLength(theirs);
        var end = 0;
        while (end < shorter - start && mine[^(end + 1)] == theirs[^(end + 1)])
        {
            end++;
        }

        var length = mine.Length - start - end;
        return length > 0 && (start + end) * 3 >= mine.Length ? [new Mark(start, length)] : null;
    }
}
