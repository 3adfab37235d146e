namespace Squero.Notebooks;

/// <summary>
/// Edits source lines in the bytes of a notebook file. Everything else stays byte for byte what it was: indentation,
/// key order, escapes, the last line feed, and whether a source is a list of lines or one text.
/// </summary>
public static class NotebookEdit
{
    /// <summary>All edits at once; their line numbers are those of the file as it is given.</summary>
    public static EditOutcome Apply(ReadOnlyMemory<byte> file, IReadOnlyList<SourceEdit> edits)
    {
        var notebook = Notebook.Parse(file);
        if (notebook.State == NotebookState.Unreadable || notebook.Reason is not null)
        {
            return new EditOutcome.Refused($"A damaged notebook cannot be edited here. {notebook.Reason}");
        }

        var perCell = new SortedDictionary<int, List<SourceEdit>>();
        foreach (var edit in edits)
        {
            if (Find(notebook, edit, out var why) is not { } cell || (why = Objection(notebook, cell, edit)) is not null)
            {
                return new EditOutcome.Refused(why!);
            }

            (perCell.TryGetValue(cell.Index, out var known) ? known : perCell[cell.Index] = []).Add(edit);
        }

        var splice = new ByteSplice(file);
        var style = JsonStyle.Of(notebook.Json);
        foreach (var (index, inCell) in perCell)
        {
            inCell.Sort((a, b) => (a.First, a.Last).CompareTo((b.First, b.Last)));
            if (Overlap(index, inCell) is { } sentence)
            {
                return new EditOutcome.Refused(sentence);
            }

            var cell = notebook.Cells[index];
            splice.Replace(cell.SourceSlice, SourceWriter.Rewrite(notebook.Json, cell, [.. inCell.Select(edit => Hunk(cell, edit))], style));
        }

        return new EditOutcome.Edited(splice.ToArray());
    }

    private static Cell? Find(Notebook notebook, SourceEdit edit, out string? why)
    {
        why = null;
        if (edit.CellId is null)
        {
            why = edit.Cell < 0 || edit.Cell >= notebook.Cells.Count ? $"The notebook has no cell {edit.Cell + 1}; it has {notebook.Cells.Count}." : null;
            return why is null ? notebook.Cells[edit.Cell] : null;
        }

        var found = notebook.Cells.Where(cell => cell.Id == edit.CellId).Take(2).ToList();
        why = found.Count switch
        {
            0 => $"The notebook has no cell with the id `{edit.CellId}`.",
            1 => null,
            _ => $"Several cells have the id `{edit.CellId}`; name the cell by its number.",
        };
        return why is null ? found[0] : null;
    }

    private static string? Objection(Notebook notebook, Cell cell, SourceEdit edit)
    {
        var name = $"Cell {cell.Index + 1}";
        if (!SourceWriter.CanRewrite(notebook.Json, cell))
        {
            return $"{name} is written in a way that cannot be edited line by line; save the notebook with Jupyter first.";
        }

        if (edit.First < 1 || edit.Last < edit.First - 1 || edit.Last > cell.Lines.Count)
        {
            var lines = cell.Lines.Count == 1 ? "1 line" : $"{cell.Lines.Count} lines";
            return $"{name} has {lines}, so lines {edit.First} to {edit.Last} cannot be replaced.";
        }

        return edit.StillFits(cell.Lines) ? null : $"{name}, line {edit.First} says something else by now.";
    }

    private static string? Overlap(int cell, List<SourceEdit> sorted)
    {
        for (var i = 1; i < sorted.Count; i++)
        {
            var (one, other) = (sorted[i - 1], sorted[i]);
            if (other.First <= one.Last || other.First == one.First && other.Last < other.First)
            {
                return $"Two edits change line {other.First} of cell {cell + 1}; apply one of them, then look again.";
            }
        }

        return null;
    }

    // A cell whose lines end in a carriage return keeps doing so.
    private static LinesReplaced Hunk(Cell cell, SourceEdit edit)
    {
        var lines = edit.NewLines;
        if (cell.Lines.Count > 1 && cell.Lines.SkipLast(1).All(line => line.EndsWith('\r')))
        {
            var end = edit.Last == cell.Lines.Count ? lines.Count - 1 : lines.Count;
            lines = [.. lines.Select((line, i) => i < end ? line + "\r" : line)];
        }

        return new LinesReplaced(edit.First - 1, edit.Last - edit.First + 1, lines);
    }
}
