namespace Squero.RunnerProtocol;

/// <summary>Header names of the protocol beside HTTP's own Content-Range and Range.</summary>
public static class RunnerHeaders
{
    public const string RunnerToken = "RUNNER-TOKEN";
    public const string JobToken = "JOB-TOKEN";
    /// <summary>On every answer to PUT and PATCH of a job: its state, see <see cref="JobStates"/>.</summary>
    public const string JobStatus = "Job-Status";
    /// <summary>On a 204 of a job request: the state of the runner's queue.</summary>
    public const string LastUpdate = "X-GitLab-Last-Update";
    /// <summary>Seconds until the runner shall send the next piece of log.</summary>
    public const string TraceUpdateInterval = "X-GitLab-Trace-Update-Interval";
    public const string RequestId = "X-Request-Id";
}

/// <summary>Paths below the server's address, as a runner calls them.</summary>
public static class RunnerPaths
{
    public const string Root = "api/v4/";
    public const string VerifyRunner = Root + "runners/verify";
    public const string RequestJob = Root + "jobs/request";

    public static string Job(long id) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Root}jobs/{id}");

    public static string Trace(long id) => Job(id) + "/trace";

    public static string Artifacts(long id) => Job(id) + "/artifacts";
}
