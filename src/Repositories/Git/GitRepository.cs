using LibGit2Sharp;

namespace Squero.Repositories;

/// <summary>
/// One project's repository. Revisions are full ids, ids of at least four digits, names of branches and tags, or full ref names;
/// nothing of git's revision grammar (no <c>~</c>, <c>^</c>, <c>..</c>, <c>@{}</c>). What is absent is null, never an exception.
/// Point reads go through LibGit2Sharp (0.2 ms), the rest through the git program (from 2 ms).
/// </summary>
public sealed partial class GitRepository
{
    private const int MaxRefs = 10_000;
    private readonly string path;
    private readonly GitProcess git;

    internal GitRepository(string path, GitProcess git) => (this.path, this.git) = (path, git);

    internal string Path => path;

    /// <summary>The full id of the commit that a revision leads to, or null.</summary>
    public Task<string?> ResolveAsync(string revision, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var library = new Repository(path);
        return Task.FromResult(Find(library, revision)?.Sha);
    }

    public Task<GitCommit?> CommitAsync(string revision, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var library = new Repository(path);
        return Task.FromResult(Find(library, revision) is { } commit ? Describe(commit) : null);
    }

    /// <summary>At most 10,000, by name.</summary>
    public Task<IReadOnlyList<GitRef>> BranchesAsync(CancellationToken cancel) => RefsAsync("refs/heads/", cancel);

    public Task<IReadOnlyList<GitRef>> TagsAsync(CancellationToken cancel) => RefsAsync("refs/tags/", cancel);

    /// <summary>What a ref holds (an annotated tag's own id), or null. Full names only.</summary>
    public Task<string?> RefAsync(string fullName, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (!GitNames.IsFullRef(fullName))
        {
            return Task.FromResult<string?>(null);
        }

        using var library = new Repository(path);
        return Task.FromResult(library.Refs[fullName]?.ResolveToDirectReference()?.TargetIdentifier);
    }

    /// <summary>True when the repository has no branch.</summary>
    public Task<bool> IsEmptyAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var library = new Repository(path);
        return Task.FromResult(!library.Refs.FromGlob("refs/heads/*").Any());
    }

    /// <summary>The branch that HEAD names, whether or not it is there.</summary>
    internal Task<string?> HeadBranchAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var library = new Repository(path);
        var target = library.Refs.Head.TargetIdentifier;
        return Task.FromResult(target.StartsWith("refs/heads/", StringComparison.Ordinal) ? target["refs/heads/".Length..] : null);
    }

    public Task<string?> MergeBaseAsync(string one, string other, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var library = new Repository(path);
        return Task.FromResult(
            Find(library, one) is { } first && Find(library, other) is { } second ? library.ObjectDatabase.FindMergeBase(first, second)?.Sha : null);
    }

    public async Task<bool> IsAncestorAsync(string ancestor, string descendant, CancellationToken cancel) =>
        await ResolveAsync(ancestor, cancel) is { } sha && await MergeBaseAsync(sha, descendant, cancel) == sha;

    internal static Commit? Find(Repository library, string? revision)
    {
        if (string.IsNullOrEmpty(revision))
        {
            return null;
        }

        if (GitNames.IsSha(revision))
        {
            return Peel(library.Lookup(new ObjectId(revision)));
        }

        if (revision == "HEAD")
        {
            return library.Head.Tip;
        }

        if (!GitNames.IsRefName(revision))
        {
            return null;
        }

        return ByRef(library, $"refs/heads/{revision}") ?? ByRef(library, $"refs/tags/{revision}")
            ?? (revision.StartsWith("refs/", StringComparison.Ordinal) ? ByRef(library, revision) : null)
            ?? ByShortSha(library, revision);
    }

    internal static GitCommit Describe(Commit commit) =>
        new(
            commit.Sha,
            commit.Tree.Sha,
            [.. commit.Parents.Select(parent => parent.Sha)],
            commit.Author.Name,
            commit.Author.Email,
            commit.Author.When,
            commit.Committer.Name,
            commit.Committer.Email,
            commit.Committer.When,
            commit.Message);

    private static Commit? ByRef(Repository library, string name) =>
        library.Refs[name]?.ResolveToDirectReference() is { } direct ? Peel(direct.Target) : null;

    private static Commit? ByShortSha(Repository library, string text)
    {
        if (text.Length is < 4 or > 39 || !GitNames.IsHex(text))
        {
            return null;
        }

        try
        {
            return Peel(library.Lookup(text));
        }
        catch (AmbiguousSpecificationException)
        {
            return null;
        }
    }

    private static Commit? Peel(GitObject? found) =>
        found switch
        {
            Commit commit => commit,
            TagAnnotation tag => Peel(tag.Target),
            _ => null,
        };

    private Task<IReadOnlyList<GitRef>> RefsAsync(string prefix, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var library = new Repository(path);
        var refs = new List<GitRef>();
        foreach (var reference in library.Refs.FromGlob(prefix + "*").OrderBy(entry => entry.CanonicalName, StringComparer.Ordinal).Take(MaxRefs))
        {
            if (reference.ResolveToDirectReference() is not { Target: { } target } || Peel(target) is not { } commit)
            {
                continue;
            }

            refs.Add(new GitRef(reference.CanonicalName[prefix.Length..], reference.CanonicalName, commit.Sha, Describe(commit))
            {
                TargetSha = target.Sha,
                Message = (target as TagAnnotation)?.Message,
            });
        }

        return Task.FromResult<IReadOnlyList<GitRef>>(refs);
    }
}
