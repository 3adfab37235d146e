namespace Squero.Notebooks;

/// <summary>Source lines as rows: numbers, a sign, the text, and whatever the page hangs below a line.</summary>
internal sealed class LineRows(ViewPart part)
{
    private const int MaxLineLength = 4_000;
    private const int Context = 4;
    private const int FoldFrom = 14;

    /// <summary>Longer rewrites are no edits of single lines any more.</summary>
    private const int MaxMarked = 120;

    /// <summary>All lines of one cell, as they are or as an added or removed cell.</summary>
    public void Whole(Cell cell, NotebookSide side, char sign = ' ')
    {
        Begin(cell, sign == ' ');
        for (var i = 0; i < cell.Lines.Count; i++)
        {
            Row(cell, side, i, sign == '+' ? null : i, sign == '-' ? null : i, sign, null, oneNumber: sign == ' ');
        }

        End();
    }

    public void Diff(CellDiff cell)
    {
        var (before, after) = (cell.Before!, cell.After!);
        Begin(after, false);
        int i = 0, j = 0;
        foreach (var hunk in cell.Source)
        {
            Same(before, after, ref i, ref j, hunk.Before, first: j == 0, last: false);
            Hunk(before, after, hunk);
            (i, j) = (hunk.Before + hunk.RemovedCount, hunk.After + hunk.AddedCount);
        }

        Same(before, after, ref i, ref j, before.Lines.Count, first: j == 0 && i == 0, last: true);
        End();
    }

    private void Begin(Cell cell, bool oneNumber)
    {
        part.To.Raw(oneNumber ? "<div class=\"nb-lines nb-single\" data-language=\""u8 : "<div class=\"nb-lines\" data-language=\""u8);
        part.To.Raw(cell.Kind == CellKind.Code ? "code"u8 : "markdown"u8);
        part.To.Raw("\">"u8);
    }

    private void End() => part.To.Raw("</div>"u8);

    private void Hunk(Cell before, Cell after, LineHunk hunk)
    {
        var paired = Math.Min(hunk.RemovedCount, hunk.AddedCount) is var both && both <= MaxMarked ? both : 0;
        var marks = new (List<Range> Old, List<Range> New)[paired];
        for (var k = 0; k < paired; k++)
        {
            marks[k] = WordMarks.Between(before.Lines[hunk.Before + k], after.Lines[hunk.After + k]);
        }

        for (var k = 0; k < hunk.RemovedCount; k++)
        {
            Row(before, NotebookSide.Old, hunk.Before + k, hunk.Before + k, null, '-', k < paired ? marks[k].Old : null, false);
        }

        for (var k = 0; k < hunk.AddedCount; k++)
        {
            Row(after, NotebookSide.New, hunk.After + k, null, hunk.After + k, '+', k < paired ? marks[k].New : null, false);
        }
    }

    /// <summary>Lines that both have: near a change they stand, far from one they fold.</summary>
    private void Same(Cell before, Cell after, ref int i, ref int j, int end, bool first, bool last)
    {
        var (from, start, count) = (i, j, end - i);
        var head = first ? 0 : Context;
        var tail = last ? 0 : Context;
        if (count < FoldFrom + head + tail)
        {
            Rows(before, after, from, start, count);
        }
        else
        {
            Rows(before, after, from, start, head);
            part.Fold("nb-fold-lines", () => part.Words(ViewPart.Count(count - head - tail, "unchanged line")), () => Rows(before, after, from + head, start + head, count - head - tail));
            Rows(before, after, end - tail, start + count - tail, tail);
        }

        (i, j) = (end, start + count);
    }

    private void Rows(Cell before, Cell after, int i, int j, int count)
    {
        for (var k = 0; k < count; k++)
        {
            Row(after, NotebookSide.New, j + k, i + k, j + k, ' ', null, false, before);
        }
    }

    private void Row(Cell cell, NotebookSide side, int line, int? oldNumber, int? newNumber, char sign, List<Range>? marks, bool oneNumber, Cell? before = null)
    {
        var to = part.To;
        var anchor = ViewPart.AnchorOf(side, cell, AnchorPart.Source, line + 1);
        to.Raw(sign switch { '+' => "<div class=\"nb-line nb-add\""u8, '-' => "<div class=\"nb-line nb-del\""u8, _ => "<div class=\"nb-line\""u8 });
        part.Anchor(anchor);
        to.Raw(">"u8);
        Number(oneNumber ? newNumber : oldNumber);
        if (!oneNumber)
        {
            Number(newNumber);
        }

        to.Raw(sign switch { '+' => "<span class=\"nb-sign\">+</span>"u8, '-' => "<span class=\"nb-sign\">−</span>"u8, _ => "<span class=\"nb-sign\"></span>"u8 });
        to.Raw("<code>"u8);
        Marked(cell.Lines[line], marks, sign == '-', to);
        to.Raw("</code>"u8);
        if (part.Options.CommentUrl is not null)
        {
            part.CommentLink(anchor, $"cell {cell.Index + 1}, line {line + 1}");
        }

        to.Raw("</div>"u8);
        part.Slot(anchor);
        if (before is not null && part.Options.Slot is not null)
        {
            part.Slot(ViewPart.AnchorOf(NotebookSide.Old, before, AnchorPart.Source, oldNumber!.Value + 1));
        }
    }

    private void Number(int? number)
    {
        part.To.Raw("<span class=\"nb-no\">"u8);
        if (number is { } shown)
        {
            part.To.Number(shown + 1);
        }

        part.To.Raw("</span>"u8);
    }

    public static void Marked(string line, List<Range>? marks, bool removed, HtmlBuffer to)
    {
        var text = line.Length > MaxLineLength ? line[..MaxLineLength] : line;
        var at = 0;
        foreach (var mark in marks ?? [])
        {
            var (start, end) = (Math.Min(mark.Start.Value, text.Length), Math.Min(mark.End.Value, text.Length));
            to.Text(text.AsSpan(at, start - at));
            to.Raw(removed ? "<del>"u8 : "<ins>"u8);
            to.Text(text.AsSpan(start, end - start));
            to.Raw(removed ? "</del>"u8 : "</ins>"u8);
            at = end;
        }

        to.Text(text.AsSpan(at));
        if (text.Length < line.Length)
        {
            to.Raw("<span class=\"nb-cut\">… "u8);
            to.Number(line.Length - text.Length);
            to.Raw(" more characters</span>"u8);
        }
    }
}
