namespace Squero.Repositories;

/// <summary>
/// One project's repository. Revisions are full ids, ids of at least four digits, names of branches and tags, or full ref names;
/// nothing of git's revision grammar (no <c>~</c>, <c>^</c>, <c>..</c>, <c>@{}</c>). What is absent is null, never an exception.
/// </summary>
public sealed class GitRepository
{
    /// <summary>The full id of the commit that a revision leads to, or null.</summary>
    public Task<string?> ResolveAsync(string revision, CancellationToken cancel) => throw new NotImplementedException();

    public Task<GitCommit?> CommitAsync(string revision, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>At most 10,000, by name.</summary>
    public Task<IReadOnlyList<GitRef>> BranchesAsync(CancellationToken cancel) => throw new NotImplementedException();

    public Task<IReadOnlyList<GitRef>> TagsAsync(CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>A folder of a commit, folders first; null when it is not one. The root is "".</summary>
    public Task<IReadOnlyList<TreeEntry>?> TreeAsync(string sha, string path, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>All paths of a commit, at most 50,000.</summary>
    public Task<IReadOnlyList<string>> FilesAsync(string sha, CancellationToken cancel) => throw new NotImplementedException();

    public Task<GitBlob?> BlobAsync(string sha, string path, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>The bytes of a blob by its id; null when it is not there, not a blob, or larger than the limit.</summary>
    public Task<byte[]?> BytesAsync(string blobOid, long limit, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Commits reachable from one and not from the other, newest first; at most 1,000 at a time.</summary>
    public Task<IReadOnlyList<GitCommit>> LogAsync(string from, string? notFrom, int skip, int take, string? path, CancellationToken cancel) => throw new NotImplementedException();

    public Task<string?> MergeBaseAsync(string one, string other, CancellationToken cancel) => throw new NotImplementedException();

    public Task<bool> IsAncestorAsync(string ancestor, string descendant, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>The files that differ; <paramref name="before"/> empty or zeros means the empty tree. At most 10,000.</summary>
    public Task<IReadOnlyList<FileChange>> ChangesAsync(string before, string after, CancellationToken cancel) => throw new NotImplementedException();

    public Task<FilePatch> PatchAsync(string before, string after, FileChange file, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Merges source into target without moving anything.</summary>
    public Task<MergeTrial> TryMergeAsync(string target, string source, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Stores a commit and returns its id.</summary>
    public Task<string> CommitTreeAsync(
        string tree, IReadOnlyList<string> parents, string message, GitIdentity author, GitIdentity committer, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Compare and swap: false when the ref is not at <paramref name="oldSha"/>. "" or zeros: it must not exist. Full names only.</summary>
    public Task<bool> UpdateRefAsync(string name, string newSha, string oldSha, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Deletes the ref whatever it holds; nothing happens when it is not there.</summary>
    public Task DeleteRefAsync(string name, CancellationToken cancel) => throw new NotImplementedException();
}
