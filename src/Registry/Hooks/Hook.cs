using Squero.Experiments;

namespace Squero.Registry;

/// <summary>An address that wants to know what happens in a project's registry.</summary>
public sealed record Hook
{
    public const int MaxUrl = 2000;

    public long Id { get; init; }

    /// <summary>A GUID with dashes.</summary>
    public string Uid { get; init; } = "";

    public long ProjectId { get; init; }

    public string Name { get; init; } = "";

    public string? Description { get; init; }

    public string Url { get; init; } = "";

    /// <summary>Names of events, sorted.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>Whether deliveries are signed; the secret itself is never read back.</summary>
    public bool HasSecret { get; init; }

    public bool Active { get; init; }

    public long CreatedUs { get; init; }

    public long UpdatedUs { get; init; }
}

/// <summary>What happened to a model or prompt.</summary>
public enum RegistryAct
{
    ModelCreated,
    VersionCreated,
    ModelTagSet,
    ModelTagDeleted,
    VersionTagSet,
    VersionTagDeleted,
    AliasSet,
    AliasRemoved,
}

/// <summary>Something in the registry changed; what it does not concern is null.</summary>
/// <param name="Name">Of the model or prompt.</param>
public sealed record RegistryChanged(
    long ProjectId, ModelKind Kind, string Name, RegistryAct Act, ModelVersion? Version = null, long? Number = null, NamedText? Tag = null, string? Alias = null,
    string? Description = null, IReadOnlyList<NamedText>? Tags = null);

/// <summary>How a delivery is written and signed: the protocol's business.</summary>
public interface IHookMessage
{
    /// <summary>Headers of a delivery besides its type.</summary>
    IEnumerable<KeyValuePair<string, string>> Headers(string deliveryUid, string body, string? secret);
}

/// <summary>Where hooks may lead.</summary>
/// <param name="Private">Also to this machine and the network around it.</param>
public sealed record HookLimits(bool Private = false);
