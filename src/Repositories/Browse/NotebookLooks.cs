using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Squero.Notebooks;
using Squero.Ui;

namespace Squero.Repositories;

/// <summary>
/// Which view of a changed notebook the address asks for, and the addresses of the others. A file's view is a parameter with its
/// path (<c>?rich=a.ipynb&amp;raw=b.ipynb</c>), so that every mixture of views is a link that can be shared.
/// </summary>
internal sealed class NotebookLooks(HttpRequest request, string path)
{
    private static readonly (string Key, string Word, NotebookLook Look)[] Known =
    [
        ("rich", "Rich", NotebookLook.Rich), ("inline", "Inline", NotebookLook.Inline), ("report", "Report", NotebookLook.Report),
    ];

    private const string RawKey = "raw";
    private const string UnmaskedKey = "unmasked";

    /// <summary>The JSON itself, compared as text.</summary>
    public bool IsRaw => Asks(RawKey);

    public NotebookLook Look => Known.FirstOrDefault(known => Asks(known.Key)) is { Key: not null } found ? found.Look : NotebookLook.Clean;

    public IReadOnlyList<TabItem> Tabs =>
    [
        new("Clean", Href(null), !IsRaw && Look == NotebookLook.Clean),
        new("Rich", Href("rich"), Look is NotebookLook.Rich or NotebookLook.Inline),
        new("Report", Href("report"), Look == NotebookLook.Report),
        new("Raw", Href(RawKey), IsRaw),
    ];

    /// <summary>Old beside new or below: a choice of the rich view.</summary>
    public IReadOnlyList<TabItem> Layouts => Look is NotebookLook.Rich or NotebookLook.Inline
        ? [new("Side by side", Href("rich"), Look == NotebookLook.Rich), new("Inline", Href("inline"), Look == NotebookLook.Inline)]
        : [];

    /// <summary>Whether the page draws another file only.</summary>
    public bool IsLeftOut => request.Query["file"] is { Count: > 0 } only && !only.Contains(path, StringComparer.Ordinal);

    /// <summary>Where the reader goes on in a long notebook, from 0.</summary>
    public int Start => IsLeftOut || request.Query["file"].Count == 0 ? 0 : StartOf(request.Query["cells"]);

    /// <summary>"101-200" is how people count; 0 for everything else.</summary>
    public static int StartOf(StringValues cells) =>
        int.TryParse(cells.ToString().Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first) && first > 0 ? first - 1 : 0;

    public static string CellsOf(CellRange range) => string.Create(CultureInfo.InvariantCulture, $"{range.Start + 1}-{range.End}");

    /// <summary>This page with other cells of this file, and of this file only.</summary>
    public string HrefOf(CellRange range) => Build(KeyOfView, [KeyValuePair.Create<string, string?>("file", path), KeyValuePair.Create<string, string?>("cells", CellsOf(range))]);

    /// <summary>This page with the file unfolded.</summary>
    public string Expanded => Build(KeyOfView, [KeyValuePair.Create<string, string?>("expand", path)]) + Fragment;

    /// <summary>Credentials in outputs were asked for.</summary>
    public bool IsUnmasked => Asks(UnmaskedKey);

    /// <summary>This page with the credentials in outputs shown, or hidden again.</summary>
    public string OtherMask => Build(KeyOfView, IsUnmasked ? [] : [KeyValuePair.Create<string, string?>(UnmaskedKey, path)]) + Fragment;

    /// <summary>This page with this file alone.</summary>
    public string Alone => Build(KeyOfView, [KeyValuePair.Create<string, string?>("file", path)]) + Fragment;

    /// <summary>An address of this file's page that keeps the view.</summary>
    public string Keep(string href)
    {
        if (KeyOfView is not { } key)
        {
            return href;
        }

        var hash = href.IndexOf('#', StringComparison.Ordinal);
        var (address, fragment) = hash < 0 ? (href, "") : (href[..hash], href[hash..]);
        return $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{key}={Uri.EscapeDataString(path)}{fragment}";
    }

    private string? KeyOfView => IsRaw ? RawKey : Known.FirstOrDefault(known => Asks(known.Key)).Key;

    private string Fragment => "#" + CodeLinks.FileId(path);

    private string Href(string? view) => Build(view, []) + Fragment;

    private bool Asks(string key) => request.Query[key].Contains(path, StringComparer.Ordinal);

    // The page's own parameters (a version, say) and the views of other files stay.
    private string Build(string? view, IEnumerable<KeyValuePair<string, string?>> more)
    {
        var replaced = more.Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);
        var kept = request.Query
            .Where(pair => pair.Key is not ("expand" or "comment" or "cells") && !replaced.Contains(pair.Key))
            .SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value))
            .Where(pair => pair.Value != path || pair.Key is not (RawKey or UnmaskedKey) && !Known.Any(known => known.Key == pair.Key));
        var mine = view is null ? [] : new[] { KeyValuePair.Create<string, string?>(view, path) };
        var query = QueryString.Create(kept.Concat(mine).Concat(more));
        return query.HasValue ? query.Value! : "?";
    }
}
