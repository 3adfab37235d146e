namespace Squero.Notebooks;

/// <summary>
/// What should perhaps not be in an output: one line above the file that names the cells, and a sentence at each output.
/// Only what a change brought is named above it; a credential is never repeated in full.
/// </summary>
internal sealed class WarningView(ViewPart part)
{
    private const int MaxCells = 6;

    private static readonly (WarningKind Kind, string One, string Many)[] Words =
    [
        (WarningKind.Credential, "what looks like a credential", "what looks like credentials"),
        (WarningKind.EmailList, "a list of e-mail addresses", "lists of e-mail addresses"),
        (WarningKind.LargeOutput, "an output of more than 1 MB", "outputs of more than 1 MB"),
        (WarningKind.HomePath, "a path of somebody's home", "paths of somebody's home"),
    ];

    /// <summary>One line for all of the file, each kind once, with links to its cells.</summary>
    public void Summary(IReadOnlyList<NotebookWarning> warnings)
    {
        if (warnings.Count == 0)
        {
            return;
        }

        part.To.Raw("<p class=\"nb-warnings\" role=\"note\"><strong>Look before this is published:</strong> "u8);
        var first = true;
        foreach (var (kind, one, many) in Words)
        {
            var cells = warnings.Where(warning => warning.Kind == kind).Select(warning => warning.Cell).Distinct().ToList();
            if (cells.Count > 0)
            {
                part.Words((first ? "" : " · ") + (cells.Count == 1 ? one : many) + " in ");
                Cells(cells);
                first = false;
            }
        }

        part.To.Raw("</p>"u8);
    }

    /// <summary>The sentences at one output.</summary>
    public void Of(Cell cell, CellOutput output)
    {
        foreach (var warning in NotebookWarnings.Of(cell, output))
        {
            part.To.Raw(warning.Kind == WarningKind.Credential ? "<p class=\"nb-warning nb-warning--grave\" role=\"note\">"u8 : "<p class=\"nb-warning\" role=\"note\">"u8);
            part.Words(Sentence(warning));
            part.To.Raw("</p>"u8);
        }
    }

    private static string Sentence(NotebookWarning warning) => warning.Kind switch
    {
        WarningKind.Credential => $"This looks like a credential: {warning.Excerpt}. Who can read the repository can use it; once pushed, only replacing it helps.",
        WarningKind.EmailList => $"This holds e-mail addresses of people: {warning.Excerpt}.",
        WarningKind.LargeOutput => $"This output is {warning.Excerpt} large, and everybody who clones the repository carries it from now on.",
        _ => $"This names a path that exists on one machine only: {warning.Excerpt}",
    };

    private void Cells(List<int> cells)
    {
        part.Words(cells.Count == 1 ? "cell " : "cells ");
        foreach (var (cell, at) in cells.Take(MaxCells).Select((cell, at) => (cell, at)))
        {
            part.Words(at == 0 ? "" : ", ");
            if (part.Options.IdPrefix is { } prefix)
            {
                part.Link($"#{prefix}-{ViewPart.NameOf(NotebookSide.New, cell)}", (cell + 1).ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
            else
            {
                part.Words((cell + 1).ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        if (cells.Count > MaxCells)
        {
            part.Words($" and {cells.Count - MaxCells} more");
        }
    }
}
