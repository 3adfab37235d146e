using System.Text;

namespace Squero.Notebooks;

/// <summary>
/// A conflict of a merge as HTML fragments: what the common ancestor had, what each side made of it, and what would stand in the
/// result. The options are those of the side that is drawn.
/// </summary>
public static class ConflictView
{
    private const int MaxValue = 4_000;
    private const int MaxOpenOutputs = 2;
    private const int MaxResultLines = 400;

    /// <summary>What one side (Ours or Theirs) made of it, as a difference to the common ancestor, with the outputs it has.</summary>
    public static string SideHtml(MergeConflict conflict, MergeChoice side, Notebook notebook, NotebookViewOptions options)
    {
        var part = Begin(notebook, options);
        var (cell, other) = side == MergeChoice.Ours ? (conflict.Ours, conflict.Theirs) : (conflict.Theirs, conflict.Ours);
        if (conflict.Kind is MergeConflictKind.Metadata or MergeConflictKind.Attachment)
        {
            Value(part, conflict, cell, notebook);
        }
        else if (cell is null)
        {
            part.Gap("The cell is removed here.");
        }
        else
        {
            Source(part, conflict.Base, cell, other);
            Outputs(part, cell);
        }

        return End(part);
    }

    /// <summary>The cell in the common ancestor; null when it was not there.</summary>
    public static string? BaseHtml(MergeConflict conflict, Notebook notebook, NotebookViewOptions options)
    {
        if (conflict.Base is not { } cell)
        {
            return null;
        }

        var part = Begin(notebook, options);
        new LineRows(part).Whole(cell, NotebookSide.Old);
        return End(part);
    }

    /// <summary>What stands in the result after a choice: lines, a cell or none, a value.</summary>
    public static string ResultHtml(MergeConflict conflict, MergeChoice choice, Notebook notebook, NotebookViewOptions options)
    {
        var part = Begin(notebook, options);
        var cell = choice == MergeChoice.Theirs ? conflict.Theirs : conflict.Ours;
        switch (conflict)
        {
            case { Hunk: { } hunk }:
                Lines(part, choice switch { MergeChoice.Ours => hunk.Ours, MergeChoice.Theirs => hunk.Theirs, _ => [.. hunk.Ours, .. hunk.Theirs] }, cell);
                break;
            case { Kind: MergeConflictKind.Attachment } when choice == MergeChoice.Both:
                Value(part, conflict, conflict.Ours, notebook);
                Value(part, conflict, conflict.Theirs, notebook);
                break;
            case { Kind: MergeConflictKind.Metadata or MergeConflictKind.Attachment }:
                Value(part, conflict, cell, notebook);
                break;
            case { Kind: MergeConflictKind.EditRemove } when choice == MergeChoice.Both || cell is not null:
                part.Gap("The cell stays, as it was edited.");
                break;
            case { Kind: MergeConflictKind.EditRemove }:
                part.Gap("The cell goes.");
                break;
            case { Kind: MergeConflictKind.CellType }:
                part.Gap($"It is a {NameOf(cell!.Kind)} cell.");
                break;
            default:
                Lines(part, cell?.Lines ?? [], cell);
                break;
        }

        return End(part);
    }

    /// <summary>Lines of another text file, as a difference to those of the common ancestor and with lines around them.</summary>
    public static string LinesHtml(
        IReadOnlyList<string> parted, IReadOnlyList<string> lines, IReadOnlyList<string> above, IReadOnlyList<string> below, string language)
    {
        var part = Begin(language);
        var row = new LineRow(part);
        var (old, now) = ((string[])[.. above, .. parted, .. below], (string[])[.. above, .. lines, .. below]);
        part.To.Raw("<div class=\"nb-lines nb-text-diff\" data-language=\"code\">"u8);
        var at = 0;
        foreach (var hunk in LineDiff.Between(old, now).Append(new LineHunk(old.Length, 0, 0, 0)))
        {
            for (; at < hunk.Before; at++)
            {
                row.WritePlain(old[at], ' ', null);
            }

            var twins = Enumerable.Range(0, Math.Min(hunk.RemovedCount, hunk.AddedCount)).Select(k => WordMarks.Between(old[hunk.Before + k], now[hunk.After + k])).ToList();
            for (var k = 0; k < hunk.RemovedCount; k++)
            {
                row.WritePlain(old[at++], '-', k < twins.Count ? twins[k].Old : null);
            }

            for (var k = 0; k < hunk.AddedCount; k++)
            {
                row.WritePlain(now[hunk.After + k], '+', k < twins.Count ? twins[k].New : null);
            }
        }

        part.To.Raw("</div>"u8);
        return End(part);
    }

    /// <summary>Lines as they are; none, and a sentence says so.</summary>
    public static string LinesHtml(IReadOnlyList<string> lines, string language)
    {
        var part = Begin(language);
        Lines(part, lines, null);
        return End(part);
    }

    private static ViewPart Begin(string language)
    {
        var part = new ViewPart(new HtmlBuffer(), new NotebookViewOptions { ImageUrl = _ => "" }) { New = Notebook.Absent };
        part.To.Raw("<div class=\"nb nb-conflict\" data-language=\""u8);
        part.To.Text(language);
        part.To.Raw("\">"u8);
        return part;
    }

