using System.Globalization;
using Squero.Notebooks;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>A comment that is about to be written: its place, what else could be meant, and what the form begins with.</summary>
public sealed record CommentDraft(ProjectAccess Access, MergeRequest Request, RequestVersion Version, string Path, string Anchor, FoundPlace Found)
{
    public string Text { get; init; } = "";

    /// <summary>Where the picture is, when the place is one.</summary>
    public string? PictureHref { get; init; }

    /// <summary>The same form with the lines filled in as a suggestion; null where nothing can be suggested.</summary>
    public string? SuggestHref { get; init; }

    /// <summary>The same without any page around it, for the script.</summary>
    public string? SuggestSource { get; init; }

    public int FirstLine => Cell?.FirstLine ?? Line?.FirstLine ?? 0;

    public int LastLine => Cell?.Line ?? Line?.Line ?? 0;

    /// <summary>An output may be meant as a whole; a source line is a line.</summary>
    public bool MayBeWhole => Cell?.Part == AnchorPart.Output;

    public PictureRegion? Region => Cell?.Region;

    private NotebookAnchor? Cell => NotebookAnchor.Parse(Found.Anchor);

    private TextAnchor? Line => TextAnchor.Parse(Found.Anchor);
}

/// <summary>Finds what the form for a new thread shows.</summary>
internal sealed class PrepareComment(FindPlace places)
{
    /// <summary>Refuses a place that is not in the file.</summary>
    public async Task<CommentDraft> DraftAsync(
        ProjectAccess access, MergeRequest request, RequestVersion version, string path, CommentWish wish, CancellationToken cancel)
    {
        var found = await places.AtAnchorAsync(access.Project, version, path, wish.Anchor, wish.Widened(), cancel);

        // A line of a notebook's JSON is a place in a cell, and the form's lines are the cell's.
        var anchor = NotebookAnchor.Parse(found.Anchor) is { } cell && TextAnchor.Parse(wish.Anchor) is not null ? cell.Seat.ToString() : wish.Anchor;
        var draft = new CommentDraft(access, request, version, path, anchor, found);
        var query = string.Create(
            CultureInfo.InvariantCulture,
            $"?version={version.Number}&file={Uri.EscapeDataString(path)}&comment={Uri.EscapeDataString(anchor)}&line={draft.FirstLine}&end_line={draft.LastLine}&suggest=1");
        var suggests = IsNewSource(found.Anchor);
        return draft with
        {
            PictureHref = PictureHref(access.Project, found),
            SuggestHref = suggests ? request.Href(access.Project, "changes") + query + "#" + CodeLinks.FileId(path) : null,
            SuggestSource = suggests ? request.Href(access.Project, "threads/new") + query : null,
            Text = suggests && wish.Suggests ? SuggestionText.Write([.. found.Lines.Skip(draft.FirstLine - 1).Take(draft.LastLine - draft.FirstLine + 1)]) : "",
        };
    }

    /// <summary>The picture that an anchor names, out of the file as it was then.</summary>
    public static string? PictureHref(Project project, string? anchor, ThreadPlace? place) =>
        NotebookAnchor.Parse(anchor) is { ImageSha256: { } hash } cell && (cell.Side == NotebookSide.Old ? place?.OldOid : place?.NewOid) is { } oid
            ? CodeLinks.NotebookImage(project, oid, hash)
            : null;

    private static string? PictureHref(Project project, FoundPlace found) => PictureHref(project, found.Anchor, found.Place);

    private static bool IsNewSource(string anchor) =>
        NotebookAnchor.Parse(anchor) is { Part: AnchorPart.Source, Side: NotebookSide.New } || TextAnchor.Parse(anchor) is { IsOld: false, IsWhole: false };
}
