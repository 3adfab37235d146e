namespace Squero.Notebooks;

/// <summary>The source of a changed cell in each look: lines, rendered prose old and new, or folded code.</summary>
internal sealed class ChangedSource(ViewPart part, CellView cells)
{
    private const int MaxFirstLine = 120;

    private readonly LineRows _lines = new(part);

    /// <summary>A cell that came or went.</summary>
    public void Alone(Cell cell, NotebookSide side, char sign)
    {
        if (part.IsRendered && cell.Kind == CellKind.Markdown)
        {
            part.To.Raw(sign == '+' ? "<div class=\"nb-rendered nb-now\">"u8 : "<div class=\"nb-rendered nb-was\">"u8);
            cells.Prose(cell, side);
            part.To.Raw("</div>"u8);
            cells.ProseSource(cell, side, sign);
            return;
        }

        cells.Code(cell, side, sign);
    }

    public void Write(CellDiff cell)
    {
        if (part.IsRendered && cell.Shown.Kind == CellKind.Markdown && !cell.KindChanged)
        {
            Prose(cell);
        }
        else if (cell.Source.Count == 0 && !cell.KindChanged)
        {
            Same(cell);
        }
        else
        {
            Lines(cell);
        }
    }

    private void Prose(CellDiff cell)
    {
        if (cell.Source.Count == 0 && cell.Attachments.Count == 0)
        {
            cells.Prose(cell.After!, NotebookSide.New);
            cells.ProseSource(cell.After!, NotebookSide.New);
            return;
        }

        part.To.Raw(part.Look == NotebookLook.Rich ? "<div class=\"nb-pair\">"u8 : "<div class=\"nb-stack\">"u8);
        Rendered(cell.Before!, NotebookSide.Old, "Before", "nb-rendered nb-was");
        Rendered(cell.After!, NotebookSide.New, "Now", "nb-rendered nb-now");
        part.To.Raw("</div>"u8);
        part.Fold("nb-fold-form", "Changes of the source", () => _lines.Diff(cell));
    }

    private void Rendered(Cell cell, NotebookSide side, string words, string kind)
    {
        part.To.Raw("<div class=\""u8);
        part.To.Raw(kind.AsSpan());
        part.To.Raw("\">"u8);
        part.Caption(words);
        cells.Prose(cell, side);
        part.To.Raw("</div>"u8);
    }

    private void Lines(CellDiff cell)
    {
        if (part.Look == NotebookLook.Report)
        {
            var changed = cell.Source.Sum(hunk => Math.Max(hunk.AddedCount, hunk.RemovedCount));
            part.Fold("nb-fold-code", $"Code, {ViewPart.Count(changed, "changed line")}", () => _lines.Diff(cell));
        }
        else if (part.Look == NotebookLook.Rich)
        {
            _lines.Split(cell);
        }
        else
        {
            _lines.Diff(cell);
            if (cell.After!.Kind == CellKind.Markdown)
            {
                part.Fold("nb-fold-form", "Rendered", () => cells.Prose(cell.After, NotebookSide.New));
            }
        }
    }

    private void Same(CellDiff cell)
    {
        if (cell.After!.Lines.Count == 0)
        {
            return;
        }

        if (part.Look == NotebookLook.Report)
        {
            cells.Code(cell.After, NotebookSide.New, ' ');
        }
        else
        {
            part.Fold("nb-fold-source", () => FirstLine(cell.After), () => _lines.Whole(cell.After, NotebookSide.New));
        }

        OldSlots.Write(part, cell, lines: true, outputs: false);
    }

    private void FirstLine(Cell cell)
    {
        var line = cell.Lines.FirstOrDefault(text => !string.IsNullOrWhiteSpace(text)) ?? "";
        part.To.Raw("<code>"u8);
        part.To.Text(line.Length > MaxFirstLine ? line.AsSpan(0, MaxFirstLine) : line);
        part.To.Raw("</code>"u8);
        if (cell.Lines.Count > 1)
        {
            part.To.Raw(" <span class=\"nb-more\">"u8);
            part.Words(ViewPart.Count(cell.Lines.Count, "unchanged line"));
            part.To.Raw("</span>"u8);
        }
    }
}
