using Squero.Notebooks;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>What the view of a changed file needs, computed once per pair of blobs.</summary>
public sealed class ChangedFileSource
{
    /// <summary>Files with more changed lines are folded until asked for.</summary>
    public const int CollapseOver = 3000;

    private const int LineBytes = 120;
    private readonly GitRepositories repositories;
    private readonly RenderCache cache;
    private readonly NotebookFiles notebooks;

    internal ChangedFileSource(GitRepositories repositories, RenderCache cache, NotebookFiles notebooks) =>
        (this.repositories, this.cache, this.notebooks) = (repositories, cache, notebooks);

    /// <summary>The lines of one change.</summary>
    public Task<FilePatch> PatchAsync(Project project, string before, string after, FileChange change, CancellationToken cancel) =>
        cache.GetAsync(
            $"patch:{project.Id}:{change.OldOid}:{change.NewOid}:{change.OldMode}:{change.NewMode}:{change.Path}",
            () => repositories.Open(project).PatchAsync(before, after, change, cancel),
            patch => patch.Hunks.Sum(hunk => hunk.Lines.Sum(line => LineBytes + (2L * line.Text.Length))));

    /// <summary>The lines of a notebook's change, with credentials in outputs cut; how many lines that concerns.</summary>
    internal async Task<(FilePatch Patch, int Count)> MaskedPatchAsync(Project project, string before, string after, FileChange change, CancellationToken cancel)
    {
        var patch = await PatchAsync(project, before, after, change, cancel);
        return PatchLines.Masked(patch, await notebooks.MaskedLinesAsync(project, change.OldOid, cancel), await notebooks.MaskedLinesAsync(project, change.NewOid, cancel));
    }

    /// <summary>Null when a side is too large to be read as a notebook.</summary>
    public Task<NotebookDiff?> NotebookAsync(Project project, FileChange change, CancellationToken cancel) => notebooks.CompareAsync(project, change, cancel);

    /// <summary>A notebook by its blob; absent when there is none or it is too large.</summary>
    public async Task<Notebook> NotebookAsync(Project project, string blobOid, CancellationToken cancel) => await notebooks.ReadAsync(project, blobOid, cancel) ?? Notebook.Absent;

    /// <summary>What every look at this notebook's change shares: addresses of pictures, outputs and files of this project.</summary>
    internal static NotebookViewOptions OptionsFor(Project project, string before, string after, FileChange change)
    {
        string OidOf(NotebookSide side) => (side == NotebookSide.Old ? change.OldOid : change.NewOid) ?? change.OldOid ?? change.NewOid ?? "";
        return new NotebookViewOptions
        {
            ImageUrl = image => CodeLinks.NotebookImage(project, OidOf(image.Side), image.Sha256),
            FrameUrl = place => CodeLinks.NotebookOutput(project, OidOf(place.Side), place.Cell, place.Output),
            OriginUrl = place => place.Side == NotebookSide.Old
                ? CodeLinks.NotebookOrigin(project, before, change.OldPath ?? change.Path, place.Cell, place.Output)
                : CodeLinks.NotebookOrigin(project, after, change.NewPath ?? change.Path, place.Cell, place.Output),
            FileUrl = address => RelativeLinks.Resolve(project, change.NewPath is null ? before : after, change.Path, address, isImage: false),
            IdPrefix = CodeLinks.FileId(change.Path),
            Name = change.Path,
        };
    }
}
