using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Squero.Kernel;
using Squero.Notebooks;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>A changed file as HTML: its view with the threads in it, those without a place above it, and the form for new ones.</summary>
internal sealed record DrawnFile(FileChange File, string Html, string Shelf)
{
    public int OpenThreads { get; init; }
}

internal sealed record DrawnFiles(IReadOnlyList<DrawnFile> Files, string Shelf);

/// <summary>Draws the files of a version with their threads. What no view asked for lands on a shelf: no thread is ever lost.</summary>
internal sealed class DrawFiles(FollowThreads follow, PrepareComment prepare, ChangedFileSource sources)
{
    // Longer changes are drawn one file at a time.
    private const int MaxFiles = 80;
    private const int MaxLines = 30_000;

    public async Task<DrawnFiles> DrawAsync(
        HttpContext http, RequestFrame frame, RequestVersion version, IReadOnlyList<FileChange> files, CommentWish? comment, string? only, CancellationToken cancel)
    {
        var placed = await follow.PlaceAsync(frame.Project, frame.Versions, version, frame.Threads, cancel);
        await using var part = new RenderPart(http);
        var threads = new Dictionary<long, string>();
        foreach (var one in placed)
        {
            threads[one.Thread.Id] = await ThreadAsync(part, frame, version, one);
        }

        var drawn = new List<DrawnFile>();
        var lines = 0;
        foreach (var file in files)
        {
            lines += Math.Min(file.Added + file.Removed, 5000);
            var wanted = only is null || comment is not null ? drawn.Count < MaxFiles && lines < MaxLines || only == file.Path : only == file.Path;
            var mine = placed.Where(one => one.File == file.Path).ToList();
            var draft = (only == file.Path || (only is null && files.Count == 1)) && comment is not null ? await DraftAsync(frame, version, file, comment, cancel) : null;
            var seats = await SeatsAsync(http, frame, file, cancel);
            drawn.Add(await FileAsync(part, frame, version, file, mine, threads, draft, wanted, seats));
        }

        var rest = placed.Where(one => one.File is null).Select(one => threads[one.Thread.Id]);
        return new DrawnFiles(drawn, string.Concat(rest));
    }

    /// <summary>Where the page can be jumped to for a file.</summary>
    public static string IdOf(FileChange file) => "file-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file.Path)))[..12];

    private static async Task<DrawnFile> FileAsync(
        RenderPart part, RequestFrame frame, RequestVersion version, FileChange file, IReadOnlyList<PlacedThread> placed,
        Dictionary<long, string> threads, CommentDraft? draft, bool wanted, Func<string, string> placeOf)
    {
        var open = placed.Count(one => one.Thread.IsOpen);
        if (!wanted)
        {
            return new DrawnFile(file, "", await ShelfAsync(part, frame, version, placed, threads)) { OpenThreads = open };
        }

        var mayComment = MergeRequestRules.MayComment(frame.Access);
        var form = draft is null ? "" : await part.HtmlAsync<CommentForm>(new Dictionary<string, object?> { [nameof(CommentForm.Draft)] = draft });
        var asked = new HashSet<string>(StringComparer.Ordinal);
        string? Slot(string anchor)
        {
            var place = placeOf(anchor);
            if (!asked.Add(place) && place != anchor)
            {
                return null;
            }

            var here = string.Concat(placed.Where(one => one.Anchor is not null && placeOf(one.Anchor) == place).Select(one => threads[one.Thread.Id]));
            var both = here + (draft is not null && place == placeOf(draft.Found.Anchor) ? form : "");
            return both.Length == 0 ? null : $"<div class=\"request__threads\">{both}</div>";
        }

        var path = Uri.EscapeDataString(file.Path);
        var back = frame.Href("changes") + string.Create(CultureInfo.InvariantCulture, $"?version={version.Number}&file={path}&comment=");
        var html = await part.HtmlAsync<ChangedFileView>(new Dictionary<string, object?>
        {
            [nameof(ChangedFileView.Access)] = frame.Access,
            [nameof(ChangedFileView.File)] = file,
            [nameof(ChangedFileView.Before)] = version.BaseSha,
            [nameof(ChangedFileView.After)] = version.HeadSha,
            [nameof(ChangedFileView.Slot)] = (Func<string, string?>)Slot,
            [nameof(ChangedFileView.Overlay)] = (Func<string, string?>)(anchor => RegionOverlay.Draw(anchor, placed)),
            [nameof(ChangedFileView.CommentUrl)] = mayComment ? (Func<string, string>)(anchor => $"{back}{Uri.EscapeDataString(anchor)}#{IdOf(file)}") : null,
        });
        var lost = placed.Where(one => one.Anchor is null || !asked.Contains(placeOf(one.Anchor))).ToList();
        var shelf = await ShelfAsync(part, frame, version, lost, threads) + (draft is not null && !asked.Contains(placeOf(draft.Found.Anchor)) ? form : "");
        return new DrawnFile(file, html, shelf) { OpenThreads = open };
    }

