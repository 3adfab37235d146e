namespace Squero.Notebooks;

public sealed record DiffOptions
{
    public static DiffOptions Default { get; } = new();

    /// <summary>Aligns cells by content alone, as if none had an id.</summary>
    public bool IgnoreIds { get; init; }
}
