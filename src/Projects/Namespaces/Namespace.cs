namespace Squero.Projects;

/// <summary>Where projects live: a person's own namespace, or a group (which may lie in a group).</summary>
public sealed record Namespace
{
    public long Id { get; init; }

    public long? ParentId { get; init; }

    /// <summary>The owner of a person's namespace; null for a group.</summary>
    public long? PersonId { get; init; }

    public string Path { get; init; } = "";

    public string FullPath { get; init; } = "";

    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    public Visibility Visibility { get; init; }

    public bool IsGroup => PersonId is null;
}
