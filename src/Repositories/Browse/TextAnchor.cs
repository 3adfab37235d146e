using System.Globalization;

namespace Squero.Repositories;

/// <summary>
/// A line of a text file in a diff: <c>t1.o.12</c> (old side) or <c>t1.n.14</c> (new side); a range <c>t1.n.12-14</c>; with
/// line 0 the file as a whole.
/// </summary>
public sealed record TextAnchor(bool IsOld, int Line)
{
    private const int LengthMax = 30;

    /// <summary>The first line of a range that ends at Line; 0 when it is one line.</summary>
    public int First { get; init; }

    public int FirstLine => First > 0 ? First : Line;

    public bool IsWhole => Line == 0;

    /// <summary>The line below which threads on it are drawn.</summary>
    public TextAnchor Seat => this with { First = 0 };

    public static TextAnchor Whole { get; } = new(false, 0);

    public static TextAnchor? Parse(string? text)
    {
        if (text is null || text.Length > LengthMax || text.Split('.') is not ["t1", "o" or "n", var lines] || lines.Split('-') is not { Length: 1 or 2 } ends
            || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            || !int.TryParse(ends.Length == 2 ? ends[0] : "0", NumberStyles.None, CultureInfo.InvariantCulture, out var first))
        {
            return null;
        }

        var anchor = new TextAnchor(text[3] == 'o', last) { First = first };
        // The whole file has one name: it has no old and new side.
        return anchor.ToString() == text && (first == 0 || first < last) && (!anchor.IsWhole || anchor == Whole) ? anchor : null;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"t1.{(IsOld ? 'o' : 'n')}.{(First > 0 ? $"{First}-" : "")}{Line}");

    public string Describe() =>
        IsWhole ? "the file"
        : string.Create(CultureInfo.InvariantCulture, $"{(IsOld ? "old " : "")}{(First > 0 ? $"lines {First}–" : "line ")}{Line}");

    /// <summary>
    /// Where the line is after the file changed as the patch says (the patch leads from the file of this anchor's side to that side's
    /// newer file). Null: the line, or one of a range, was removed or changed.
    /// </summary>
    public TextAnchor? Follow(FilePatch patch)
    {
        if (IsWhole)
        {
            return this;
        }

        for (var line = FirstLine; line < Line; line++)
        {
            if (NewLineOf(patch, line) is not { } now || NewLineOf(patch, line + 1) != now + 1)
            {
                return null;
            }
        }

        return NewLineOf(patch, Line) is { } last ? this with { Line = last, First = First > 0 ? last - (Line - First) : 0 } : null;
    }

    private static int? NewLineOf(FilePatch patch, int line)
    {
        var shift = 0;
        foreach (var hunk in patch.Hunks)
        {
            // An empty side is numbered by the line before it.
            var oldStart = hunk.OldStart + (hunk.OldCount == 0 ? 1 : 0);
            var newStart = hunk.NewStart + (hunk.NewCount == 0 ? 1 : 0);
            if (line < oldStart)
            {
                break;
            }

            if (line < oldStart + hunk.OldCount)
            {
                return hunk.Lines.FirstOrDefault(one => one.Kind == PatchLineKind.Same && one.Old == line)?.New;
            }

            shift = newStart + hunk.NewCount - (oldStart + hunk.OldCount);
        }

        return line + shift;
    }
}
