namespace Squero.Notebooks;

/// <summary>What a diff adds up to, counted in cells unless something else is said.</summary>
public sealed class DiffCounts
{
    private DiffCounts()
    {
    }

    public int Added { get; private set; }

    public int Removed { get; private set; }

    public int Edited { get; private set; }

    public int Moved { get; private set; }

    /// <summary>Single outputs that differ.</summary>
    public int Outputs { get; private set; }

    /// <summary>Cells in which only metadata that people set differs.</summary>
    public int Metadata { get; private set; }

    public int NoiseExecutionCounts { get; private set; }

    public int NoiseMetadata { get; private set; }

    public int Unchanged { get; private set; }

    public int Reencoded { get; private set; }

    internal int LinesAdded { get; private set; }

    internal int LinesRemoved { get; private set; }

    internal static DiffCounts Of(List<CellDiff> cells)
    {
        var counts = new DiffCounts();
        foreach (var cell in cells)
        {
            counts.AddCell(cell);
            counts.AddLines(cell);
            counts.AddOutputs(cell);
        }

        return counts;
    }

    private void AddCell(CellDiff cell)
    {
        Added += cell.Change == CellChange.Added ? 1 : 0;
        Removed += cell.Change == CellChange.Removed ? 1 : 0;
        Edited += cell.Change == CellChange.Edited ? 1 : 0;
        Metadata += cell.Change == CellChange.Metadata ? 1 : 0;
        Unchanged += cell.Change == CellChange.Unchanged ? 1 : 0;
        Moved += cell.Moved ? 1 : 0;
        NoiseExecutionCounts += cell.CountNoise ? 1 : 0;
        NoiseMetadata += cell.MetadataNoise ? 1 : 0;
        Reencoded += cell.Reencoded ? 1 : 0;
    }

    private void AddLines(CellDiff cell)
    {
        LinesAdded += cell.Change == CellChange.Added ? cell.Shown.Lines.Count : 0;
        LinesRemoved += cell.Change == CellChange.Removed ? cell.Shown.Lines.Count : 0;
        for (var at = 0; at < cell.Source.Count; at++)
        {
            LinesAdded += cell.Source[at].AddedCount;
            LinesRemoved += cell.Source[at].RemovedCount;
        }
    }

    private void AddOutputs(CellDiff cell)
    {
        for (var at = 0; at < cell.Outputs.Count; at++)
        {
            var change = cell.Outputs[at].Change;
            Outputs += change == OutputChange.Unchanged ? 0 : 1;
            LinesAdded += change is OutputChange.Changed or OutputChange.Added ? 1 : 0;
            LinesRemoved += change == OutputChange.Removed ? 1 : 0;
        }
    }
}
