using System.Text;

namespace Squero.Repositories;

/// <summary>
/// A merge that was worked out and not made: its objects live as long as the draft. <see cref="KeepAsync"/> makes them part of the
/// repository; nothing moves by that. Dispose it.
/// </summary>
public sealed class MergeDraft : IDisposable
{
    private readonly GitRepository repository;
    private readonly GitProcess git;
    private readonly ObjectDraft objects;

    internal MergeDraft(GitRepository repository, GitProcess git, ObjectDraft objects, MergeTrial trial) =>
        (this.repository, this.git, this.objects, Trial) = (repository, git, objects, trial);

    public MergeTrial Trial { get; }

    /// <summary>A blob of a side or of the common ancestor, which may itself be a merge; null when it is larger than the limit.</summary>
    public async Task<byte[]?> BytesAsync(string blobOid, int limit, CancellationToken cancel)
    {
        if (await repository.BytesAsync(blobOid, limit, cancel) is { } known)
        {
            return known;
        }

        var read = GitNames.IsSha(blobOid)
            ? await git.RunAsync(repository.Path, ["cat-file", "blob", blobOid], cancel, limit, environment: objects.Environment)
            : throw new ArgumentException($"`{blobOid}` is not a full object id.");
        return read.IsCut || read.ExitCode != 0 ? null : read.Output;
    }

    /// <summary>Stores the merged tree with these contents for its conflicted files, and returns its id. There must be one for each.</summary>
    public async Task<string> KeepAsync(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> contents, CancellationToken cancel)
    {
        var tree = Trial switch
        {
            MergeTrial.Clean clean when contents.Count == 0 => clean.TreeOid,
            MergeTrial.Conflicting { Entries.Count: > 0 } conflict
                when conflict.Entries.Count == contents.Count && conflict.Entries.All(entry => entry.IsContentOnly && contents.ContainsKey(entry.Path))
                => await ReplaceAsync(conflict, contents, cancel),
            _ => throw new InvalidOperationException("The merge is not settled."),
        };
        objects.Keep();
        return tree;
    }

    public void Dispose() => objects.Dispose();

    private async Task<string> ReplaceAsync(MergeTrial.Conflicting conflict, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> contents, CancellationToken cancel)
    {
        var entries = new StringBuilder();
        foreach (var entry in conflict.Entries)
        {
            var stored = await git.RequireAsync(
                repository.Path, ["hash-object", "-w", "--no-filters", "--stdin"], cancel, contents[entry.Path].ToArray(), objects.Environment);
            entries.Append(entry.Mode).Append(' ').Append(stored.Text).Append('\t').Append(entry.Path).Append('\0');
        }

        await git.RequireAsync(repository.Path, ["read-tree", conflict.TreeOid], cancel, environment: objects.Environment);
        await git.RequireAsync(
            repository.Path, ["update-index", "-z", "--index-info"], cancel, Encoding.UTF8.GetBytes(entries.ToString()), objects.Environment);
        return (await git.RequireAsync(repository.Path, ["write-tree"], cancel, environment: objects.Environment)).Text;
    }
}
