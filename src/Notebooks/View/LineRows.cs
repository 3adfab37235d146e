namespace Squero.Notebooks;

/// <summary>Source lines as rows: numbers, a sign, the text, and whatever the page hangs below a line.</summary>
internal sealed class LineRows(ViewPart part)
{
    private const int Context = 4;
    private const int FoldFrom = 14;

    /// <summary>Longer rewrites are no edits of single lines any more.</summary>
    private const int MaxMarked = 120;

    private readonly LineRow _row = new(part);

    /// <summary>All lines of one cell, as they are or as an added or removed cell.</summary>
    public void Whole(Cell cell, NotebookSide side, char sign = ' ')
    {
        Begin(cell, sign == ' ' ? "nb-lines nb-single" : "nb-lines");
        for (var i = 0; i < cell.Lines.Count; i++)
        {
            _row.Write(cell, side, i, sign == '+' ? null : i, sign == '-' ? null : i, sign, null, oneNumber: sign == ' ');
        }

        End();
    }

    /// <summary>Old and new lines in one column.</summary>
    public void Diff(CellDiff cell) => Write(cell, split: false);

    /// <summary>Old lines at the left, new ones at the right.</summary>
    public void Split(CellDiff cell) => Write(cell, split: true);

    private void Write(CellDiff cell, bool split)
    {
        var (before, after) = (cell.Before!, cell.After!);
        Begin(after, split ? "nb-lines nb-split" : "nb-lines");
        int i = 0, j = 0;
        foreach (var hunk in cell.Source)
        {
            Same(before, after, ref i, ref j, hunk.Before, j == 0, false, split);
            if (split)
            {
                Beside(before, after, hunk);
            }
            else
            {
                Below(before, after, hunk);
            }

            (i, j) = (hunk.Before + hunk.RemovedCount, hunk.After + hunk.AddedCount);
        }

        Same(before, after, ref i, ref j, before.Lines.Count, j == 0 && i == 0, true, split);
        End();
    }

    private void Begin(Cell cell, string kind)
    {
        part.To.Raw("<div class=\""u8);
        part.To.Raw(kind.AsSpan());
        part.To.Raw("\" data-language=\""u8);
        part.To.Raw(cell.Kind == CellKind.Code ? "code"u8 : "markdown"u8);
        part.To.Raw("\">"u8);
    }

    private void End() => part.To.Raw("</div>"u8);

    private void Below(Cell before, Cell after, LineHunk hunk)
    {
        var marks = Marks(before, after, hunk);
        for (var k = 0; k < hunk.RemovedCount; k++)
        {
            _row.Write(before, NotebookSide.Old, hunk.Before + k, hunk.Before + k, null, '-', k < marks.Length ? marks[k].Old : null, false);
        }

        for (var k = 0; k < hunk.AddedCount; k++)
        {
            _row.Write(after, NotebookSide.New, hunk.After + k, null, hunk.After + k, '+', k < marks.Length ? marks[k].New : null, false);
        }
    }

    private void Beside(Cell before, Cell after, LineHunk hunk)
    {
        var marks = Marks(before, after, hunk);
        for (var k = 0; k < Math.Max(hunk.RemovedCount, hunk.AddedCount); k++)
        {
            part.To.Raw("<div class=\"nb-twins\">"u8);
            Half(before, NotebookSide.Old, k < hunk.RemovedCount ? hunk.Before + k : null, '-', k < marks.Length ? marks[k].Old : null);
            Half(after, NotebookSide.New, k < hunk.AddedCount ? hunk.After + k : null, '+', k < marks.Length ? marks[k].New : null);
            part.To.Raw("</div>"u8);
        }
    }

    private void Half(Cell cell, NotebookSide side, int? line, char sign, List<Range>? marks)
    {
        part.To.Raw(line is null ? "<div class=\"nb-half nb-none\">"u8 : "<div class=\"nb-half\">"u8);
        if (line is { } shown)
        {
            _row.Write(cell, side, shown, shown, shown, sign, marks, oneNumber: true);
        }

        part.To.Raw("</div>"u8);
    }

    private static (List<Range> Old, List<Range> New)[] Marks(Cell before, Cell after, LineHunk hunk)
    {
        var paired = Math.Min(hunk.RemovedCount, hunk.AddedCount) is var both && both <= MaxMarked ? both : 0;
        var marks = new (List<Range> Old, List<Range> New)[paired];
        for (var k = 0; k < paired; k++)
        {
            marks[k] = WordMarks.Between(before.Lines[hunk.Before + k], after.Lines[hunk.After + k]);
        }

        return marks;
    }

    /// <summary>Lines that both have: near a change they stand, far from one they fold.</summary>
    private void Same(Cell before, Cell after, ref int i, ref int j, int end, bool first, bool last, bool split)
    {
        var (from, start, count) = (i, j, end - i);
        var head = first ? 0 : Context;
        var tail = last ? 0 : Context;
        if (count < FoldFrom + head + tail)
        {
            Rows(before, after, from, start, count, split);
        }
        else
        {
            Rows(before, after, from, start, head, split);
            part.Fold("nb-fold-lines", ViewPart.Count(count - head - tail, "unchanged line"), () => Rows(before, after, from + head, start + head, count - head - tail, split));
            Rows(before, after, end - tail, start + count - tail, tail, split);
        }

        (i, j) = (end, start + count);
    }

    private void Rows(Cell before, Cell after, int i, int j, int count, bool split)
    {
        for (var k = 0; k < count; k++)
        {
            if (!split)
            {
                _row.Write(after, NotebookSide.New, j + k, i + k, j + k, ' ', null, false, before);
                continue;
            }

            part.To.Raw("<div class=\"nb-twins\">"u8);
            Half(before, NotebookSide.Old, i + k, ' ', null);
            Half(after, NotebookSide.New, j + k, ' ', null);
            part.To.Raw("</div>"u8);
        }
    }
}
