namespace Squero.Pipelines;

/// <summary>A job as far as its turn is concerned.</summary>
internal sealed record BoardJob
{
    public long Id { get; init; }

    public string Name { get; init; } = "";

    public int StageIndex { get; init; }

    public JobStatus Status { get; init; }

    public bool AllowFailure { get; init; }

    public JobWhen StartWhen { get; init; }

    public string? ResourceGroup { get; init; }

    public string Plan { get; init; } = "{}";

    public PlannedJob Planned() => PlannedJobJson.Read(Plan);

    public TurnJob ToTurn() =>
        new(Id, Name, StageIndex, Status, AllowFailure, StartWhen, Planned().Needs?.Select(need => need.Job).ToArray(), ResourceGroup is not null);
}

/// <summary>Why a job ended as it did.</summary>
internal sealed record JobEnding(JobStatus Status, string? Reason = null, string? Note = null, int? ExitCode = null);
