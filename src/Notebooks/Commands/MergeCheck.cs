namespace Squero.Notebooks;

/// <summary>What a merged file must be, checked from outside: by reading it again.</summary>
internal static class MergeCheck
{
    /// <summary>Null when the file is whole JSON, and every cell has what nbformat 4 demands and an id of its own.</summary>
    public static string? Objection(ReadOnlyMemory<byte> file)
    {
        if (!JsonCheck.IsWhole(file.Span))
        {
            return "The file is no whole JSON.";
        }

        var notebook = Notebook.Parse(file);
        if (notebook.State == NotebookState.Unreadable || notebook.Reason is not null)
        {
            return notebook.Reason;
        }

        var top = CellList.Whole(notebook);
        var missing = new[] { "metadata", "nbformat", "nbformat_minor" }.FirstOrDefault(name => !top.Member(name).IsPresent);
        if (missing is not null && notebook.FormatMajor >= 4)
        {
            return $"The file has no {missing}.";
        }

        var demandsIds = notebook.FormatMajor == 4 && notebook.FormatMinor >= 5;
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var cell in notebook.Cells)
        {
            if (!CellShape.IsComplete(cell, notebook.FormatMajor))
            {
                return $"Cell {cell.Index + 1} lacks what the format demands.";
            }

            var id = CellPart.Id(cell);
            if (id is null ? demandsIds : !ids.Add(id))
            {
                return id is null ? $"Cell {cell.Index + 1} has no id." : $"The id {id} is there twice.";
            }
        }

        return null;
    }

    /// <summary>Cells whose id occurs twice, or whose text occurs more often than in both sides beyond the base.</summary>
    public static int Duplicates(NotebookTriple triple, ReadOnlyMemory<byte> written)
    {
        var (old, ours, theirs) = (Count(triple.Base), Count(triple.Ours), Count(triple.Theirs));
        var result = Notebook.Parse(written);
        var twice = result.Cells.Select(CellPart.Id).Where(id => id is not null).GroupBy(id => id).Sum(group => group.Count() - 1);
        foreach (var (source, times) in Count(written))
        {
            var (was, mine, others) = (old.GetValueOrDefault(source), ours.GetValueOrDefault(source), theirs.GetValueOrDefault(source));
            var due = Math.Max(Math.Max(mine, others), Math.Max(1, mine + others - was));
            twice += source.Length > 0 ? Math.Max(0, times - due) : 0;
        }

        return twice;
    }

    public static bool SameSources(Notebook one, Notebook other) =>
        one.Cells.Select(cell => (cell.Kind, cell.Source)).SequenceEqual(other.Cells.Select(cell => (cell.Kind, cell.Source)));

    private static Dictionary<string, int> Count(ReadOnlyMemory<byte> file) =>
        Notebook.Parse(file).Cells.GroupBy(cell => cell.Source, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
}
