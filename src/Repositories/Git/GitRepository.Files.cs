using System.Text;
using LibGit2Sharp;

namespace Squero.Repositories;

/// <summary>Folders and files of a commit.</summary>
public sealed partial class GitRepository
{
    private const int MaxFiles = 50_000;
    private const int BinaryProbe = 8000;

    /// <summary>A folder of a commit, folders first; null when it is not one. The root is "".</summary>
    public Task<IReadOnlyList<TreeEntry>?> TreeAsync(string sha, string path, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var library = new Repository(this.path);
        if (!GitNames.IsPath(path) || Find(library, sha) is not { } commit)
        {
            return Task.FromResult<IReadOnlyList<TreeEntry>?>(null);
        }

        var tree = path.Length == 0 ? commit.Tree : commit.Tree[path]?.Target as Tree;
        IReadOnlyList<TreeEntry>? entries = tree?.Take(MaxFiles)
            .Select(entry => Describe(library, entry, path))
            .OrderBy(entry => entry.Kind == EntryKind.Folder ? 0 : 1)
            .ThenBy(entry => entry.Name, StringComparer.Ordinal)
            .ToList();
        return Task.FromResult(entries);
    }

    /// <summary>All paths of a commit, at most 50,000.</summary>
    public async Task<IReadOnlyList<string>> FilesAsync(string sha, CancellationToken cancel)
    {
        if (await ResolveAsync(sha, cancel) is not { } commit)
        {
            return [];
        }

        var listed = await git.RunAsync(path, ["ls-tree", "-r", "-z", "--name-only", "--full-tree", commit], cancel, limit: 16 * 1024 * 1024);
        return [.. Encoding.UTF8.GetString(listed.Output).Split('\0', StringSplitOptions.RemoveEmptyEntries).Take(MaxFiles)];
    }

    /// <summary>A file of a commit. Its bytes are left out when it is larger than the limit.</summary>
    public Task<GitBlob?> BlobAsync(string sha, string path, CancellationToken cancel, long limit = GitBlob.Limit)
    {
        cancel.ThrowIfCancellationRequested();
        using var library = new Repository(this.path);
        if (path.Length == 0 || !GitNames.IsPath(path) || Find(library, sha)?.Tree[path] is not { TargetType: TreeEntryTargetType.Blob } entry)
        {
            return Task.FromResult<GitBlob?>(null);
        }

        var size = library.ObjectDatabase.RetrieveObjectMetadata(entry.Target.Id).Size;
        var bytes = size > limit ? [] : Read((Blob)entry.Target, size);
        return Task.FromResult<GitBlob?>(
            new GitBlob(entry.Target.Sha, path, size, ModeOf(entry.Mode), bytes, size > limit || IsBinary(bytes)));
    }

    /// <summary>The id of the blob at a path, without reading it; null when there is none.</summary>
    public Task<string?> BlobOidAsync(string sha, string path, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var library = new Repository(this.path);
        var isNamed = path.Length > 0 && GitNames.IsPath(path);
        return Task.FromResult(isNamed && Find(library, sha)?.Tree[path] is { TargetType: TreeEntryTargetType.Blob } entry ? entry.Target.Sha : null);
    }

    /// <summary>The bytes of a blob by its id; null when it is not there, not a blob, or larger than the limit.</summary>
    public Task<byte[]?> BytesAsync(string blobOid, long limit, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (!GitNames.IsSha(blobOid))
        {
            return Task.FromResult<byte[]?>(null);
        }

        using var library = new Repository(path);
        var size = SizeOf(library, blobOid);
        return Task.FromResult(size <= limit && library.Lookup<Blob>(blobOid) is { } blob ? Read(blob, size.Value) : null);
    }

    /// <summary>Copies a blob of any size at constant memory; null when there is no such blob. The size is known before the first byte.</summary>
    internal async Task<bool> CopyBlobAsync(string blobOid, Stream to, CancellationToken cancel)
    {
        await using var process = git.Start(path, ["cat-file", "blob", blobOid]);
        process.CloseInput();
        await process.Output.CopyToAsync(to, 64 * 1024, cancel);
        return await process.WaitAsync(cancel) == 0;
    }

    /// <summary>Size of a blob, or null when there is no such blob.</summary>
    internal Task<long?> BlobSizeAsync(string blobOid, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var library = new Repository(path);
        return Task.FromResult(GitNames.IsSha(blobOid) ? SizeOf(library, blobOid) : null);
    }

    // The library throws where there is no such object.
    private static long? SizeOf(Repository library, string oid)
    {
        var id = new ObjectId(oid);
        return library.ObjectDatabase.Contains(id) && library.ObjectDatabase.RetrieveObjectMetadata(id) is { Type: ObjectType.Blob } blob ? blob.Size : null;
    }

    // As git does it: a NUL among the first bytes.
    internal static bool IsBinary(ReadOnlySpan<byte> bytes) => bytes[..Math.Min(bytes.Length, BinaryProbe)].Contains((byte)0);

    private static byte[] Read(Blob blob, long size)
    {
        var bytes = new byte[size];
        using var stream = blob.GetContentStream();
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static TreeEntry Describe(Repository library, LibGit2Sharp.TreeEntry entry, string folder)
    {
        var kind = entry.Mode switch
        {
            Mode.Directory => EntryKind.Folder,
            Mode.ExecutableFile => EntryKind.Executable,
            Mode.SymbolicLink => EntryKind.Link,
            Mode.GitLink => EntryKind.Submodule,
            _ => EntryKind.File,
        };
        var size = kind is EntryKind.Folder or EntryKind.Submodule ? (long?)null : library.ObjectDatabase.RetrieveObjectMetadata(entry.Target.Id).Size;
        return new TreeEntry(entry.Name, folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}", kind, entry.Target.Sha, ModeOf(entry.Mode), size);
    }

    private static string ModeOf(Mode mode) => Convert.ToString((int)mode, 8).PadLeft(6, '0');
}
