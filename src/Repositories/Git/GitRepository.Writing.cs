using LibGit2Sharp;

namespace Squero.Repositories;

/// <summary>Commits, tags and refs. Branches and tags move through <see cref="MoveBranch"/>, which records it.</summary>
public sealed partial class GitRepository
{
    /// <summary>Stores a commit and returns its id.</summary>
    public Task<string> CommitTreeAsync(
        string tree, IReadOnlyList<string> parents, string message, GitIdentity author, GitIdentity committer, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var library = new Repository(path);
        var stored = library.ObjectDatabase.CreateCommit(
            Sign(author),
            Sign(committer),
            message.Replace("\0", "", StringComparison.Ordinal),
            library.Lookup<Tree>(tree) ?? throw new ArgumentException($"There is no tree {tree}."),
            parents.Select(parent => library.Lookup<Commit>(parent) ?? throw new ArgumentException($"There is no commit {parent}.")),
            prettifyMessage: true);
        return Task.FromResult(stored.Sha);
    }

    /// <summary>Stores an annotated tag (without a ref) and returns its id.</summary>
    public Task<string> CreateTagAsync(string name, string sha, string message, GitIdentity tagger, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var library = new Repository(path);
        var target = library.Lookup<Commit>(sha) ?? throw new ArgumentException($"There is no commit {sha}.");
        return Task.FromResult(library.ObjectDatabase.CreateTagAnnotation(name, target, Sign(tagger), message.Replace("\0", "", StringComparison.Ordinal)).Sha);
    }

    /// <summary>Compare and swap: false when the ref is not at <paramref name="oldSha"/>. "" or zeros: it must not exist. Full names only.</summary>
    public async Task<bool> UpdateRefAsync(string name, string newSha, string oldSha, CancellationToken cancel)
    {
        CheckRef(name);
        var before = GitNames.IsNothing(oldSha) ? RefUpdate.Nothing : CheckSha(oldSha);
        var done = GitNames.IsNothing(newSha)
            ? await git.RunAsync(path, ["update-ref", "-d", name, before], cancel)
            : await git.RunAsync(path, ["update-ref", name, CheckSha(newSha), before], cancel);
        return done.ExitCode == 0;
    }

    /// <summary>Deletes the ref whatever it holds; nothing happens when it is not there.</summary>
    public async Task DeleteRefAsync(string name, CancellationToken cancel)
    {
        CheckRef(name);
        await git.RunAsync(path, ["update-ref", "-d", name], cancel);
    }

    /// <summary>Points HEAD at a branch: what a clone checks out.</summary>
    internal Task SetHeadAsync(string branch, CancellationToken cancel) =>
        git.RequireAsync(path, ["symbolic-ref", "HEAD", CheckRef($"refs/heads/{branch}")], cancel);

    private static string CheckRef(string name) =>
        GitNames.IsFullRef(name) ? name : throw new ArgumentException($"`{name}` is not the full name of a ref.");

    private static string CheckSha(string sha) => GitNames.IsSha(sha) ? sha : throw new ArgumentException($"`{sha}` is not a full object id.");

    private static Signature Sign(GitIdentity identity) => new(Clean(identity.Name, "unknown"), Clean(identity.Email, "unknown@users.invalid"), identity.At);

    private static string Clean(string text, string otherwise)
    {
        var clean = new string([.. text.Where(c => !char.IsControl(c) && c is not ('<' or '>'))]).Trim();
        return clean.Length == 0 ? otherwise : clean;
    }
}
