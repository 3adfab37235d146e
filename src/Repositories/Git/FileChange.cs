namespace Squero.Repositories;

public enum ChangeKind
{
    Added,
    Removed,
    Modified,
    Renamed,
}

/// <summary>
/// One file that differs between two commits. A side that is not there has a null path and oid (forty zeros are never used).
/// Line counts are 0 for binary files.
/// </summary>
public sealed record FileChange(
    string? OldPath, string? NewPath, ChangeKind Kind, string? OldOid, string? NewOid, string OldMode, string NewMode, int Added, int Removed, bool IsBinary)
{
    /// <summary>The path to show: the new one, or the old one of a removed file.</summary>
    public string Path => NewPath ?? OldPath ?? "";

    public bool IsNotebook => Path.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase);
}

public enum PatchLineKind
{
    Same,
    Added,
    Removed,

    /// <summary>Git's word that the file does not end with a line end.</summary>
    NoNewline,
}

/// <summary>A line of a hunk with its number on each side it exists on (from 1).</summary>
public sealed record PatchLine(PatchLineKind Kind, int? Old, int? New, string Text);

/// <summary>A run of changed lines with its context. Heading is what git writes after the second @@.</summary>
public sealed record PatchHunk(int OldStart, int OldCount, int NewStart, int NewCount, string Heading, IReadOnlyList<PatchLine> Lines);

/// <summary>What changed inside one file. Without hunks when the file is binary, or when <see cref="IsTooLarge"/>.</summary>
public sealed record FilePatch(FileChange File, IReadOnlyList<PatchHunk> Hunks, bool IsBinary, bool IsTooLarge)
{
    /// <summary>Patches over this many bytes are not read.</summary>
    public const int Limit = 2 * 1024 * 1024;
}
