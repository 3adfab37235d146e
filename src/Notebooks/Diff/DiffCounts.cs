namespace Squero.Notebooks;

/// <summary>How many cells of each kind of change; Outputs counts single outputs. The noise is counted apart, in cells.</summary>
public sealed record DiffCounts(int Added, int Removed, int Edited, int Moved, int Outputs, int Metadata, int NoiseExecutionCounts, int NoiseMetadata, int Unchanged, int Reencoded = 0);
