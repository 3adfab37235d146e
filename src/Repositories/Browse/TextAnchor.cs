namespace Squero.Repositories;

/// <summary>A line of a text file in a diff: <c>t1.o.12</c> (old side) or <c>t1.n.14</c> (new side).</summary>
public sealed record TextAnchor(bool IsOld, int Line)
{
    public static TextAnchor? Parse(string? text)
    {
        if (text is null || text.Length is < 6 or > 15 || !(text.StartsWith("t1.o.", StringComparison.Ordinal) || text.StartsWith("t1.n.", StringComparison.Ordinal)))
        {
            return null;
        }

        return int.TryParse(text.AsSpan(5), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var line) && line > 0
            ? new TextAnchor(text[3] == 'o', line)
            : null;
    }

    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"t1.{(IsOld ? 'o' : 'n')}.{Line}");

    public string Describe() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(IsOld ? "old " : "")}line {Line}");

    /// <summary>
    /// Where the line is after the file changed as the patch says (the patch leads from the file of this anchor's side to that side's
    /// newer file). Null: the line was removed or changed.
    /// </summary>
    public TextAnchor? Follow(FilePatch patch)
    {
        var shift = 0;
        foreach (var hunk in patch.Hunks)
        {
            // An empty side is numbered by the line before it.
            var oldStart = hunk.OldStart + (hunk.OldCount == 0 ? 1 : 0);
            var newStart = hunk.NewStart + (hunk.NewCount == 0 ? 1 : 0);
            if (Line < oldStart)
            {
                break;
            }

            if (Line < oldStart + hunk.OldCount)
            {
                return hunk.Lines.FirstOrDefault(line => line.Kind == PatchLineKind.Same && line.Old == Line) is { New: { } found } ? this with { Line = found } : null;
            }

            shift = newStart + hunk.NewCount - (oldStart + hunk.OldCount);
        }

        return this with { Line = Line + shift };
    }
}
