using System.Buffers;

namespace Squero.Notebooks;

/// <summary>
/// Notebooks and their diffs as UTF-8 HTML fragments. Nothing of the notebook reaches the page as markup: text is
/// escaped, HTML outputs are rewritten, pictures are linked by the hash of their content.
/// </summary>
public static class NotebookView
{
    /// <summary>The whole notebook; its anchors are of side New.</summary>
    public static void WriteNotebook(Notebook notebook, NotebookViewOptions options, IBufferWriter<byte> to) => Whole(notebook, options).CopyTo(to);

    /// <summary>The diff in the look asked for. When the diff is not readable this is the reason alone.</summary>
    public static void WriteDiff(NotebookDiff diff, NotebookViewOptions options, IBufferWriter<byte> to) => Clean(diff, options).CopyTo(to);

    public static string NotebookHtml(Notebook notebook, NotebookViewOptions options) => Whole(notebook, options).ToString();

    public static string DiffHtml(NotebookDiff diff, NotebookViewOptions options) => Clean(diff, options).ToString();

    /// <summary>What made the outputs of a cell; the cell must be one of the notebook's. Its options need no more than an address of pictures.</summary>
    public static string OriginHtml(Notebook notebook, int cell, NotebookViewOptions options, OriginLinks links)
    {
        var buffer = new HtmlBuffer();
        new OriginView(new ViewPart(buffer, options) { New = notebook }, links).Write(notebook, cell);
        return buffer.ToString();
    }

    internal static void Note(ViewPart part, string? sentence)
    {
        if (sentence is not null)
        {
            part.To.Raw("<p class=\"nb-note\" role=\"note\">"u8);
            part.To.Text(sentence);
            part.To.Raw("</p>"u8);
        }
    }

    private static HtmlBuffer Clean(NotebookDiff diff, NotebookViewOptions options)
    {
        var buffer = new HtmlBuffer();
        new DiffView(new ViewPart(buffer, options) { Old = diff.Before, New = diff.After }, diff).Write();
        return buffer;
    }

    private static HtmlBuffer Whole(Notebook notebook, NotebookViewOptions options)
    {
        var buffer = new HtmlBuffer();
        var part = new ViewPart(buffer, options) { New = notebook };
        var cells = new CellView(part, new OutputView(part));
        var chunk = new CellChunk(part, notebook.Cells.Count);
        buffer.Raw(options.Look == NotebookLook.Report ? "<div class=\"nb nb-whole nb-report\" data-language=\""u8 : "<div class=\"nb nb-whole\" data-language=\""u8);
        buffer.Text(notebook.Language);
        buffer.Raw("\""u8);
        part.Id("nb");
        buffer.Raw(">"u8);
        if (chunk.Start == 0)
        {
            Note(part, notebook.Reason);
            part.Slot(NotebookAnchor.Whole(NotebookSide.New).ToString());
        }

        chunk.WriteEarlier();
        var at = chunk.Start;
        while (at < notebook.Cells.Count && !chunk.IsFull(at))
        {
            cells.Write(notebook.Cells[at++], NotebookSide.New);
        }

        chunk.WriteLater(at);
        if (notebook.Cells.Count == 0 && notebook.Reason is null)
        {
            part.Gap("This notebook has no cells.");
        }

        buffer.Raw("</div>"u8);
        return buffer;
    }
}
