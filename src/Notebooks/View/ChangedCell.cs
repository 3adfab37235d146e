namespace Squero.Notebooks;

/// <summary>A cell that a change touched: its mark, what happened in words, its source and its outputs.</summary>
internal sealed class ChangedCell(ViewPart part, CellView cells, OutputView outputs, FormerPlaces places)
{
    private readonly OutputDiffView _outputs = new(part, outputs);
    private readonly ChangedSource _source = new(part, cells);

    public void Write(CellDiff cell)
    {
        var side = cell.After is null ? NotebookSide.Old : NotebookSide.New;
        var anchor = ViewPart.AnchorOf(side, cell.Shown, AnchorPart.Cell);
        var (kind, sign, word) = Look(cell);
        part.To.Raw("<section class=\"nb-cell "u8);
        part.To.Raw(kind.AsSpan());
        part.To.Raw(cell.Shown.Kind == CellKind.Code ? " nb-code\""u8 : " nb-markdown\""u8);
        part.Id(ViewPart.NameOf(side, cell.Shown.Index));
        part.Anchor(anchor);
        part.To.Raw(" data-cell><div class=\"nb-gutter\"><span class=\"nb-mark\" aria-hidden=\"true\">"u8);
        part.To.Raw(sign.AsSpan());
        part.To.Raw("</span><span class=\"nb-hidden\">"u8);
        part.To.Text(word);
        part.To.Raw("</span></div><div class=\"nb-body\">"u8);
        Head(cell, anchor);
        Body(cell);
        part.To.Raw("</div></section>"u8);
    }

    private static (string Kind, string Sign, string Word) Look(CellDiff cell) => cell switch
    {
        { Change: CellChange.Added } => ("nb-added", "+", "Added"),
        { Change: CellChange.Removed } => ("nb-removed", "−", "Removed"),
        { Moved: true } => ("nb-moved", "↕", "Moved"),
        { Change: CellChange.Outputs } => ("nb-rerun", "⟳", "Run again"),
        { Change: CellChange.Metadata } => ("nb-edited", "±", "Metadata changed"),
        _ => ("nb-edited", "±", "Edited"),
    };

    private void Head(CellDiff cell, string anchor)
    {
        part.To.Raw("<p class=\"nb-head\"><span>"u8);
        part.Words($"Cell {cell.Shown.Index + 1} · {cell.Shown.Kind.ToString().ToLowerInvariant()}");
        if (cell.Moved)
        {
            Relation(places.HrefOf(cell), $"moved from {cell.Before!.Index + 1}");
        }

        if (cell.SplitFrom is { } whole)
        {
            Relation(places.HrefOfOld(whole), $"split from cell {whole + 1}");
        }

        if (cell.MergedInto is { } other)
        {
            Relation(places.HrefOfNew(other), $"merged into cell {other + 1}");
        }

        foreach (var piece in places.PiecesOf(cell))
        {
            Relation(places.HrefOfNew(piece), $"split, goes on in cell {piece + 1}");
        }

        foreach (var taken in places.TakenInto(cell))
        {
            part.Words($" · took in cell {taken + 1}");
        }

        foreach (var word in Words(cell))
        {
            part.Words(" · " + word);
        }

        part.To.Raw("</span>"u8);
        part.CommentLink(anchor, $"cell {cell.Shown.Index + 1}");
        part.To.Raw("</p>"u8);
    }

    private void Relation(string? href, string words)
    {
        part.Words(" · ");
        if (href is null)
        {
            part.Words(words);
        }
        else
        {
            part.Link(href, words);
        }
    }

    private static IEnumerable<string> Words(CellDiff cell)
    {
        yield return cell switch
        {
            { Change: CellChange.Added } => "added",
            { Change: CellChange.Removed } => "removed",
            { Change: CellChange.Outputs } => "new outputs",
            { Source.Count: > 0, OutputsChanged: true } => "edited, new outputs",
            { Source.Count: > 0 } => "edited",
            { Moved: true } => "not edited",
            _ => "changed",
        };
        if (cell.KindChanged)
        {
            yield return $"was {cell.Before!.Kind.ToString().ToLowerInvariant()}";
        }

        foreach (var name in cell.Attachments)
        {
            yield return $"pasted picture {name} changed";
        }

        foreach (var key in cell.MetadataKeys)
        {
            yield return $"{key} changed";
        }
    }

    private void Body(CellDiff cell)
    {
        switch (cell)
        {
            case { Change: CellChange.Added }:
                _source.Alone(cell.After!, NotebookSide.New, '+');
                cells.Outputs(cell.After!, NotebookSide.New);
                break;
            case { Change: CellChange.Removed }:
                _source.Alone(cell.Before!, NotebookSide.Old, '-');
                RemovedOutputs(cell.Before!);
                part.Slot(ViewPart.AnchorOf(NotebookSide.Old, cell.Before!, AnchorPart.Cell));
                return;
            default:
                _source.Write(cell);
                _outputs.Write(cell);
                break;
        }

        part.Slot(ViewPart.AnchorOf(NotebookSide.New, cell.After!, AnchorPart.Cell));
        OldSlots.Write(part, cell, lines: false, outputs: false);
    }

    private void RemovedOutputs(Cell cell)
    {
        if (cell.Outputs.Count > 0)
        {
            part.Fold("nb-fold-outputs", ViewPart.Count(cell.Outputs.Count, "output") + " of the removed cell", () => cells.Outputs(cell, NotebookSide.Old));
        }
    }
}
