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

    internal string TargetSha { get; init; } = "";

    internal string SourceSha { get; init; } = "";

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

    /// <summary>What git made of a file that it merged; null when it is not there or larger than the limit.</summary>
    public async Task<byte[]?> MergedAsync(string path, int limit, CancellationToken cancel)
    {
        if (TreeOid.Length == 0 || !GitNames.IsPath(path))
        {
            return null;
        }

        var read = await git.RunAsync(repository.Path, ["cat-file", "blob", $"{TreeOid}:{path}"], cancel, limit, environment: objects.Environment);
        return read.IsCut || read.ExitCode != 0 ? null : read.Output;
    }

    /// <summary>The three versions of a file that git merged; null when a side has it under another name or not as a plain file.</summary>
    public async Task<ConflictedFile?> SidesAsync(string path, CancellationToken cancel)
    {
        var parted = await repository.MergeBaseAsync(TargetSha, SourceSha, cancel) is { } sha ? await StageAsync(sha, path, cancel) : null;
        var file = new ConflictedFile(path, parted, await StageAsync(TargetSha, path, cancel), await StageAsync(SourceSha, path, cancel)) { IsContentOnly = true };
        return file is { Base: not null, Target: not null, Source: not null, Mode: "100644" or "100755" } ? file : null;
    }

    /// <summary>Stores the merged tree with these contents in place of git's, and returns its id. Every conflicted file must be among them.</summary>
    public async Task<string> KeepAsync(IReadOnlyList<SettledFile> settled, CancellationToken cancel)
    {
        var conflicted = Trial is MergeTrial.Conflicting conflict ? conflict.Entries : [];
        if (TreeOid.Length == 0 || settled.Any(file => !file.File.IsContentOnly) || conflicted.Any(entry => !settled.Any(file => file.File.Path == entry.Path)))
        {
            throw new InvalidOperationException("The merge is not settled.");
        }

        var tree = settled.Count == 0 ? TreeOid : await ReplaceAsync(settled, cancel);
        objects.Keep();
        return tree;
    }

    public void Dispose() => objects.Dispose();

    private string TreeOid => Trial switch { MergeTrial.Clean clean => clean.TreeOid, MergeTrial.Conflicting conflict => conflict.TreeOid, _ => "" };

    private async Task<MergeStage?> StageAsync(string sha, string path, CancellationToken cancel) =>
        await repository.BlobAsync(sha, path, cancel, limit: 0) is { } blob ? new MergeStage(blob.Mode, blob.Oid) : null;

    private async Task<string> ReplaceAsync(IReadOnlyList<SettledFile> settled, CancellationToken cancel)
    {
        var entries = new StringBuilder();
        foreach (var (file, content) in settled)
        {
            var stored = await git.RequireAsync(repository.Path, ["hash-object", "-w", "--no-filters", "--stdin"], cancel, content.ToArray(), objects.Environment);
            entries.Append(file.Mode).Append(' ').Append(stored.Text).Append('\t').Append(file.Path).Append('\0');
        }

        await git.RequireAsync(repository.Path, ["read-tree", TreeOid], cancel, environment: objects.Environment);
        await git.RequireAsync(
            repository.Path, ["update-index", "-z", "--index-info"], cancel, Encoding.UTF8.GetBytes(entries.ToString()), objects.Environment);
        return (await git.RequireAsync(repository.Path, ["write-tree"], cancel, environment: objects.Environment)).Text;
    }
}
