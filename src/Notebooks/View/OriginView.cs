namespace Squero.Notebooks;

/// <summary>Where the cells and files behind an output are found. A file that is not in the repository has no address.</summary>
public sealed record OriginLinks(Func<int, string> Cell, Func<string, string?> File);

/// <summary>What made an output: in a sentence, then the files, then the code of the cells it rests on and its own.</summary>
internal sealed class OriginView(ViewPart part, OriginLinks links)
{
    private const int MaxCells = 40;
    private const int MaxFiles = 40;

    private readonly LineRows _lines = new(part);

    public void Write(Notebook notebook, int cell)
    {
        var lineage = NotebookLineage.Of(notebook);
        var (upstream, files) = (lineage.Upstream(cell), lineage.Files(cell));
        part.To.Raw("<div class=\"nb nb-whole nb-made\""u8);
        part.Attribute("data-language", notebook.Language);
        part.To.Raw(" data-made><p class=\"nb-made-by\">"u8);
        Sentence(notebook, cell, upstream);
        part.To.Raw("</p>"u8);
        Files(files);
        if (upstream.Any(above => above.Names.Count == 0))
        {
            part.Fold("nb-fold-cells", ViewPart.Count(upstream.Count, "code cell") + " above", () => Above(notebook, upstream));
        }
        else
        {
            Above(notebook, upstream);
        }

        Code(notebook.Cells[cell], "made this");
        part.To.Raw("</div>"u8);
    }

    private void Sentence(Notebook notebook, int cell, IReadOnlyList<UpstreamCell> upstream)
    {
        part.Words("Made by ");
        CellLink(cell);
        if (upstream.Count == 0)
        {
            part.Words(", which uses nothing of the cells above.");
            return;
        }

        if (upstream.Any(above => above.Names.Count == 0))
        {
            part.Words($". Names are followed in Python only; in {(notebook.Language.Length > 0 ? notebook.Language : "this language")} it may rest on every code cell above.");
            return;
        }

        part.Words(", which rests on ");
        for (var at = 0; at < upstream.Count && at < MaxCells; at++)
        {
            part.Words(at == 0 ? "" : at == upstream.Count - 1 ? " and " : ", ");
            CellLink(upstream[at].Cell);
        }

        part.Words(". Read off the text from top to bottom; run in another order, it may be otherwise.");
    }

    private void CellLink(int cell) => part.Link(links.Cell(cell), $"cell {cell + 1}");

    private void Files(IReadOnlyList<DataFile> files)
    {
        if (files.Count == 0)
        {
            return;
        }

        part.To.Raw("<ul class=\"nb-made-from\">"u8);
        foreach (var file in files.DistinctBy(file => file.Path, StringComparer.Ordinal).Take(MaxFiles))
        {
            part.To.Raw("<li>reads "u8);
            if (links.File(file.Path) is { } href)
            {
                part.Link(href, file.Path);
            }
            else
            {
                part.To.Raw("<code>"u8);
                part.Words(file.Path);
                part.To.Raw("</code>"u8);
            }

            part.Words($"{(links.File(file.Path) is null ? ", which is not in the repository," : "")} in line {file.Line} of cell {file.Cell + 1}");
            part.To.Raw("</li>"u8);
        }

        part.To.Raw("</ul>"u8);
    }

    private void Above(Notebook notebook, IReadOnlyList<UpstreamCell> upstream)
    {
        foreach (var above in upstream.Take(MaxCells))
        {
            Code(notebook.Cells[above.Cell], above.Names switch
            {
                [] => null,
                ["*"] => "imports all names of a module",
                var names => "for " + string.Join(", ", names),
            });
        }
    }

    private void Code(Cell cell, string? why)
    {
        part.To.Raw("<section class=\"nb-cell nb-code\"><div class=\"nb-gutter\"></div><div class=\"nb-body\"><p class=\"nb-head\"><span>"u8);
        CellLink(cell.Index);
        part.Words(why is null ? "" : " · " + why);
        part.To.Raw("</span></p>"u8);
        _lines.Whole(cell, NotebookSide.New);
        part.To.Raw("</div></section>"u8);
    }
}
