using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Squero.RunnerProtocol;

namespace Squero.Runner;

/// <summary>What this runner tells about itself.</summary>
internal static class RunnerSelf
{
    private static readonly JsonElement Yes = JsonElement.Parse("true");

    public static string Version { get; } = typeof(RunnerSelf).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    private static readonly Dictionary<string, JsonElement> Features = new[]
    {
        RunnerFeatures.Variables, RunnerFeatures.RawVariables, RunnerFeatures.Refspecs, RunnerFeatures.Masking, RunnerFeatures.TraceReset,
        RunnerFeatures.TraceChecksum, RunnerFeatures.TraceSize, RunnerFeatures.Cancelable, RunnerFeatures.CancelGracefully,
        RunnerFeatures.ReturnExitCode, RunnerFeatures.UploadMultipleArtifacts, RunnerFeatures.UploadRawArtifacts, RunnerFeatures.Artifacts,
        RunnerFeatures.ArtifactsExclude,
    }.ToDictionary(name => name, _ => Yes);

    /// <summary><c>s_</c> and 12 hexadecimal digits, the same for this machine at every start.</summary>
    public static string SystemId()
    {
        var machine = File.Exists("/etc/machine-id") ? File.ReadAllText("/etc/machine-id") : Environment.MachineName;
        return "s_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("squero:" + machine)))[..12];
    }

    public static RunnerDetails Describe(RunnerOptions options) => new()
    {
        Name = options.Name,
        Version = Version,
        Revision = Version,
        Platform = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux",
        Architecture = RuntimeInformation.OSArchitecture == Architecture.X64 ? "amd64" : RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
        Executor = "shell",
        Shell = "bash",
        Features = Features,
    };
}
