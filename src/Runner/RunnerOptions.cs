namespace Squero.Runner;

/// <summary>How one runner works. Only server, token and the hidden paths have to be given.</summary>
public sealed record RunnerOptions
{
    /// <summary>Address of the server, as in <c>http://127.0.0.1:7070</c>; a path is kept, <c>/api/v4</c> is added.</summary>
    public required Uri Server { get; init; }

    /// <summary>The runner's own token (<c>glrt-…</c>).</summary>
    public required string Token { get; init; }

    /// <summary>Folder for the jobs' work trees, mode 0700; everything of a job is deleted when it ends. Null: in the user's cache.</summary>
    public string? WorkFolder { get; init; }

    /// <summary>Jobs at the same time, 1 to 64.</summary>
    public int Concurrency { get; init; } = 1;

    /// <summary>Files and folders that no job may see: at least the server's data folder. The work folder is always hidden.</summary>
    public IReadOnlyList<string> HiddenPaths { get; init; } = [];

    /// <summary>Run jobs also where they cannot be isolated. They can then read whatever the runner's user can.</summary>
    public bool AllowUnconfinedJobs { get; init; }

    /// <summary>Wait between two questions for a job when the server does not hold the question itself.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A silent job is reported alive so often; the answer may tell that it was canceled.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What running jobs get to report that they were interrupted when the runner is stopped.</summary>
    public TimeSpan ShutdownGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest after_script.</summary>
    public TimeSpan AfterScriptTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A job's log is cut here.</summary>
    public long MaxTraceBytes { get; init; } = 16L * 1024 * 1024;

    /// <summary>Most bytes of one artifact upload, and of one archive before it is unpacked.</summary>
    public long MaxArtifactBytes { get; init; } = 8L * 1024 * 1024 * 1024;

    /// <summary>Most bytes and entries that one archive may unpack to.</summary>
    public long MaxUnpackedBytes { get; init; } = 32L * 1024 * 1024 * 1024;

    public int MaxArchiveEntries { get; init; } = 200_000;

    /// <summary>PATH of the jobs. Null: the runner's own.</summary>
    public string? SearchPath { get; init; }

    /// <summary>When the runner is root, jobs run as this user id plus their slot: ids that nobody else has.</summary>
    public int FirstJobUser { get; init; } = 64900;

    /// <summary>Name for the server's list of runners.</summary>
    public string Name { get; init; } = "squero-runner";

    internal void Check()
    {
        if (Server.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException($"The server's address {Server} must begin with http:// or https://.");
        }

        if (Concurrency is < 1 or > 64)
        {
            throw new ArgumentException($"A runner takes 1 to 64 jobs at the same time, not {Concurrency}.");
        }

        if (string.IsNullOrWhiteSpace(Token))
        {
            throw new ArgumentException("A runner token (glrt-…) is needed.");
        }
    }
}
