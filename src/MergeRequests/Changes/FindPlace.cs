using Squero.Kernel;
using Squero.Notebooks;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>An anchor that fits the change, and what to keep with it.</summary>
public sealed record FoundPlace(string Anchor, ThreadPlace Place)
{
    /// <summary>The lines of the source, the output or the file that can be named instead; empty where there are none.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];
}

/// <summary>What narrows an anchor of the page down: lines from and to, or a region of the picture.</summary>
internal sealed record PlaceWish(int? First = null, int? Last = null, PictureRegion? Region = null);

/// <summary>Checks where somebody wants to comment: an anchor of the page, or a position of raw lines from a REST client.</summary>
internal sealed class FindPlace(GitRepositories repositories, ChangeLists changes, ChangedFileSource sources)
{
    /// <summary>The anchor as the page wrote it, narrowed down where that is wished. Refuses what fits nothing in the file.</summary>
    public async Task<FoundPlace> AtAnchorAsync(
        Project project, RequestVersion version, string path, string anchor, PlaceWish? wish, CancellationToken cancel)
    {
        var file = await FileAsync(project, version, path, path, cancel);
        var repository = repositories.Open(project);
        if (NotebookAnchor.Parse(anchor) is { } cell)
        {
            return InNotebook(await DiffAsync(project, file, cancel), version, file, Narrow(cell, wish));
        }

        var line = TextAnchor.Parse(anchor) ?? throw Refusal.Invalid($"`{anchor}` is not a place in a file.");
        if (file.IsNotebook && await OfRawLinesAsync(project, file, Narrow(line, wish), cancel) is { } found)
        {
            return InNotebook(await DiffAsync(project, file, cancel), version, file, found);
        }

        return await OnLineAsync(repository, version, file, Narrow(line, wish), null, cancel);
    }