    /// <summary>Threads that this view has no place for, each with the place it is about.</summary>
    private static async Task<string> ShelfAsync(RenderPart part, RequestFrame frame, RequestVersion version, IReadOnlyList<PlacedThread> placed, Dictionary<long, string> threads)
    {
        var html = new StringBuilder();
        foreach (var one in placed)
        {
            html.Append(one.IsOutdated ? threads[one.Thread.Id] : await ThreadAsync(part, frame, version, one, showPlace: true));
        }

        return html.ToString();
    }

    /// <summary>Where an anchor is drawn in the view that is asked for: the raw one has lines of JSON instead of cells.</summary>
    private async Task<Func<string, string>> SeatsAsync(HttpContext http, RequestFrame frame, FileChange file, CancellationToken cancel)
    {
        if (!file.IsNotebook || !http.Request.Query["raw"].Contains(file.Path, StringComparer.Ordinal)
            || await sources.NotebookAsync(frame.Project, file, cancel) is not { Readable: true } diff)
        {
            return PlaceOf;
        }

        return anchor => NotebookAnchor.Parse(anchor) switch
        {
            null => PlaceOf(anchor),
            { Part: AnchorPart.Notebook } => TextAnchor.Whole.ToString(),
            var cell when RawPosition.Of(cell.Seat, diff) is { NewLine: { } line } => new TextAnchor(false, line).ToString(),
            var cell when RawPosition.Of(cell.Seat, diff) is { OldLine: { } line } => new TextAnchor(true, line).ToString(),
            _ => PlaceOf(anchor),
        };
    }

    /// <summary>Where threads on an anchor are drawn: ranges, lines of an output and regions of a picture below what holds them.</summary>
    private static string PlaceOf(string anchor) =>
        NotebookAnchor.Parse(anchor) is { } cell ? cell.Seat.ToString() : TextAnchor.Parse(anchor) is { } line ? line.Seat.ToString() : anchor;

    /// <summary>An address may name a place that is no more: then there is no form.</summary>
    private async Task<CommentDraft?> DraftAsync(RequestFrame frame, RequestVersion version, FileChange file, CommentWish comment, CancellationToken cancel)
    {
        try
        {
            return MergeRequestRules.MayComment(frame.Access)
                ? await prepare.DraftAsync(frame.Access, frame.Request, version, file.Path, comment, cancel)
                : null;
        }
        catch (Refusal refusal) when (refusal.Kind == RefusalKind.Invalid)
        {
            return null;
        }
    }

    private static Task<string> ThreadAsync(RenderPart part, RequestFrame frame, RequestVersion version, PlacedThread placed, bool showPlace = false) =>
        part.HtmlAsync<ThreadView>(new Dictionary<string, object?>
        {
            [nameof(ThreadView.Frame)] = frame,
            [nameof(ThreadView.Thread)] = placed.Thread,
            [nameof(ThreadView.Placed)] = placed,
            [nameof(ThreadView.ShowPlace)] = showPlace,
            [nameof(ThreadView.Tab)] = "changes",
            [nameof(ThreadView.Version)] = version.Number,
        });
}
