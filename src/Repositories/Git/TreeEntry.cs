namespace Squero.Repositories;

public enum EntryKind
{
    Folder,
    File,
    Executable,
    Link,
    Submodule,
}

/// <summary>One name in a folder of a commit. Size in bytes is known for files only.</summary>
public sealed record TreeEntry(string Name, string Path, EntryKind Kind, string Oid, string Mode, long? Size);

/// <summary>A file of a commit. <see cref="Bytes"/> is empty when the file is larger than <see cref="Limit"/>.</summary>
public sealed record GitBlob(string Oid, string Path, long Size, string Mode, byte[] Bytes, bool IsBinary)
{
    /// <summary>Files up to 32 MB are loaded; larger ones are only offered for download.</summary>
    public const long Limit = 32 * 1024 * 1024;

    public bool IsLarge => Size > Limit;
}
