using System.Text;

namespace Squero.Notebooks;

/// <summary>The diff for a terminal: one heading a changed cell, its lines with + and -, its outputs by name.</summary>
internal static class DiffText
{
    public static string Write(NotebookDiff diff)
    {
        var text = new StringBuilder();
        if (diff.Reason is { } reason)
        {
            text.Append("! ").Append(reason).Append('\n');
        }

        var unchanged = 0;
        foreach (var cell in diff.Cells)
        {
            if (cell is { Change: CellChange.Unchanged, Moved: false })
            {
                unchanged++;
                continue;
            }

            Skipped(text, ref unchanged);
            Cell(text, cell);
        }

        Skipped(text, ref unchanged);
        var counts = diff.Counts;
        text.Append($"{counts.Added} added, {counts.Removed} removed, {counts.Edited} edited, {counts.Moved} moved, {counts.Outputs} outputs changed");
        text.Append($"; {counts.NoiseExecutionCounts} execution counts and metadata of {counts.NoiseMetadata} cells regenerated\n");
        return text.ToString();
    }

    private static void Skipped(StringBuilder text, ref int unchanged)
    {
        if (unchanged > 0)
        {
            text.Append("  ").Append(ViewPart.Count(unchanged, "unchanged cell")).Append('\n');
            unchanged = 0;
        }
    }

    private static void Cell(StringBuilder text, CellDiff cell)
    {
        text.Append("@@ cell ").Append(cell.Shown.Index + 1).Append(' ').Append(cell.Shown.Kind.ToString().ToLowerInvariant());
        text.Append(' ').Append(cell.Change.ToString().ToLowerInvariant());
        text.Append(cell.Moved ? $", moved from {cell.Before!.Index + 1}" : "").Append(" @@\n");
        if (cell.Before is null || cell.After is null)
        {
            foreach (var line in cell.Shown.Lines)
            {
                text.Append(cell.Before is null ? "+ " : "- ").Append(LongLine.Cut(line)).Append('\n');
            }
        }

        foreach (var hunk in cell.Source)
        {
            for (var i = 0; i < hunk.RemovedCount; i++)
            {
                text.Append("- ").Append(LongLine.Cut(cell.Before!.Lines[hunk.Before + i])).Append('\n');
            }

            for (var i = 0; i < hunk.AddedCount; i++)
            {
                text.Append("+ ").Append(LongLine.Cut(cell.After!.Lines[hunk.After + i])).Append('\n');
            }
        }

        foreach (var output in cell.Outputs.Where(output => output.Change != OutputChange.Unchanged))
        {
            var shown = (output.After ?? output.Before)!;
            text.Append("  output ").Append(shown.Index + 1).Append(' ').Append(output.Change.ToString().ToLowerInvariant());
            text.Append(": ").AppendJoin(", ", output.Mimes.Count > 0 ? output.Mimes : shown.Data.Select(value => value.Mime)).Append('\n');
        }
    }
}
