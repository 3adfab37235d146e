namespace Squero.Notebooks;

/// <summary>The diff as a document: cells in reading order, what changed in full, what did not in a fold.</summary>
internal sealed class CleanView(ViewPart part)
{
    /// <summary>Beyond this the page would not open: folds come without content, then cells as one line.</summary>
    private const int MaxFolded = 3_000_000;
    private const int MaxShown = 12_000_000;

    private readonly LineRows _lines = new(part);
    private readonly CellView _cells = new(part);
    private readonly OutputDiffView _outputs = new(part);

    public void Write(NotebookDiff diff)
    {
        part.To.Raw("<div class=\"nb nb-diff\" data-language=\""u8);
        part.To.Text(diff.After.Language);
        part.To.Raw("\">"u8);
        NotebookView.Note(part, diff.Reason);
        part.Slot(NotebookAnchor.Whole(NotebookSide.New).ToString());
        Noise(diff);
        var cells = diff.Cells;
        for (var i = 0; i < cells.Count;)
        {
            var from = i;
            while (i < cells.Count && cells[i] is { Change: CellChange.Unchanged, Moved: false })
            {
                i++;
            }

            if (i > from)
            {
                Unchanged(cells, from, i);
            }
            else
            {
                Changed(cells[i++]);
            }
        }

        part.To.Raw("</div>"u8);
    }

    private void Noise(NotebookDiff diff)
    {
        var kinds = new List<string>();
        if (diff.Counts.NoiseExecutionCounts > 0)
        {
            kinds.Add(ViewPart.Count(diff.Counts.NoiseExecutionCounts, "execution count"));
        }

        if (diff.Counts.NoiseMetadata > 0)
        {
            kinds.Add($"ids or tool metadata of {ViewPart.Count(diff.Counts.NoiseMetadata, "cell")}");
        }

        if (diff.NotebookMetadataDiffers)
        {
            kinds.Add("kernel metadata");
        }

        if (kinds.Count == 0)
        {
            return;
        }

        part.Fold(
            "nb-noise",
            () => part.Words(string.Join(", ", kinds) + " regenerated"),
            () => _cells.Note("Running a notebook writes these anew; they say nothing about its content. Cells: "
                + string.Join(", ", diff.Cells.Where(cell => cell.CountNoise || cell.MetadataNoise).Take(200).Select(cell => cell.Shown.Index + 1))));
    }

    private void Unchanged(IReadOnlyList<CellDiff> cells, int from, int to)
    {
        if (part.To.Length > MaxFolded && part.Options.Slot is null)
        {
            _cells.Note(ViewPart.Count(to - from, "unchanged cell") + ", not loaded");
            return;
        }

        part.Fold(
            "nb-fold-cells",
            () => part.Words(ViewPart.Count(to - from, "unchanged cell")),
            () =>
            {
                for (var i = from; i < to; i++)
                {
                    _cells.Write(cells[i].After!, NotebookSide.New);
                    OldSlots(cells[i]);
                }
            });
    }