    /// <summary>A position as REST clients send it; null when it fits no line of the diff.</summary>
    public async Task<FoundPlace?> AtLinesAsync(
        Project project, RequestVersion version, string? oldPath, string? newPath, int? oldLine, int? newLine, CancellationToken cancel)
    {
        var file = await FileAsync(project, version, oldPath, newPath, cancel);
        var repository = repositories.Open(project);
        if (file.IsNotebook)
        {
            var diff = await DiffAsync(project, file, cancel);
            if (diff.Readable)
            {
                return RawPosition.Find(diff, oldLine, newLine) is { } cell ? InNotebook(diff, version, file, cell) : null;
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

    private static NotebookAnchor Narrow(NotebookAnchor anchor, PlaceWish? wish)
    {
        var (first, last) = Range(wish, anchor.FirstLine, anchor.Line);
        return anchor with { First = first < last ? first : 0, Line = last, Region = wish?.Region ?? anchor.Region };
    }

    private static TextAnchor Narrow(TextAnchor anchor, PlaceWish? wish)
    {
        var (first, last) = Range(wish, anchor.FirstLine, anchor.Line);
        return anchor with { First = first < last ? first : 0, Line = last };
    }

    /// <summary>Zero to whole: from and to in whatever order they were given.</summary>
    private static (int First, int Last) Range(PlaceWish? wish, int first, int last)
    {
        if (wish?.First is null && wish?.Last is null)
        {
            return (first, last);
        }

        var (from, to) = (wish.First ?? wish.Last!.Value, wish.Last is > 0 ? wish.Last.Value : wish.First ?? 0);
        return from <= 0 ? (0, Math.Max(to, 0)) : (Math.Min(from, to), Math.Max(from, to));
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
        var isOld = anchor.IsOld || (anchor.IsWhole && file.NewPath is null);
        var lines = await FileSides.LinesAsync(repository, isOld ? version.BaseSha : version.HeadSha, isOld ? file.OldPath : file.NewPath, cancel);
        if (!anchor.IsWhole && anchor.Line > (lines?.Count ?? 0))
        {
            throw Refusal.Invalid($"`{file.Path}` has no {anchor.Describe()}.");
        }

        return new FoundPlace((anchor with { IsOld = isOld }).ToString(), Place(version, file) with
        {
            OldLine = anchor.IsWhole ? null : known is null ? (isOld ? anchor.Line : null) : known.Old,
            NewLine = anchor.IsWhole ? null : known is null ? (isOld ? null : anchor.Line) : known.New,
            Where = anchor.Describe(),
            Quote = anchor.IsWhole ? null : ThreadPlace.Cut(string.Join('\n', lines!.Skip(anchor.FirstLine - 1).Take(anchor.Line - anchor.FirstLine + 1))),
        })
        {
            Lines = anchor.IsWhole ? [] : lines ?? [],
        };
    }

    private static FoundPlace InNotebook(NotebookDiff diff, RequestVersion version, FileChange file, NotebookAnchor anchor)
    {
        var side = anchor.Side == NotebookSide.Old ? diff.Before : diff.After;
        if (!file.IsNotebook || (anchor.Part != AnchorPart.Notebook && AnchorText.Of(anchor, side) is null))
        {
            throw Refusal.Invalid($"`{file.Path}` has no {anchor.Describe()}.");
        }

        var exact = anchor.Part == AnchorPart.Output ? WithPicture(anchor, AnchorText.CellOf(anchor, side)!) : anchor with { Region = null, ImageSha256 = null };
        var raw = RawPosition.Of(exact, diff);
        return new FoundPlace(exact.ToString(), Place(version, file) with
        {
            OldLine = raw.OldLine,
            NewLine = raw.NewLine,
            Where = exact.Describe(),
            Quote = ThreadPlace.Cut(AnchorText.Of(exact, side)),
        })
        {
            Lines = AnchorText.Around(exact, side),
        };
    }

    /// <summary>The picture is the one that is there; only pictures have regions.</summary>
    private static NotebookAnchor WithPicture(NotebookAnchor anchor, Cell cell)
    {
        var hash = NotebookPicture.HashOf(cell.Outputs[anchor.Output]);
        return hash is null && anchor.Region is not null
            ? throw Refusal.Invalid($"Output {anchor.Output + 1} of cell {anchor.Cell + 1} is no picture, so it has no region.")
            : anchor with { ImageSha256 = hash };
    }

    /// <summary>What lines of the JSON belong to, so that a thread begun in the raw view follows its cell like any other. Null: to no cell.</summary>
    private async Task<NotebookAnchor?> OfRawLinesAsync(Project project, FileChange file, TextAnchor lines, CancellationToken cancel)
    {
        var diff = await DiffAsync(project, file, cancel);
        if (!diff.Readable || lines.IsWhole)
        {
            return diff.Readable ? NotebookAnchor.Whole(file.NewPath is null ? NotebookSide.Old : NotebookSide.New) : null;
        }

        NotebookAnchor? At(int line) => RawPosition.Find(diff, lines.IsOld ? line : null, lines.IsOld ? null : line);
        var (first, last) = (At(lines.FirstLine), At(lines.Line));
        var isRange = first is { Part: AnchorPart.Source } && last is { Part: AnchorPart.Source } && first.Cell == last.Cell && first.Line < last.Line;
        return isRange ? last! with { First = first!.Line } : last;
    }

    private async Task<NotebookDiff> DiffAsync(Project project, FileChange file, CancellationToken cancel) =>
        await sources.NotebookAsync(project, file, cancel) ?? NotebookDiff.Between(Notebook.Absent, Notebook.Absent);

    private static ThreadPlace Place(RequestVersion version, FileChange file) =>
        new()
        {
            Version = version.Number,
            Base = version.BaseSha,
            Start = version.StartSha,
            Head = version.HeadSha,
            OldPath = file.OldPath,
            NewPath = file.NewPath,
            OldOid = file.OldOid,
            NewOid = file.NewOid,
        };
}