    private static ViewPart Begin(Notebook notebook, NotebookViewOptions options)
    {
        var part = new ViewPart(new HtmlBuffer(), options) { New = notebook };
        part.To.Raw("<div class=\"nb nb-conflict\" data-language=\""u8);
        part.To.Text(notebook.Language);
        part.To.Raw("\">"u8);
        return part;
    }

    private static string End(ViewPart part)
    {
        part.To.Raw("</div>"u8);
        return part.To.ToString();
    }

    private static void Source(ViewPart part, Cell? parted, Cell cell, Cell? other)
    {
        if (parted is not null && parted.Kind != cell.Kind)
        {
            part.Caption($"A {NameOf(cell.Kind)} cell here, a {NameOf(parted.Kind)} cell before.");
        }

        if (parted is null)
        {
            part.Caption("Added here.");
            Added(part, cell, other);
        }
        else if (parted.Source == cell.Source)
        {
            new LineRows(part).Whole(cell, NotebookSide.New);
        }
        else
        {
            new LineRows(part).Diff(new CellDiff(parted, cell, CellChange.Edited) { Source = LineDiff.Between(parted.Lines, cell.Lines) });
        }
    }

    /// <summary>Without an ancestor the marks tell what the other side wrote otherwise.</summary>
    private static void Added(ViewPart part, Cell cell, Cell? other)
    {
        var row = new LineRow(part);
        part.To.Raw("<div class=\"nb-lines nb-single\" data-language=\""u8);
        part.To.Raw(cell.Kind == CellKind.Code ? "code\">"u8 : "markdown\">"u8);
        var hunks = other is null ? [new LineHunk(0, 0, 0, cell.Lines.Count)] : LineDiff.Between(other.Lines, cell.Lines);
        var at = 0;
        foreach (var hunk in hunks.Append(new LineHunk(0, 0, cell.Lines.Count, 0)))
        {
            for (; at < hunk.After; at++)
            {
                row.Write(cell, NotebookSide.New, at, at, at, ' ', null, oneNumber: true);
            }

            for (; at < hunk.After + hunk.AddedCount; at++)
            {
                var twin = at - hunk.After;
                var marks = other is not null && twin < hunk.RemovedCount ? WordMarks.Between(other.Lines[hunk.Before + twin], cell.Lines[at]).New : null;
                row.Write(cell, NotebookSide.New, at, at, at, '+', marks, oneNumber: true);
            }
        }

        part.To.Raw("</div>"u8);
    }

    private static void Outputs(ViewPart part, Cell cell)
    {
        if (cell.Outputs.Count > 0)
        {
            var cells = new CellView(part, new OutputView(part));
            part.Fold(
                "nb-fold-outputs", ViewPart.Count(cell.Outputs.Count, "output"), () => cells.Outputs(cell, NotebookSide.New), open: cell.Outputs.Count <= MaxOpenOutputs);
        }
    }

    private static void Lines(ViewPart part, IReadOnlyList<string> lines, Cell? cell)
    {
        if (lines.Count == 0)
        {
            part.Gap("No line: what stood here goes.");
            return;
        }

        var row = new LineRow(part);
        part.To.Raw("<div class=\"nb-lines nb-text-diff nb-result\" data-language=\""u8);
        part.To.Raw(cell is null || cell.Kind == CellKind.Code ? "code\">"u8 : "markdown\">"u8);
        foreach (var line in lines.Take(MaxResultLines))
        {
            row.WritePlain(line, ' ', null);
        }

        if (lines.Count > MaxResultLines)
        {
            part.Gap(ViewPart.Count(lines.Count - MaxResultLines, "more line"));
        }

        part.To.Raw("</div>"u8);
    }

    private static void Value(ViewPart part, MergeConflict conflict, Cell? cell, Notebook notebook)
    {
        if (conflict.Kind == MergeConflictKind.Attachment && cell?.Attachments.GetValueOrDefault(conflict.Name)?.FirstOrDefault(value => value.IsPicture) is { } picture)
        {
            new OutputView(part).Figure(picture, NotebookSide.New, ViewPart.AnchorOf(NotebookSide.New, cell, AnchorPart.Cell), conflict.Name);
            return;
        }

        var json = cell is null ? notebook.Json : cell.Json;
        var owner = cell is not null ? (conflict.Kind == MergeConflictKind.Attachment ? cell.AttachmentsSlice : cell.MetadataSlice)
            : conflict.Place < 0 && conflict.Kind == MergeConflictKind.Metadata ? notebook.MetadataSlice
            : default;
        var slice = JsonMember.Find(json, owner, conflict.Name);
        if (!slice.IsPresent)
        {
            part.Gap($"{conflict.Name} is not there.");
            return;
        }

        var value = Encoding.UTF8.GetString(json[slice.Start..slice.End]);
        part.Caption(conflict.Name);
        part.Paragraph("nb-text", value.Length > MaxValue ? value[..MaxValue] + "…" : value);
    }

    private static string NameOf(CellKind kind) => kind.ToString().ToLowerInvariant();
}
