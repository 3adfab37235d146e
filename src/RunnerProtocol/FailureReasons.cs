namespace Squero.RunnerProtocol;

/// <summary>Why a job failed, as runner and server name it. A server keeps one that it does not know as <see cref="Unknown"/>.</summary>
public static class FailureReasons
{
    public const string Unknown = "unknown_failure";
    public const string Script = "script_failure";
    public const string Api = "api_failure";
    public const string StuckOrTimeout = "stuck_or_timeout_failure";
    public const string RunnerSystem = "runner_system_failure";
    public const string MissingDependency = "missing_dependency_failure";
    public const string RunnerUnsupported = "runner_unsupported";
    public const string ExecutionTimeout = "job_execution_timeout";
    public const string Archived = "archived_failure";
    public const string DataIntegrity = "data_integrity_failure";
    public const string ImagePull = "image_pull_failure";
    public const string RunnerConfiguration = "runner_configuration_error";
    public const string RunnerExternalDependency = "runner_external_dependency_failure";
    /// <summary>The runner was stopped while the job ran.</summary>
    public const string RunnerInterrupted = "runner_interrupted";
    public const string JobCanceled = "job_canceled";
    public const string TraceSizeExceeded = "trace_size_exceeded";

    /// <summary>All of them, for <see cref="JobFeatures.FailureReasons"/>.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Unknown, Script, Api, StuckOrTimeout, RunnerSystem, MissingDependency, RunnerUnsupported, ExecutionTimeout, Archived,
        DataIntegrity, ImagePull, RunnerConfiguration, RunnerExternalDependency, RunnerInterrupted, JobCanceled, TraceSizeExceeded,
    ];
}
