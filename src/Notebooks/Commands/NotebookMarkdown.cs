using System.Text;

namespace Squero.Notebooks;

/// <summary>A notebook as plain Markdown: prose as it is, code fenced with the kernel's language, text outputs fenced below.</summary>
public static class NotebookMarkdown
{
    public static string Write(Notebook notebook)
    {
        var text = new StringBuilder();
        foreach (var cell in notebook.Cells)
        {
            if (cell.Kind == CellKind.Markdown)
            {
                text.Append(cell.Source.TrimEnd()).Append("\n\n");
                continue;
            }

            Fenced(text, cell.Source, cell.Kind == CellKind.Code ? notebook.Language : "");
            foreach (var output in cell.Outputs)
            {
                Output(text, output);
            }
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void Output(StringBuilder text, CellOutput output)
    {
        if (output.Picture() is { } picture)
        {
            text.Append("*(picture, ").Append(picture.Mime).Append(", sha256 ").Append(NotebookPicture.Sha256Of(picture)).Append(")*\n\n");
        }

        var plain = AnsiText.Visible(output.Text());
        if (plain.Length > 0)
        {
            Fenced(text, plain, "output");
        }
        else if (output.Find("text/latex") is { } latex)
        {
            text.Append(latex.Text().TrimEnd()).Append("\n\n");
        }
        else if (output.Picture() is null && output.Data.Count > 0)
        {
            text.Append("*(").Append(MimeLabel.Of(output.Data[0].Mime)).Append(")*\n\n");
        }
    }

    private static void Fenced(StringBuilder text, string content, string language)
    {
        var fence = "```";
        while (content.Contains(fence, StringComparison.Ordinal))
        {
            fence += "`";
        }

        text.Append(fence).Append(language).Append('\n').Append(content.TrimEnd('\n')).Append('\n').Append(fence).Append("\n\n");
    }
}
