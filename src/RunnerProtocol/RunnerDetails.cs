using System.Text.Json;

namespace Squero.RunnerProtocol;

/// <summary>What a runner tells about itself (the <c>info</c> object of its calls). Everything may be missing.</summary>
public sealed record RunnerDetails
{
    public string? Name { get; init; }
    public string? Version { get; init; }
    public string? Revision { get; init; }
    public string? Platform { get; init; }
    public string? Architecture { get; init; }
    public string? Executor { get; init; }
    public string? Shell { get; init; }
    /// <summary>Feature name to true or false; kept loose because new ones come with every release of GitLab Runner.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Features { get; init; }

    /// <summary>Whether the runner says that it can do the named thing, as in <c>cancel_gracefully</c>.</summary>
    public bool Supports(string feature) =>
        Features is not null && Features.TryGetValue(feature, out var value) && value.ValueKind == JsonValueKind.True;
}
