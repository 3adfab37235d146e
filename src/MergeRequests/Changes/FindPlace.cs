using Squero.Kernel;
using Squero.Notebooks;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>An anchor that fits the change, and what to keep with it.</summary>
internal sealed record FoundPlace(string Anchor, ThreadPlace Place);

/// <summary>Checks where somebody wants to comment: an anchor of the page, or a position of raw lines from a REST client.</summary>
internal sealed class FindPlace(GitRepositories repositories, ChangeLists changes)
{
    /// <summary>The anchor as the page wrote it. Refuses one that fits nothing in the file.</summary>
    public async Task<FoundPlace> AtAnchorAsync(Project project, RequestVersion version, string path, string anchor, CancellationToken cancel)
    {
        var file = await FileAsync(project, version, path, path, cancel);
        var repository = repositories.Open(project);
        if (NotebookAnchor.Parse(anchor) is { } cell)
        {
            return await InNotebookAsync(repository, version, file, cell, cancel);
        }

        var line = TextAnchor.Parse(anchor) ?? throw Refusal.Invalid($"`{anchor}` is not a place in a file.");
        return await OnLineAsync(repository, version, file, line, null, cancel);
    }

    /// <summary>A position as REST clients send it; null when it fits no line of the diff.</summary>
    public async Task<FoundPlace?> AtLinesAsync(
        Project project, RequestVersion version, string? oldPath, string? newPath, int? oldLine, int? newLine, CancellationToken cancel)
    {
        var file = await FileAsync(project, version, oldPath, newPath, cancel);
        var repository = repositories.Open(project);
        if (file.IsNotebook)
        {
            var diff = await DiffAsync(repository, version, file, cancel);
            if (diff.Readable)
            {
                return RawPosition.Find(diff, oldLine, newLine) is { } cell
                    ? await InNotebookAsync(repository, version, file, cell, cancel)
                    : null;
            }
        }

        var patch = await repository.PatchAsync(version.BaseSha, version.HeadSha, file, cancel);
        var line = patch.Hunks.SelectMany(hunk => hunk.Lines)
            .FirstOrDefault(line => newLine is not null ? line.New == newLine : line.Old is not null && line.Old == oldLine);
        return line is null
            ? null
            : await OnLineAsync(
                repository, version, file, line.New is { } added ? new TextAnchor(false, added) : new TextAnchor(true, line.Old!.Value), line, cancel);
    }

    private async Task<FileChange> FileAsync(Project project, RequestVersion version, string? oldPath, string? newPath, CancellationToken cancel)
    {
        var all = await changes.BetweenAsync(project.Id, version.BaseSha, version.HeadSha, cancel);
        return all.FirstOrDefault(file => newPath is not null && file.NewPath == newPath)
            ?? all.FirstOrDefault(file => oldPath is not null && file.OldPath == oldPath)
            ?? throw Refusal.Invalid($"The change does not touch `{newPath ?? oldPath}`.");
    }

    private static async Task<FoundPlace> OnLineAsync(
        GitRepository repository, RequestVersion version, FileChange file, TextAnchor anchor, PatchLine? known, CancellationToken cancel)
    {
        var quote = await FileSides.LineAsync(
            repository, anchor.IsOld ? version.BaseSha : version.HeadSha, anchor.IsOld ? file.OldPath : file.NewPath, anchor.Line, cancel)
            ?? throw Refusal.Invalid($"`{file.Path}` has no {anchor.Describe()}.");
        return new FoundPlace(anchor.ToString(), Place(version, file) with
        {
            OldLine = known is null ? (anchor.IsOld ? anchor.Line : null) : known.Old,
            NewLine = known is null ? (anchor.IsOld ? null : anchor.Line) : known.New,
            Where = anchor.Describe(),
            Quote = ThreadPlace.Cut(quote),
        });
    }

    private static async Task<FoundPlace> InNotebookAsync(
        GitRepository repository, RequestVersion version, FileChange file, NotebookAnchor anchor, CancellationToken cancel)
    {
        var diff = await DiffAsync(repository, version, file, cancel);
        var side = anchor.Side == NotebookSide.Old ? diff.Before : diff.After;
        if (!file.IsNotebook || (anchor.Part != AnchorPart.Notebook && (anchor.Cell < 0 || anchor.Cell >= side.Cells.Count)))
        {
            throw Refusal.Invalid($"`{file.Path}` has no {anchor.Describe()}.");
        }

        var raw = RawPosition.Of(anchor, diff);
        return new FoundPlace(anchor.ToString(), Place(version, file) with
        {
            OldLine = raw.OldLine,
            NewLine = raw.NewLine,
            Where = anchor.Describe(),
            Quote = ThreadPlace.Cut(AnchorText.Of(anchor, side)),
        });
    }

    private static async Task<NotebookDiff> DiffAsync(GitRepository repository, RequestVersion version, FileChange file, CancellationToken cancel) =>
        NotebookDiff.Between(
            await FileSides.NotebookAsync(repository, version.BaseSha, file.OldPath, cancel),
            await FileSides.NotebookAsync(repository, version.HeadSha, file.NewPath, cancel));

    private static ThreadPlace Place(RequestVersion version, FileChange file) =>
        new()
        {
            Version = version.Number,
            Base = version.BaseSha,
            Start = version.StartSha,
            Head = version.HeadSha,
            OldPath = file.OldPath,
            NewPath = file.NewPath,
        };
}
