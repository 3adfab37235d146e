namespace Squero.Notebooks;

/// <summary>One cell as it stands, without comparison: prose rendered, code with line numbers, outputs below.</summary>
internal sealed class CellView(ViewPart part, OutputView outputs)
{
    private readonly LineRows _lines = new(part);

    /// <summary>A whole cell with its gutter.</summary>
    public void Write(Cell cell, NotebookSide side)
    {
        part.To.Raw("<section class=\"nb-cell nb-"u8);
        part.To.Raw(cell.Kind switch { CellKind.Code => "code\""u8, CellKind.Markdown => "markdown\""u8, _ => "raw\""u8 });
        part.Id(ViewPart.NameOf(side, cell.Index));
        part.Anchor(ViewPart.AnchorOf(side, cell, AnchorPart.Cell));
        part.To.Raw(" data-cell><div class=\"nb-gutter\">"u8);
        if (cell.Kind == CellKind.Code)
        {
            part.To.Raw("<span class=\"nb-count\" title=\"Execution count\">"u8);
            part.To.Text(cell.ExecutionCount is { } count ? $"[{count}]" : "[ ]");
            part.To.Raw("</span>"u8);
        }

        part.To.Raw("</div><div class=\"nb-body\">"u8);
        Body(cell, side);
        part.To.Raw("</div></section>"u8);
    }

    /// <summary>Source and outputs, and every thread on them.</summary>
    public void Body(Cell cell, NotebookSide side)
    {
        part.CommentLink(ViewPart.AnchorOf(side, cell, AnchorPart.Cell), $"cell {cell.Index + 1}");
        if (cell.Kind == CellKind.Markdown)
        {
            Prose(cell, side);
            ProseSource(cell, side);
        }
        else if (cell.Lines.Count > 0)
        {
            Code(cell, side, ' ');
        }

        Outputs(cell, side);
        part.Slot(ViewPart.AnchorOf(side, cell, AnchorPart.Cell));
    }

    /// <summary>The lines of a cell; in a report they are folded.</summary>
    public void Code(Cell cell, NotebookSide side, char sign)
    {
        if (part.Look == NotebookLook.Report && cell.Lines.Count > 0)
        {
            part.Fold("nb-fold-code", $"Code, {ViewPart.Count(cell.Lines.Count, "line")}", () => _lines.Whole(cell, side, sign));
        }
        else
        {
            _lines.Whole(cell, side, sign);
        }
    }

    /// <summary>Markdown as prose, with the pictures pasted into its cell.</summary>
    public void Prose(Cell cell, NotebookSide side) =>
        MarkdownCells.Write(cell.Source, part.To, part.Options.FileUrl, name => AttachmentUrl(cell, name, side));

    /// <summary>The lines behind rendered prose, where threads on lines hang.</summary>
    public void ProseSource(Cell cell, NotebookSide side, char sign = ' ')
    {
        if (part.IsRendered && part.Look != NotebookLook.Report || part.Options.CommentUrl is not null)
        {
            part.Fold("nb-fold-form", "Markdown source", () => _lines.Whole(cell, side, sign));
        }
        else
        {
            LineSlots(cell, side);
        }
    }

    public void Outputs(Cell cell, NotebookSide side)
    {
        if (cell.Outputs.Count == 0)
        {
            return;
        }

        part.To.Raw("<div class=\"nb-outputs\">"u8);
        foreach (var output in cell.Outputs)
        {
            outputs.Write(output, cell, side);
        }

        part.To.Raw("</div>"u8);
    }

    private string? AttachmentUrl(Cell cell, string name, NotebookSide side) =>
        cell.Attachments.GetValueOrDefault(name)?.FirstOrDefault(value => value.IsPicture) is { } picture
            ? part.Options.ImageUrl(new NotebookImage(NotebookPicture.Sha256Of(picture), picture.Mime, side))
            : null;

    // Rendered prose has no lines to hang threads on: they follow it, in order.
    private void LineSlots(Cell cell, NotebookSide side)
    {
        if (part.Options.Slot is null)
        {
            return;
        }

        for (var line = 1; line <= cell.Lines.Count; line++)
        {
            part.Slot(ViewPart.AnchorOf(side, cell, AnchorPart.Source, line));
        }
    }
}
