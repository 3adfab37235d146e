namespace Squero.Notebooks;

/// <summary>Asks for the threads that were made on the old side of what is shown once.</summary>
internal static class OldSlots
{
    public static void Write(ViewPart part, CellDiff cell, bool lines, bool outputs)
    {
        if (part.Options.Slot is null || cell.Before is not { } old)
        {
            return;
        }

        for (var line = 1; lines && line <= old.Lines.Count; line++)
        {
            part.Slot(ViewPart.AnchorOf(NotebookSide.Old, old, AnchorPart.Source, line));
        }

        foreach (var output in outputs ? old.Outputs : [])
        {
            part.Slot(OutputView.AnchorOf(output, old, NotebookSide.Old));
        }

        part.Slot(ViewPart.AnchorOf(NotebookSide.Old, old, AnchorPart.Cell));
    }
}
