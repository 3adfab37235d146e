using System.Text.RegularExpressions;
using Squero.Kernel;

namespace Squero.Registry;

/// <summary>What a registered thing is; decided when it is made and never changed. The numbers are stored.</summary>
public enum ModelKind
{
    Model = 0,

    /// <summary>Texts for language models, kept as versions; nothing of it is ever served.</summary>
    Prompt = 1,
}

/// <summary>A word that clients set on a version; it moves nothing. The numbers are stored.</summary>
public enum VersionStage
{
    None = 0,
    Staging = 1,
    Production = 2,
    Archived = 3,
}

/// <summary>A registered model of a project: a name and its immutable versions. An alias points at one of them.</summary>
public sealed partial record Model
{
    public const string Production = "production";

    public long Id { get; init; }

    public long ProjectId { get; init; }

    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    public ModelKind Kind { get; init; }

    public long CreatedUs { get; init; }

    public long UpdatedUs { get; init; }

    /// <summary>Its page within the project. A client's name may hold slashes.</summary>
    public string Area => $"models/{Uri.EscapeDataString(Name)}";

    /// <summary>True of the one alias that an environment follows. Nothing serves a prompt.</summary>
    public bool Serves(string alias) => Kind == ModelKind.Model && alias == Production;

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

    public string Description { get; init; } = "";

    /// <summary>Where the client said its files come from: a text, never followed.</summary>
    public string Source { get; init; } = "";

    /// <summary>Where clients find its files: a text for them.</summary>
    public string Location { get; init; } = "";

    public string RunLink { get; init; } = "";

    /// <summary>The candidate as the client named it; a fact only together with <see cref="CandidateId"/>.</summary>
    public string CandidateUid { get; init; } = "";

    public string CheckpointUid { get; init; } = "";

    public VersionStage Stage { get; init; }

    public long CreatedUs { get; init; }

    public long UpdatedUs { get; init; }

    public bool Deleted { get; init; }
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

/// <summary>An alias points at nothing any more; where it was <c>production</c>, what it served ends.</summary>
public sealed record AliasRemoved(long ProjectId, long ModelId, string Alias);
