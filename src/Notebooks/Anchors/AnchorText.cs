namespace Squero.Notebooks;

/// <summary>What stands at an anchor: the quote above a thread.</summary>
public static class AnchorText
{
    private const int MaxQuote = 400;

    /// <summary>The line's text, or the first line of the output or cell; null when the anchor is not of this notebook.</summary>
    public static string? Of(NotebookAnchor anchor, Notebook notebook)
    {
        if (CellOf(anchor, notebook) is not { } cell)
        {
            return null;
        }

        return anchor.Part switch
        {
            AnchorPart.Source => anchor.Line >= 1 && anchor.Line <= cell.Lines.Count ? Short(cell.Lines[anchor.Line - 1]) : null,
            AnchorPart.Output => anchor.Output >= 0 && anchor.Output < cell.Outputs.Count ? Short(Quote(cell.Outputs[anchor.Output])) : null,
            _ => Short(cell.Lines.Count > 0 ? cell.Lines[0] : ""),
        };
    }

    /// <summary>By place and key; by key alone when the place was another; else none.</summary>
    internal static Cell? CellOf(NotebookAnchor anchor, Notebook notebook)
    {
        if (anchor.Part == AnchorPart.Notebook)
        {
            return null;
        }

        if (anchor.Cell < notebook.Cells.Count && notebook.Cells[anchor.Cell].Key == anchor.CellKey)
        {
            return notebook.Cells[anchor.Cell];
        }

        return notebook.Cells.FirstOrDefault(cell => cell.Key == anchor.CellKey);
    }

    private static string Quote(CellOutput output)
    {
        if (output.Picture() is not null)
        {
            return "a picture";
        }

        var text = output.Text();
        return text.Length > 0 ? text.TrimStart('\n').Split('\n')[0] : output.Data.Count > 0 ? output.Data[0].Mime : "an output";
    }

    private static string Short(string text) => text.Length <= MaxQuote ? text : text[..MaxQuote] + "…";
}
