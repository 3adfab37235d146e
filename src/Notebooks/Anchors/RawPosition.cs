namespace Squero.Notebooks;

/// <summary>
/// 1-based line numbers in the raw .ipynb files, as positions of the REST API name them. A line that both sides have
/// has both numbers.
/// </summary>
public readonly record struct RawPosition(int? OldLine, int? NewLine)
{
    public static RawPosition Of(NotebookAnchor anchor, NotebookDiff diff)
    {
        var notebook = anchor.Side == NotebookSide.Old ? diff.Before : diff.After;
        if (AnchorText.CellOf(anchor, notebook) is not { } cell)
        {
            return default;
        }

        var here = LineOf(anchor, notebook, cell);
        var pair = anchor.Side == NotebookSide.Old ? diff.CellOfOld(cell.Index) : diff.CellOfNew(cell.Index);
        var there = pair is null ? null : Other(anchor, pair, diff);
        return anchor.Side == NotebookSide.Old ? new RawPosition(here, there) : new RawPosition(there, here);
    }

    /// <summary>The nearest anchor to a raw line: source line, else output, else cell; null when it belongs to no cell.</summary>
    public static NotebookAnchor? Find(NotebookDiff diff, int? oldLine, int? newLine)
    {
        if (newLine is { } line && At(diff.After, NotebookSide.New, line) is { } found)
        {
            return found;
        }

        return oldLine is { } old ? At(diff.Before, NotebookSide.Old, old) : null;
    }

    private static int? LineOf(NotebookAnchor anchor, Notebook notebook, Cell cell)
    {
        switch (anchor.Part)
        {
            case AnchorPart.Source:
                var offsets = JsonText.LineOffsets(notebook.Json, cell.SourceSlice);
                return anchor.Line >= 1 && anchor.Line <= offsets.Count ? notebook.RawLine(offsets[anchor.Line - 1]) : null;
            case AnchorPart.Output:
                return anchor.Output >= 0 && anchor.Output < cell.Outputs.Count ? notebook.RawLine(cell.Outputs[anchor.Output].Whole.Start) : null;
            default:
                return notebook.RawLine(cell.Whole.Start);
        }
    }

    /// <summary>The same place on the side that the anchor does not name, when it is the same there.</summary>
    private static int? Other(NotebookAnchor anchor, CellDiff pair, NotebookDiff diff)
    {
        var toOld = anchor.Side == NotebookSide.New;
        var other = toOld ? pair.Before : pair.After;
        if (other is null)
        {
            return null;
        }

        var there = anchor with { Side = toOld ? NotebookSide.Old : NotebookSide.New, Cell = other.Index, CellKey = other.Key };
        if (anchor.Part == AnchorPart.Source)
        {
            var line = toOld ? pair.OldLineOf(anchor.Line - 1) : pair.NewLineOf(anchor.Line - 1);
            if (line is null)
            {
                return null;
            }

            there = there with { Line = line.Value + 1 };
        }

        if (anchor.Part == AnchorPart.Output)
        {
            var output = pair.Outputs.FirstOrDefault(diffed => (toOld ? diffed.After : diffed.Before)?.Index == anchor.Output);
            if ((toOld ? output?.Before : output?.After) is not { } match)
            {
                return null;
            }

            there = there with { Output = match.Index };
        }

        return LineOf(there, toOld ? diff.Before : diff.After, other);
    }

    private static NotebookAnchor? At(Notebook notebook, NotebookSide side, int line)
    {
        var cell = notebook.Cells.LastOrDefault(one => notebook.RawLine(one.Whole.Start) <= line);
        if (cell is null || notebook.RawLine(cell.Whole.End) < line)
        {
            return null;
        }

        var anchor = NotebookAnchor.Of(side, cell);
        var lines = JsonText.LineOffsets(notebook.Json, cell.SourceSlice);
        var source = lines.FindLastIndex(offset => notebook.RawLine(offset) == line);
        if (source >= 0 && source < cell.Lines.Count)
        {
            return anchor with { Part = AnchorPart.Source, Line = lines.FindIndex(offset => notebook.RawLine(offset) == line) + 1 };
        }

        var output = cell.Outputs.FirstOrDefault(one => notebook.RawLine(one.Whole.Start) <= line && line <= notebook.RawLine(one.Whole.End));
        return output is null ? anchor : anchor with { Part = AnchorPart.Output, Output = output.Index, ImageSha256 = NotebookPicture.HashOf(output) };
    }
}
