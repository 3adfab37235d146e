using System.Text.RegularExpressions;
using Squero.Kernel;

namespace Squero.Registry;

/// <summary>A registered model of a project: a name and its immutable versions. An alias points at one of them.</summary>
public sealed partial record Model
{
    public const string Production = "production";

    public long Id { get; init; }

    public long ProjectId { get; init; }

    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    public long CreatedUs { get; init; }

    public long UpdatedUs { get; init; }

    /// <summary>Names stand in addresses of the serving gateway: letters, digits, dash, dot, underscore; 1 to 100.</summary>
    public static void CheckName(string name)
    {
        if (!NamePattern().IsMatch(name))
        {
            throw Refusal.Invalid($"`{name}` cannot be the name of a model: use up to 100 letters, digits, dashes, dots and underscores, beginning with a letter or digit.");
        }
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}

/// <summary>One immutable version of a model: an integer for clients, a SemVer label for people.</summary>
public sealed record ModelVersion
{
    public long Id { get; init; }

    public long ModelId { get; init; }

    public long Number { get; init; }

    public string Label { get; init; } = "";

    public long? CandidateId { get; init; }

    public long? CandidateIid { get; init; }

    /// <summary>The commit that trained it.</summary>
    public string? Sha { get; init; }

    public long? MergeRequestIid { get; init; }

    public long PersonId { get; init; }

    /// <summary>Which of its files is the model that serves.</summary>
    public string? ModelPath { get; init; }

    public long CreatedUs { get; init; }
}

/// <summary>A file of a version, by the hash of its content.</summary>
public sealed record VersionFile
{
    public string Path { get; init; } = "";

    public string Hash { get; init; } = "";

    public long Size { get; init; }
}

/// <summary>An alias pointed at a version from this moment on.</summary>
public sealed record AliasMove
{
    public string Alias { get; init; } = "";

    public long VersionId { get; init; }

    public long PersonId { get; init; }

    public long? MergeRequestIid { get; init; }

    public long MovedUs { get; init; }
}

public sealed record VersionCreated(long ProjectId, long ModelId, long VersionId);

/// <summary>An alias now points at another version; for the alias <c>production</c> a deployment follows.</summary>
public sealed record AliasMoved(long ProjectId, long ModelId, string Alias, long VersionId, long PersonId);
