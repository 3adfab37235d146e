namespace Squero.Notebooks;

/// <summary>The lines of an output that a thread can stand on: those of its text as people see it, without colours and passed progress.</summary>
public static class OutputLines
{
    /// <summary>Empty for pictures, tables and everything else that is not shown as plain text.</summary>
    public static IReadOnlyList<string> Of(CellOutput output)
    {
        var isText = output.Kind is OutputKind.Stream or OutputKind.Error || OutputView.Best(output)?.Mime == "text/plain";
        var text = isText ? AnsiText.Visible(output.Text()).TrimEnd('\n') : "";
        return text.Length == 0 ? [] : text.Split('\n');
    }
}
