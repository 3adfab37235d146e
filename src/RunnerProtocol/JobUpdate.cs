using System.Text.Json.Serialization;

namespace Squero.RunnerProtocol;

/// <summary>
/// Body of PUT /jobs/:id. With state running it is a sign of life; with success or failed it is the last call of a job,
/// after its artifacts and the whole log. Answers: 200; 202 log not stored yet, send again; 412 send the log anew; 403 give up.
/// </summary>
public sealed record JobUpdate
{
    public string? Token { get; init; }
    /// <summary>See <see cref="JobStates"/>: running, success or failed.</summary>
    public string? State { get; init; }
    /// <summary>See <see cref="FailureReasons"/>.</summary>
    public string? FailureReason { get; init; }
    /// <summary>Left out when 0.</summary>
    public int? ExitCode { get; init; }
    /// <summary>As <see cref="TraceOutput.Checksum"/>.</summary>
    public string? Checksum { get; init; }
    public TraceOutput? Output { get; init; }
    public RunnerDetails? Info { get; init; }
}

/// <summary>What the runner believes the whole log to be.</summary>
public sealed record TraceOutput
{
    /// <summary><c>crc32:</c> and 8 hexadecimal digits, see <see cref="Crc32.ToChecksum"/>.</summary>
    public string? Checksum { get; init; }
    [JsonPropertyName("bytesize")]
    public long? Size { get; init; }
}

/// <summary>States as they travel: in PUT bodies and in the header <see cref="RunnerHeaders.JobStatus"/>.</summary>
public static class JobStates
{
    public const string Pending = "pending";
    public const string Running = "running";
    public const string Success = "success";
    public const string Failed = "failed";
    /// <summary>The runner is to stop the script, run after_script and report failed with job_canceled.</summary>
    public const string Canceling = "canceling";
    /// <summary>The runner is to kill the job and send nothing more.</summary>
    public const string Canceled = "canceled";
}
