namespace Squero.RunnerProtocol;

/// <summary>
/// Body of POST /jobs/request. Answers: 201 with a <see cref="JobPayload"/>; 204 with
/// <see cref="RunnerHeaders.LastUpdate"/> when there is nothing to do; 409 after a lost race; 403 for an unknown token only.
/// </summary>
public sealed record JobRequest
{
    public string? Token { get; init; }
    public string? SystemId { get; init; }
    /// <summary>The queue state of the last 204. While it is current the server may hold the request up to 50 seconds.</summary>
    public string? LastUpdate { get; init; }
    /// <summary>Only jobs that are in the queue longer than so many seconds.</summary>
    public int? JobAge { get; init; }
    public RunnerDetails? Info { get; init; }
    public RunnerSession? Session { get; init; }
}

/// <summary>Where a runner offers a web terminal. Squero's own runner never sends it.</summary>
public sealed record RunnerSession
{
    public string? Url { get; init; }
    public string? Certificate { get; init; }
    public string? Authorization { get; init; }
}
