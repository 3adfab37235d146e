namespace Squero.Experiments;

/// <summary>A table of candidates under a name. It is its owner's alone, or for all who see the project.</summary>
public sealed record SavedView
{
    public long Id { get; init; }

    public long ProjectId { get; init; }

    public long PersonId { get; init; }

    public string Name { get; init; } = "";

    public bool IsShared { get; init; }

    /// <summary>Filter, order and columns as they stand in an address.</summary>
    public string State { get; init; } = "";

    public TableState Table => TableState.Parse(State);
}
