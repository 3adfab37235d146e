namespace Squero.Experiments;

/// <summary>
/// Comparable attempts of one project; each attempt is a <see cref="Candidate"/>. Experiment 0, "Default", exists from the start.
/// </summary>
public sealed record Experiment
{
    public const int MaxNameLength = 500;
    public const string DefaultName = "Default";

    public long Id { get; init; }

    public long ProjectId { get; init; }

    /// <summary>The number within the project; 0 is the default experiment.</summary>
    public long Iid { get; init; }

    public string Name { get; init; } = "";

    /// <summary>Where a client would like artifacts to be: inert text, never followed.</summary>
    public string? Location { get; init; }

    public bool Deleted { get; init; }

    public long CreatedUs { get; init; }

    public long UpdatedUs { get; init; }

    /// <summary>The pipeline whose job created it, as a fact; null for people's.</summary>
    public long? PipelineId { get; init; }
}

/// <summary>A name and what it stands for: a tag, a param.</summary>
public sealed record NamedText(string Name, string Value);
