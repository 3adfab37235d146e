namespace Squero.MergeRequests;

/// <summary>What happened to a merge request besides what people said. The numbers are stored.</summary>
public enum RequestEventKind
{
    Opened = 1,
    Pushed = 2,
    Chose = 3,
    Unchose = 4,
    Merged = 5,
    Closed = 6,
    Reopened = 7,
    Renamed = 8,
    SourceDeleted = 9,
    MadeDraft = 10,
    MadeReady = 11,
    Promoted = 12,
    NotPromoted = 13,

    /// <summary>Somebody merged the target into the source branch, deciding what collided.</summary>
    Resolved = 14,
}

/// <summary>One entry of a merge request's history. What the detail says depends on the kind: a sha, a title, a candidate's label.</summary>
public sealed record RequestEvent
{
    public long Id { get; init; }

    public long RequestId { get; init; }

    public RequestEventKind Kind { get; init; }

    public long PersonId { get; init; }

    public long AtUs { get; init; }

    public string Detail { get; init; } = "";
}
