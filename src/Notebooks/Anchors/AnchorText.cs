namespace Squero.Notebooks;

/// <summary>What stands at an anchor: the quote above a thread.</summary>
public static class AnchorText
{
    private const int MaxQuote = 2_000;

    /// <summary>The lines' text, or the first line of the output or cell; null when the anchor is not of this notebook.</summary>
    public static string? Of(NotebookAnchor anchor, Notebook notebook)
    {
        if (CellOf(anchor, notebook) is not { } cell)
        {
            return null;
        }

        return anchor.Part switch
        {
            AnchorPart.Source => LinesOf(anchor, cell.Lines),
            AnchorPart.Output => anchor.Output < 0 || anchor.Output >= cell.Outputs.Count ? null
                : anchor.Line > 0 ? LinesOf(anchor, Masked(cell.Outputs[anchor.Output]))
                : Short(Quote(cell.Outputs[anchor.Output])),
            _ => Short(cell.Lines.Count > 0 ? cell.Lines[0] : ""),
        };
    }

    /// <summary>The source or output lines that can be named beside the anchor's own; empty where there are none.</summary>
    public static IReadOnlyList<string> Around(NotebookAnchor anchor, Notebook notebook) =>
        CellOf(anchor, notebook) is not { } cell ? []
        : anchor.Part == AnchorPart.Source ? cell.Lines
        : anchor.Part == AnchorPart.Output && anchor.Output >= 0 && anchor.Output < cell.Outputs.Count ? Masked(cell.Outputs[anchor.Output])
        : [];

    /// <summary>By place and key; by key alone when the place was another; else none.</summary>
    public static Cell? CellOf(NotebookAnchor anchor, Notebook notebook)
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

    private static string? LinesOf(NotebookAnchor anchor, IReadOnlyList<string> lines) =>
        anchor.FirstLine < 1 || anchor.Line > lines.Count ? null
        : anchor.First == 0 ? Short(lines[anchor.Line - 1])
        : Short(string.Join('\n', lines.Skip(anchor.FirstLine - 1).Take(anchor.Line - anchor.FirstLine + 1)));

    /// <summary>A quote is kept beside the thread and outlives the output: it holds no credential.</summary>
    private static string[] Masked(CellOutput output) => OutputLines.Of(output) is { Count: > 0 } lines ? Credentials.Mask(string.Join('\n', lines)).Split('\n') : [];

    private static string Quote(CellOutput output)
    {
        if (output.Picture() is not null)
        {
            return "a picture";
        }

        var text = Credentials.Mask(AnsiText.Visible(output.Text()));
        return text.Length > 0 ? text.TrimStart('\n').Split('\n')[0] : output.Data.Count > 0 ? output.Data[0].Mime : "an output";
    }

    private static string Short(string text) => text.Length <= MaxQuote ? text : text[..MaxQuote] + "…";
}
