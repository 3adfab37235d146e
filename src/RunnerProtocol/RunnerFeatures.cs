namespace Squero.RunnerProtocol;

/// <summary>Names of the runner features that a server may ask for in <see cref="RunnerDetails.Supports"/>.</summary>
public static class RunnerFeatures
{
    public const string Variables = "variables";
    public const string RawVariables = "raw_variables";
    public const string Refspecs = "refspecs";
    public const string Masking = "masking";
    public const string TraceReset = "trace_reset";
    public const string TraceChecksum = "trace_checksum";
    public const string TraceSize = "trace_size";
    public const string Cancelable = "cancelable";
    public const string CancelGracefully = "cancel_gracefully";
    public const string ReturnExitCode = "return_exit_code";
    public const string UploadMultipleArtifacts = "upload_multiple_artifacts";
    public const string UploadRawArtifacts = "upload_raw_artifacts";
    public const string Artifacts = "artifacts";
    public const string ArtifactsExclude = "artifacts_exclude";
    public const string MultiBuildSteps = "multi_build_steps";
}
