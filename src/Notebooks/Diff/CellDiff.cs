namespace Squero.Notebooks;

public enum CellChange
{
    /// <summary>Nothing that a reader would see; execution noise may differ.</summary>
    Unchanged,

    /// <summary>Source, type or attachments differ (outputs may too).</summary>
    Edited,

    /// <summary>Only outputs differ.</summary>
    Outputs,

    /// <summary>Only metadata that people set differs, such as tags.</summary>
    Metadata,
    Added,
    Removed,
}

/// <summary>What became of one cell.</summary>
public sealed class CellDiff
{
    internal CellDiff(Cell? before, Cell? after, CellChange change)
    {
        Before = before;
        After = after;
        Change = change;
    }

    public Cell? Before { get; }

    public Cell? After { get; }

    public CellChange Change { get; }

    /// <summary>It stands elsewhere among the cells that both sides have.</summary>
    public bool Moved { get; internal set; }

    /// <summary>Of an added cell: the old cell, by index, that most of its lines come from.</summary>
    public int? SplitFrom { get; internal set; }

    /// <summary>Of a removed cell: the new cell, by index, that most of its lines went into.</summary>
    public int? MergedInto { get; internal set; }

    public IReadOnlyList<LineHunk> Source { get; internal init; } = [];

    /// <summary>All outputs of both sides in reading order, unchanged ones too. Empty for added and removed cells.</summary>
    public IReadOnlyList<OutputDiff> Outputs { get; internal init; } = [];

    public bool KindChanged => Before is not null && After is not null && Before.Kind != After.Kind;

    /// <summary>Names of pasted pictures that differ.</summary>
    public IReadOnlyList<string> Attachments { get; internal init; } = [];

    /// <summary>Top-level metadata keys, set by people, that differ.</summary>
    public IReadOnlyList<string> MetadataKeys { get; internal init; } = [];

    /// <summary>The execution count differs, of the cell or an output.</summary>
    public bool CountNoise { get; internal init; }

    /// <summary>The id or metadata written by tools differs.</summary>
    public bool MetadataNoise { get; internal init; }

    /// <summary>A picture is the same, but written as another text: no change to look at, yet one of the file.</summary>
    public bool Reencoded { get; internal init; }

    /// <summary>The cell people look at: the new one unless it was removed.</summary>
    public Cell Shown => (After ?? Before)!;

    /// <summary>Where an old line stands now (both from 0); null when it is gone.</summary>
    public int? NewLineOf(int oldLine) => LineHunk.NewLineOf(Source, oldLine);

    /// <summary>Where a new line stood before (both from 0); null when it is new.</summary>
    public int? OldLineOf(int newLine)
    {
        var shift = 0;
        foreach (var hunk in Source)
        {
            if (newLine < hunk.After)
            {
                break;
            }

            if (newLine < hunk.After + hunk.AddedCount)
            {
                return null;
            }

            shift = hunk.Before + hunk.RemovedCount - hunk.After - hunk.AddedCount;
        }

        return newLine + shift;
    }

    public bool OutputsChanged => Outputs.Any(output => output.Change != OutputChange.Unchanged);
}

public enum OutputChange
{
    Unchanged,
    Changed,
    Added,
    Removed,
}

/// <summary>What became of one output. Mimes names the forms whose content differs.</summary>
public sealed record OutputDiff(CellOutput? Before, CellOutput? After, OutputChange Change, IReadOnlyList<string> Mimes);
