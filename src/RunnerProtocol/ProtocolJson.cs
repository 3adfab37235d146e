using System.Text.Json.Serialization;

namespace Squero.RunnerProtocol;

/// <summary>
/// JSON of every body of the protocol: snake_case, null keys left out, numbers strict, unknown keys ignored.
/// <c>JsonSerializer.Deserialize(body, ProtocolJson.Default.JobRequest)</c>.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(RunnerIdentity))]
[JsonSerializable(typeof(RunnerRegistration))]
[JsonSerializable(typeof(RunnerCredentials))]
[JsonSerializable(typeof(JobRequest))]
[JsonSerializable(typeof(JobPayload))]
[JsonSerializable(typeof(JobUpdate))]
public sealed partial class ProtocolJson : JsonSerializerContext;
