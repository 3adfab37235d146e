using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Squero.Notebooks;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>A changed file as HTML: its view with the threads in it, those without a place above it, and the form for new ones.</summary>
internal sealed record DrawnFile(FileChange File, string Html, string Shelf, string CommentForm);

internal sealed record DrawnFiles(IReadOnlyList<DrawnFile> Files, string Shelf);

/// <summary>Draws the files of a version with their threads. What no view asked for lands on a shelf: no thread is ever lost.</summary>
internal sealed class DrawFiles(FollowThreads follow)
{
    // Longer changes are drawn one file at a time.
    private const int MaxFiles = 80;
    private const int MaxLines = 30_000;

    public async Task<DrawnFiles> DrawAsync(
        HttpContext http, RequestFrame frame, RequestVersion version, IReadOnlyList<FileChange> files, string? commentAt, string? only, CancellationToken cancel)
    {
        var placed = await follow.PlaceAsync(frame.Project, version, frame.Threads, cancel);
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
            var wanted = only is null || commentAt is not null ? drawn.Count < MaxFiles && lines < MaxLines || only == file.Path : only == file.Path;
            var mine = placed.Where(one => one.File == file.Path).ToList();
            drawn.Add(await FileAsync(part, frame, version, file, mine, threads, only == file.Path || only is null ? commentAt : null, wanted));
        }

        var rest = placed.Where(one => one.File is null).Select(one => threads[one.Thread.Id]);
        return new DrawnFiles(drawn, string.Concat(rest));
    }

    /// <summary>Where the page can be jumped to for a file.</summary>
    public static string IdOf(FileChange file) => "file-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file.Path)))[..12];

    private static async Task<DrawnFile> FileAsync(
        RenderPart part, RequestFrame frame, RequestVersion version, FileChange file, IReadOnlyList<PlacedThread> placed,
        Dictionary<long, string> threads, string? commentAt, bool wanted)
    {
        if (!wanted)
        {
            return new DrawnFile(file, "", string.Concat(placed.Select(one => threads[one.Thread.Id])), "");
        }

        var mayComment = MergeRequestRules.MayComment(frame.Access);
        var form = mayComment && commentAt is not null ? await FormAsync(part, frame, version, file, commentAt) : "";
        var asked = new HashSet<string>(StringComparer.Ordinal);
        string? Slot(string anchor)
        {
            var place = PlaceOf(anchor);
            if (!asked.Add(place) && place != anchor)
            {
                return null;
            }

            var here = string.Concat(placed.Where(one => one.Anchor is not null && PlaceOf(one.Anchor) == place).Select(one => threads[one.Thread.Id]));
            var both = here + (anchor == commentAt ? form : "");
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
            [nameof(ChangedFileView.CommentUrl)] = mayComment ? (Func<string, string>)(anchor => $"{back}{Uri.EscapeDataString(anchor)}#{IdOf(file)}") : null,
        });
        var lost = placed.Where(one => one.Anchor is null || !asked.Contains(PlaceOf(one.Anchor))).Select(one => threads[one.Thread.Id]);
        return new DrawnFile(file, html, string.Concat(lost), mayComment ? await FormAsync(part, frame, version, file, null) : "");
    }

    /// <summary>An anchor without the picture it may name: clients that send raw lines know no pictures.</summary>
    private static string PlaceOf(string anchor) =>
        NotebookAnchor.Parse(anchor) is { ImageSha256: not null } named ? (named with { ImageSha256 = null }).ToString() : anchor;

    private static Task<string> FormAsync(RenderPart part, RequestFrame frame, RequestVersion version, FileChange file, string? anchor) =>
        part.HtmlAsync<CommentForm>(new Dictionary<string, object?>
        {
            [nameof(CommentForm.Frame)] = frame,
            [nameof(CommentForm.Version)] = version,
            [nameof(CommentForm.Path)] = file.Path,
            [nameof(CommentForm.Anchor)] = anchor,
        });

    private static Task<string> ThreadAsync(RenderPart part, RequestFrame frame, RequestVersion version, PlacedThread placed) =>
        part.HtmlAsync<ThreadView>(new Dictionary<string, object?>
        {
            [nameof(ThreadView.Frame)] = frame,
            [nameof(ThreadView.Thread)] = placed.Thread,
            [nameof(ThreadView.Placed)] = placed,
            [nameof(ThreadView.Tab)] = "changes",
            [nameof(ThreadView.Version)] = version.Number,
        });
}
