namespace Squero.Notebooks;

/// <summary>
/// Two versions of a notebook that go back to one, merged cell by cell. Pure: three files in memory go in, the conflicts
/// and the merged file come out.
/// </summary>
public sealed class NotebookMerge
{
    private readonly ReadOnlyMemory<byte> _whole;

    private NotebookMerge(ReadOnlyMemory<byte> whole, string? fallback)
    {
        _whole = whole;
        Fallback = fallback;
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
        if (ours.Span.SequenceEqual(theirs.Span) || baseBytes.Span.SequenceEqual(theirs.Span))
        {
            return new NotebookMerge(ours, null);
        }

        return baseBytes.Span.SequenceEqual(ours.Span)
            ? new NotebookMerge(theirs, null)
            : new NotebookMerge(ours, $"Notebooks that both sides changed are not merged yet ({(labels ?? MergeLabels.Default).Ours}).");
    }

    /// <summary>
    /// The merged file: a valid notebook also while conflicts are left, which then stand in the cells, marked as git
    /// marks them. Choices go by the id of a conflict; unknown ids do nothing.
    /// </summary>
    public ReadOnlyMemory<byte> Write(IReadOnlyDictionary<string, MergeChoice>? choices = null)
    {
        _ = choices;
        return _whole;
    }
}
