namespace Squero.Accounts;

/// <summary>A personal access token. The secret itself is shown once and stored as a hash.</summary>
public sealed record AccessToken
{
    public long Id { get; init; }

    public long PersonId { get; init; }

    public string Name { get; init; } = "";

    /// <summary>Separated by spaces.</summary>
    public string Scopes { get; init; } = "";

    public long CreatedUs { get; init; }

    public long? ExpiresUs { get; init; }

    public long? LastUsedUs { get; init; }

    public bool Revoked { get; init; }
}