    private void Changed(CellDiff cell)
    {
        if (part.To.Length > MaxShown)
        {
            _cells.Note($"Cell {cell.Shown.Index + 1} changed; this diff is too large to show it here.");
            return;
        }

        var anchor = ViewPart.AnchorOf(cell.After is null ? NotebookSide.Old : NotebookSide.New, cell.Shown, AnchorPart.Cell);
        var (kind, sign, word) = Look(cell);
        part.To.Raw("<section class=\"nb-cell "u8);
        part.To.Raw(kind.AsSpan());
        part.To.Raw(cell.Shown.Kind == CellKind.Code ? " nb-code\""u8 : " nb-markdown\""u8);
        part.Anchor(anchor);
        part.To.Raw("><div class=\"nb-gutter\"><span class=\"nb-mark\" aria-hidden=\"true\">"u8);
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
        var words = new List<string> { $"Cell {cell.Shown.Index + 1}", cell.Shown.Kind.ToString().ToLowerInvariant() };
        if (cell.Moved)
        {
            words.Add($"moved from {cell.Before!.Index + 1}");
        }

        words.Add(cell switch
        {
            { Change: CellChange.Added } => "added",
            { Change: CellChange.Removed } => "removed",
            { Change: CellChange.Outputs } => "new outputs",
            { Source.Count: > 0, OutputsChanged: true } => "edited, new outputs",
            { Source.Count: > 0 } => "edited",
            _ => "",
        });
        if (cell.KindChanged)
        {
            words.Add($"was {cell.Before!.Kind.ToString().ToLowerInvariant()}");
        }

        words.AddRange(cell.Attachments.Select(name => $"pasted picture {name} changed"));
        words.AddRange(cell.MetadataKeys.Select(key => $"{key} changed"));
        part.To.Raw("<p class=\"nb-head\">"u8);
        part.To.Text(string.Join(" · ", words.Where(word => word.Length > 0)));
        part.CommentLink(anchor, $"cell {cell.Shown.Index + 1}");
        part.To.Raw("</p>"u8);
    }

    private void Body(CellDiff cell)
    {
        switch (cell)
        {
            case { Change: CellChange.Added }:
                _lines.Whole(cell.After!, NotebookSide.New, '+');
                _cells.Outputs(cell.After!, NotebookSide.New);
                break;
            case { Change: CellChange.Removed }:
                _lines.Whole(cell.Before!, NotebookSide.Old, '-');
                RemovedOutputs(cell.Before!);
                part.Slot(ViewPart.AnchorOf(NotebookSide.Old, cell.Before!, AnchorPart.Cell));
                return;
            default:
                Source(cell);
                _outputs.Write(cell);
                break;
        }

        part.Slot(ViewPart.AnchorOf(NotebookSide.New, cell.After!, AnchorPart.Cell));
        OldSlots(cell, lines: false);
    }

    private void Source(CellDiff cell)
    {
        if (cell.Source.Count > 0)
        {
            _lines.Diff(cell);
            return;
        }

        if (cell.After!.Lines.Count > 0)
        {
            part.Fold("nb-fold-source", () => FirstLine(cell.After), () => _lines.Whole(cell.After, NotebookSide.New));
            OldSlots(cell, lines: true, others: false);
        }
    }

    private void FirstLine(Cell cell)
    {
        var line = cell.Lines.FirstOrDefault(text => !string.IsNullOrWhiteSpace(text)) ?? "";
        part.To.Raw("<code>"u8);
        part.To.Text(line.Length > 120 ? line.AsSpan(0, 120) : line);
        part.To.Raw("</code>"u8);
        if (cell.Lines.Count > 1)
        {
            part.To.Raw(" <span class=\"nb-more\">"u8);
            part.Words(ViewPart.Count(cell.Lines.Count, "unchanged line"));
            part.To.Raw("</span>"u8);
        }
    }

    private void RemovedOutputs(Cell cell)
    {
        if (cell.Outputs.Count > 0)
        {
            part.Fold("nb-fold-outputs", () => part.Words(ViewPart.Count(cell.Outputs.Count, "output") + " of the removed cell"), () => _cells.Outputs(cell, NotebookSide.Old));
        }
    }

    /// <summary>Threads made on the old side of what is shown once.</summary>
    private void OldSlots(CellDiff cell, bool lines = true, bool others = true)
    {
        if (part.Options.Slot is null || cell.Before is not { } old)
        {
            return;
        }

        for (var line = 1; lines && line <= old.Lines.Count; line++)
        {
            part.Slot(ViewPart.AnchorOf(NotebookSide.Old, old, AnchorPart.Source, line));
        }

        foreach (var output in others && lines ? old.Outputs : [])
        {
            part.Slot(OutputView.AnchorOf(output, old, NotebookSide.Old));
        }

        if (others)
        {
            part.Slot(ViewPart.AnchorOf(NotebookSide.Old, old, AnchorPart.Cell));
        }
    }
}
