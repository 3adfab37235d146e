namespace Squero.Notebooks;

/// <summary>The three files as they can be merged: readable, whole JSON, theirs laid out as ours is.</summary>
internal sealed class MergeSides
{
    private MergeSides(Notebook old, Notebook ours, Notebook theirs)
    {
        (Base, Ours, Theirs) = (old, ours, theirs);
        OursDiff = NotebookDiff.Between(old, ours);
        TheirsDiff = NotebookDiff.Between(old, theirs);
        Style = JsonStyle.Of(ours.Json);
        OursList = CellList.Of(ours);
        CellIndent = JsonStyle.IndentAt(ours.Json, OursList.Where.Start) + Style.Indent;
    }

    /// <summary>Without cells when there is none, or it cannot be read.</summary>
    public Notebook Base { get; }

    public Notebook Ours { get; }

    public Notebook Theirs { get; }

    public NotebookDiff OursDiff { get; }

    public NotebookDiff TheirsDiff { get; }

    public JsonStyle Style { get; }

    /// <summary>Ours' list of cells.</summary>
    public JsonPart OursList { get; }

    /// <summary>The indentation at which ours writes a cell; empty in a file of one line.</summary>
    public string CellIndent { get; }

    public int FormatMajor => Ours.FormatMajor;

    /// <summary>As one side changed it; the larger one when both did.</summary>
    public int FormatMinor => Ours.FormatMinor == Base.FormatMinor && Base.FormatMajor == Ours.FormatMajor ? Theirs.FormatMinor
        : Theirs.FormatMinor == Base.FormatMinor && Base.FormatMajor == Ours.FormatMajor ? Ours.FormatMinor
        : Math.Max(Ours.FormatMinor, Theirs.FormatMinor);

    /// <summary>Null and a sentence when they cannot be merged cell by cell.</summary>
    public static MergeSides? Of(ReadOnlyMemory<byte> baseBytes, ReadOnlyMemory<byte> ours, ReadOnlyMemory<byte> theirs, MergeLabels labels, out string? why)
    {
        if ((why = Read(ours, labels.Ours, out var mine)) is not null || (why = Read(theirs, labels.Theirs, out var others)) is not null)
        {
            return null;
        }

        var old = ReadBase(baseBytes);
        if (mine.FormatMajor != others.FormatMajor)
        {
            // One side was opened with a newer Jupyter.
            (old, mine, others) = (InFormatFour(old), InFormatFour(mine), InFormatFour(others));
        }

        if (mine.FormatMajor != others.FormatMajor)
        {
            why = $"The notebook has nbformat {mine.FormatMajor} in {labels.Ours} and {others.FormatMajor} in {labels.Theirs}: save both with the same version of Jupyter, then merge.";
            return null;
        }

        return new MergeSides(old, mine, InLayoutOf(mine, others));
    }

    private static string? Read(ReadOnlyMemory<byte> file, string label, out Notebook notebook)
    {
        notebook = Notebook.Parse(file);
        var whole = JsonCheck.IsWhole(file.Span);
        if (notebook.State != NotebookState.Unreadable && notebook.Reason is null && !whole && JsonRestyle.Rewrite(file.Span, PatchStyle.Of(file.Span)) is { } mended)
        {
            // A comma too many or too few; what else may be wrong, such as text behind the notebook, stays wrong.
            var again = InPlace(notebook, mended);
            whole = JsonCheck.IsWhole(again.Json);
            notebook = whole ? again : notebook;
        }

        var objection = notebook.State == NotebookState.Unreadable || notebook.Reason is not null ? notebook.Reason
            : !whole ? "The file is no valid JSON."
            : CellList.Count(notebook) is not 1 and var lists ? $"It has not one list of cells but {lists}."
            : null;
        return objection is null ? null : $"The notebook of {label} cannot be merged cell by cell. {objection}";
    }

    /// <summary>What cannot be read tells nothing about who changed what, as if both sides had added the file.</summary>
    private static Notebook ReadBase(ReadOnlyMemory<byte> file)
    {
        var notebook = Notebook.Parse(file);
        return notebook.State == NotebookState.Unreadable || notebook.Reason is not null ? Notebook.Absent : notebook;
    }

    private static Notebook InLayoutOf(Notebook ours, Notebook theirs)
    {
        var style = PatchStyle.Of(ours.Json);
        return style != PatchStyle.Of(theirs.Json) && JsonRestyle.Rewrite(theirs.Json, style) is { } rewritten ? Notebook.Parse(rewritten) : theirs;
    }

    private static Notebook InFormatFour(Notebook notebook) =>
        notebook.FormatMajor < 4 && FormatUpgrade.ToFour(notebook) is { } upgraded ? InPlace(notebook, upgraded) : notebook;

    /// <summary>Another text of the same notebook, between what stands before and after the old one in its file.</summary>
    private static Notebook InPlace(Notebook notebook, byte[] text)
    {
        var where = CellList.Whole(notebook).Where;
        return Notebook.Parse((byte[])[.. notebook.Json[..where.Start], .. text, .. notebook.Json[where.End..]]);
    }
}
