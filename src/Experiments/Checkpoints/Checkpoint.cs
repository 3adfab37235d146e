namespace Squero.Experiments;

/// <summary>How the upload of a checkpoint stands. The numbers are stored.</summary>
public enum CheckpointStatus
{
    Pending = 1,
    Ready = 2,
    UploadFailed = 3,
}

/// <summary>A model that a training wrote down, before anybody registered it: a name, notes and files.</summary>
public sealed record Checkpoint
{
    /// <summary><c>m-</c> and 32 hexadecimal digits.</summary>
    public string Uid { get; init; } = "";

    public long Id { get; init; }

    public long ProjectId { get; init; }

    public long ExperimentId { get; init; }

    public string? CandidateUid { get; init; }

    public string Name { get; init; } = "";

    public string? Kind { get; init; }

    public CheckpointStatus Status { get; init; }

    public long CreatedUs { get; init; }

    public long UpdatedUs { get; init; }

    public IReadOnlyList<NamedText> Params { get; init; } = [];

    public IReadOnlyList<NamedText> Tags { get; init; } = [];
}
