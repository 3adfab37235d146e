using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Squero.Notebooks;

/// <summary>A notebook as plain Markdown: prose as it is, code fenced with the kernel's language, text outputs fenced below.</summary>
public static class NotebookMarkdown
{
    public static string Write(Notebook notebook)
    {
        var text = new StringBuilder();
        foreach (var line in Lines(notebook))
        {
            text.Append(line.Text).Append('\n');
        }

        return text.Length == 0 ? "\n" : text.ToString();
    }

    /// <summary>One JSON object a line of the Markdown: text, cell, part, output and the line of the .ipynb it comes from.</summary>
    public static void WriteMap(Notebook notebook, IBufferWriter<byte> to)
    {
        using var json = new Utf8JsonWriter(to, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        foreach (var line in Lines(notebook))
        {
            json.WriteStartObject();
            json.WriteString("text", Encoding.UTF8.GetBytes(line.Text));
            json.WriteNumber("cell", line.Cell);
            json.WriteString("part", line.Part switch { MarkdownPart.Source => "source", MarkdownPart.Output => "output", MarkdownPart.Fence => "fence", _ => "blank" });
            if (line.Output is { } output)
            {
                json.WriteNumber("output", output);
            }

            if (line.At is { } at)
            {
                json.WriteNumber("line", notebook.RawLine(at));
            }

            json.WriteEndObject();
            json.Flush();
            to.Write("\n"u8);
            json.Reset();
        }
    }

    private static List<MarkdownLine> Lines(Notebook notebook)
    {
        var lines = new List<MarkdownLine>();
        foreach (var cell in notebook.Cells)
        {
            var source = Numbered(notebook, cell, cell.Source, cell.SourceSlice, null);
            if (cell.Kind == CellKind.Markdown)
            {
                Plain(lines, cell.Index, source);
                continue;
            }

            Fenced(lines, cell.Index, null, source, cell.Kind == CellKind.Code ? notebook.Language : "");
            foreach (var output in cell.Outputs)
            {
                Output(lines, notebook, cell, output);
            }
        }

        while (lines.Count > 0 && lines[^1].Text.Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return lines;
    }

    private static void Output(List<MarkdownLine> lines, Notebook notebook, Cell cell, CellOutput output)
    {
        List<MarkdownLine> Note(string text) => [new(text, cell.Index, MarkdownPart.Output, output.Index, output.Whole.Start)];
        if (output.Picture() is { } picture)
        {
            Plain(lines, cell.Index, Note($"*(picture, {picture.Mime}, sha256 {NotebookPicture.Sha256Of(picture)})*"));
        }

        var plain = AnsiText.Visible(output.Text());
        if (plain.Length > 0)
        {
            Fenced(lines, cell.Index, output.Index, Numbered(notebook, cell, plain, output.Find("text/plain")?.Value ?? default, output), "output");
        }
        else if (output.Find("text/latex") is { } latex)
        {
            Plain(lines, cell.Index, Numbered(notebook, cell, latex.Text(), latex.Value, output));
        }
        else if (output.Picture() is null && output.Data.Count > 0)
        {
            Plain(lines, cell.Index, Note($"*({MimeLabel.Of(output.Data[0].Mime)})*"));
        }
    }

    /// <summary>Lines without the white space at the end, each with its place in the file; what has none stands at its value.</summary>
    private static List<MarkdownLine> Numbered(Notebook notebook, Cell cell, string text, JsonSlice value, CellOutput? output)
    {
        var offsets = JsonText.LineOffsets(notebook.Json, value);
        var whole = output?.Whole.Start ?? cell.Whole.Start;
        var lines = (output is null && cell.Kind == CellKind.Markdown ? text.TrimEnd() : text.TrimEnd('\n')).Split('\n');
        return [.. lines.Select((line, at) => new MarkdownLine(line, cell.Index, output is null ? MarkdownPart.Source : MarkdownPart.Output, output?.Index, at < offsets.Count ? offsets[at] : whole))];
    }

    private static void Plain(List<MarkdownLine> lines, int cell, List<MarkdownLine> content)
    {
        lines.AddRange(content);
        lines.Add(new MarkdownLine("", cell, MarkdownPart.Blank, null, null));
    }

    private static void Fenced(List<MarkdownLine> lines, int cell, int? output, List<MarkdownLine> content, string language)
    {
        var fence = "```";
        while (content.Exists(line => line.Text.Contains(fence, StringComparison.Ordinal)))
        {
            fence += "`";
        }

        lines.Add(new MarkdownLine(fence + language, cell, MarkdownPart.Fence, output, null));
        lines.AddRange(content);
        lines.Add(new MarkdownLine(fence, cell, MarkdownPart.Fence, output, null));
        lines.Add(new MarkdownLine("", cell, MarkdownPart.Blank, null, null));
    }

    private enum MarkdownPart
    {
        Source,
        Output,
        Fence,
        Blank,
    }

    private sealed record MarkdownLine(string Text, int Cell, MarkdownPart Part, int? Output, int? At);
}
