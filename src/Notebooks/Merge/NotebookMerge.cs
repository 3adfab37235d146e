namespace Squero.Notebooks;

/// <summary>
/// Two versions of a notebook that go back to one, merged cell by cell. Pure: three files in memory go in, the conflicts
/// and the merged file come out.
/// </summary>
public sealed class NotebookMerge
{
    private static readonly Dictionary<string, MergeChoice> NoChoices = [];

    private readonly ReadOnlyMemory<byte> _whole;
    private readonly MergeLabels _labels;
    private readonly MergeSides? _sides;
    private readonly IReadOnlyList<MergedCell> _cells = [];

    private NotebookMerge(ReadOnlyMemory<byte> whole, MergeLabels labels, string? fallback)
    {
        (_whole, _labels, Fallback) = (whole, labels, fallback);
    }

    private NotebookMerge(MergeSides sides, MergeLabels labels)
    {
        (_sides, _labels) = (sides, labels);
        var triples = TriplePairing.Of(sides);
        SplitCells.Merge(sides, triples);
        _cells = [.. TripleOrder.Of(triples.FindAll(triple => !triple.IsRemoved)).Select(triple => MergedCell.Of(triple, sides))];
        CellIds.Assign(_cells, sides);
        Conflicts = [.. NotebookConflicts(), .. _cells.SelectMany((cell, place) => cell.Conflicts.Select(conflict => Placed(conflict, place)))];
    }

    /// <summary>Nothing is left to decide.</summary>
    public bool IsClean => Fallback is null && Conflicts.Count == 0;

    /// <summary>A sentence when the files cannot be merged cell by cell, such as when one is no notebook; ours is then the result.</summary>
    public string? Fallback { get; }

    /// <summary>In the order of the result.</summary>
    public IReadOnlyList<MergeConflict> Conflicts { get; } = [];

    /// <summary>Never throws; keeps the bytes without copying them, so they must not change afterwards.</summary>
    /// <param name="baseBytes">The common ancestor; empty when both sides added the file.</param>
    /// <param name="ours">The side whose layout (indentation, key order, escapes, line ends) the result keeps.</param>
    /// <param name="theirs">The other side.</param>
    /// <param name="labels">What the sides are called in the result.</param>
    public static NotebookMerge Of(ReadOnlyMemory<byte> baseBytes, ReadOnlyMemory<byte> ours, ReadOnlyMemory<byte> theirs, MergeLabels? labels = null)
    {
        labels ??= MergeLabels.Default;
        if (ours.Span.SequenceEqual(theirs.Span) || baseBytes.Span.SequenceEqual(theirs.Span))
        {
            return new NotebookMerge(ours, labels, null);
        }

        if (baseBytes.Span.SequenceEqual(ours.Span))
        {
            return new NotebookMerge(theirs, labels, null);
        }

        return MergeSides.Of(baseBytes, ours, theirs, labels, out var why) is { } sides
            ? new NotebookMerge(sides, labels)
            : new NotebookMerge(ours, labels, why);
    }

    /// <summary>
    /// The merged file: a valid notebook also while conflicts are left, which then stand in the cells, marked as git
    /// marks them. Choices go by the id of a conflict; unknown ids do nothing.
    /// </summary>
    public ReadOnlyMemory<byte> Write(IReadOnlyDictionary<string, MergeChoice>? choices = null)
    {
        if (_sides is null)
        {
            return _whole;
        }

        choices ??= NoChoices;
        var writer = new MergedCellWriter(_sides, _labels, choices);
        var written = new List<(MergedCell, JsonPart)>(_cells.Count);
        foreach (var cell in _cells)
        {
            if (writer.Write(cell) is { } part)
            {
                written.Add((cell, part));
            }
        }

        return MergedFile.Write(_sides, written, NotebookMetadata.Merge(_sides, Conflicts, choices));
    }

    private List<MergeConflict> NotebookConflicts() =>
        NotebookMetadata.Unsettled(_sides!).ConvertAll(conflict => conflict with { Sentence = ConflictText.Sentence(conflict, _labels) });

    private MergeConflict Placed(MergeConflict conflict, int place)
    {
        var placed = conflict with
        {
            Place = place,
            CellBefore = place > 0 ? _cells[place - 1].Shown : null,
            CellAfter = place + 1 < _cells.Count ? _cells[place + 1].Shown : null,
        };
        return placed with { Sentence = ConflictText.Sentence(placed, _labels) };
    }
}
