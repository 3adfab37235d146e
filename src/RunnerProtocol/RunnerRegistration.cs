using System.Text.Json.Serialization;

namespace Squero.RunnerProtocol;

/// <summary>Body of POST /runners/verify, DELETE /runners and DELETE /runners/managers.</summary>
public sealed record RunnerIdentity
{
    public string? Token { get; init; }
    /// <summary>The machine, since one token may serve many: <c>s_</c> or <c>r_</c> and 12 characters; missing in old runners.</summary>
    public string? SystemId { get; init; }
    public RunnerDetails? Info { get; init; }
}

/// <summary>Body of POST /runners (with a registration token) and, without <c>token</c>, of POST /user/runners.</summary>
public sealed record RunnerRegistration
{
    public string? Token { get; init; }
    public string? Description { get; init; }
    public string? MaintenanceNote { get; init; }
    /// <summary>A list or a text with commas on the wire.</summary>
    [JsonConverter(typeof(CommaListConverter))]
    public IReadOnlyList<string>? TagList { get; init; }
    public bool? RunUntagged { get; init; }
    public bool? Locked { get; init; }
    public bool? Paused { get; init; }
    /// <summary>Old clients send this in place of <see cref="Paused"/>, with the opposite sense.</summary>
    public bool? Active { get; init; }
    /// <summary><c>not_protected</c> or <c>ref_protected</c>.</summary>
    public string? AccessLevel { get; init; }
    /// <summary>Seconds.</summary>
    public int? MaximumTimeout { get; init; }
    /// <summary><c>instance_type</c>, <c>group_type</c> or <c>project_type</c> (POST /user/runners).</summary>
    public string? RunnerType { get; init; }
    public long? GroupId { get; init; }
    public long? ProjectId { get; init; }
    public RunnerDetails? Info { get; init; }
}

/// <summary>Answer of registration and verify. <see cref="Id"/> must not be 0: <c>gitlab-runner register</c> crashes on it.</summary>
public sealed record RunnerCredentials
{
    /// <summary>A server's runner tokens begin with this, or <c>gitlab-runner register</c> takes them for registration tokens.</summary>
    public const string TokenPrefix = "glrt-";

    public required long Id { get; init; }
    public required string Token { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public DateTimeOffset? TokenExpiresAt { get; init; }
}
