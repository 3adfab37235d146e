namespace Squero.Notebooks;

/// <summary>One source line with its numbers, its sign, what changed in it, its comment link and its threads.</summary>
internal sealed class LineRow(ViewPart part)
{
    private const int MaxLineLength = 4_000;

    public void Write(Cell cell, NotebookSide side, int line, int? oldNumber, int? newNumber, char sign, List<Range>? marks, bool oneNumber, Cell? before = null)
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

        Sign(sign);
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

    /// <summary>A line of an output: no number, no comment of its own.</summary>
    public void WritePlain(string line, char sign, List<Range>? marks)
    {
        part.To.Raw(sign switch { '+' => "<div class=\"nb-line nb-add\">"u8, '-' => "<div class=\"nb-line nb-del\">"u8, _ => "<div class=\"nb-line\">"u8 });
        Sign(sign);
        part.To.Raw("<code>"u8);
        Marked(line, marks, sign == '-', part.To);
        part.To.Raw("</code></div>"u8);
    }

    private void Sign(char sign) =>
        part.To.Raw(sign switch { '+' => "<span class=\"nb-sign\">+</span>"u8, '-' => "<span class=\"nb-sign\">−</span>"u8, _ => "<span class=\"nb-sign\"></span>"u8 });

    private void Number(int? number)
    {
        part.To.Raw("<span class=\"nb-no\">"u8);
        if (number is { } shown)
        {
            part.To.Number(shown + 1);
        }

        part.To.Raw("</span>"u8);
    }

    private static void Marked(string line, List<Range>? marks, bool removed, HtmlBuffer to)
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
