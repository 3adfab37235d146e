using Squero.Notebooks;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>What the view of a changed file needs, computed once per pair of blobs.</summary>
public sealed class ChangedFileSource
{
    /// <summary>Files with more changed lines are folded until asked for.</summary>
    public const int CollapseOver = 3000;

    // A notebook diff keeps both files and what was read from them.
    private const int NotebookFactor = 3;
    private const int LineBytes = 120;
    private readonly GitRepositories repositories;
    private readonly RenderCache cache;

    internal ChangedFileSource(GitRepositories repositories, RenderCache cache) => (this.repositories, this.cache) = (repositories, cache);

    /// <summary>The lines of one change.</summary>
    public Task<FilePatch> PatchAsync(Project project, string before, string after, FileChange change, CancellationToken cancel) =>
        cache.GetAsync(
            $"patch:{project.Id}:{change.OldOid}:{change.NewOid}:{change.OldMode}:{change.NewMode}:{change.Path}",
            () => repositories.Open(project).PatchAsync(before, after, change, cancel),
            patch => patch.Hunks.Sum(hunk => hunk.Lines.Sum(line => LineBytes + (2L * line.Text.Length))));

    /// <summary>Null when a side is too large to be read as a notebook.</summary>
    public async Task<NotebookDiff?> NotebookAsync(Project project, FileChange change, CancellationToken cancel) =>
        (await cache.GetAsync(
            $"notebook:{project.Id}:{change.OldOid}:{change.NewOid}",
            () => CompareAsync(repositories.Open(project), change, cancel),
            kept => kept.Bytes * NotebookFactor)).Diff;

    /// <summary>The document diff as HTML, with pictures and links of this project.</summary>
    internal string Draw(
        NotebookDiff diff, Project project, string before, string after, FileChange change, Func<string, string?>? slot, Func<string, string>? commentUrl,
        Func<string, string?>? overlay = null) =>
        NotebookView.DiffHtml(
            diff,
            new NotebookViewOptions
            {
                ImageUrl = image => CodeLinks.NotebookImage(
                    project, (image.Side == NotebookSide.Old ? change.OldOid : change.NewOid) ?? change.OldOid ?? change.NewOid ?? "", image.Sha256),
                Slot = slot,
                Overlay = overlay,
                CommentUrl = commentUrl,
                FileUrl = address => RelativeLinks.Resolve(project, change.NewPath is null ? before : after, change.Path, address, isImage: false),
                Name = change.Path,
            });

    private static async Task<Kept> CompareAsync(GitRepository repository, FileChange change, CancellationToken cancel)
    {
        var before = change.OldOid is null ? [] : await repository.BytesAsync(change.OldOid, GitBlob.Limit, cancel);
        var after = change.NewOid is null ? [] : await repository.BytesAsync(change.NewOid, GitBlob.Limit, cancel);
        return before is null || after is null
            ? new Kept(null, 1)
            : new Kept(NotebookDiff.Between(Read(change.OldOid, before), Read(change.NewOid, after)), before.Length + after.Length);
    }

    private static Notebook Read(string? oid, byte[] bytes) => oid is null ? Notebook.Absent : Notebook.Parse(bytes);

    private sealed record Kept(NotebookDiff? Diff, long Bytes);
}
