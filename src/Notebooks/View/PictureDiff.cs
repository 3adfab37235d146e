namespace Squero.Notebooks;

/// <summary>
/// Two versions of a picture in the design system's comparison (data-image-compare): beside each other, and with its script
/// swiped, through one another, or as their difference.
/// </summary>
internal sealed class PictureDiff(ViewPart part, OutputView outputs)
{
    public void Write(CellDiff cell, CellOutput before, CellOutput after, MimeValue old, MimeValue now)
    {
        var (oldAnchor, newAnchor) = (OutputView.AnchorOf(before, cell.Before!, NotebookSide.Old), OutputView.AnchorOf(after, cell.After!, NotebookSide.New));
        part.To.Raw("<figure class=\"compare nb-compare\" data-image-compare"u8);
        if (part.Options.CommentUrl is not null)
        {
            part.Anchor(newAnchor);
        }

        part.To.Raw("><div class=\"compare__stage\">"u8);
        Side(before, cell.Before!, NotebookSide.Old, old, "nb-output nb-old compare__side compare__side--old", "before");
        Side(after, cell.After!, NotebookSide.New, now, "nb-output nb-new compare__side compare__side--new", "after");
        part.To.Raw("</div></figure>"u8);
        part.Slot(oldAnchor);
        part.Slot(newAnchor);
    }

    private void Side(CellOutput output, Cell cell, NotebookSide side, MimeValue picture, string kind, string word)
    {
        var anchor = outputs.Begin(output, cell, side, kind);
        part.To.Raw("<span class=\"compare__word\">"u8);
        part.Words(word);
        part.To.Raw("</span>"u8);
        outputs.Picture(picture, side, anchor, $"{OutputView.Alternative(output)} ({word})");
        part.To.Raw("</div>"u8);
    }
}
