using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Squero.Projects;

namespace Squero.MergeRequests;

/// <summary>
/// Where a form leads back to: the tab it stood on, in the version and the views of files that were looked at. The views are in the
/// address of the page, which the browser names as the one it came from; only its parameters are taken over.
/// </summary>
internal static class ReturnAddress
{
    private const string Version = "version";

    /// <summary>What an address says about a comment that was to be written; the comment is written now.</summary>
    private static readonly string[] Wishes = ["comment", "from", "line", "end_line", "region", "suggest"];

    public static string Of(HttpRequest asked, Project project, MergeRequest request, IFormCollection form) =>
        Of(asked, project, request, form, int.TryParse(form[Version], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null);

    /// <summary>The same in the newest version.</summary>
    public static string OfNewest(HttpRequest asked, Project project, MergeRequest request, IFormCollection form) => Of(asked, project, request, form, null);

    /// <summary>What an address says about views, without the version.</summary>
    public static QueryString Views(IEnumerable<KeyValuePair<string, StringValues>> query, bool keepsFile) =>
        QueryString.Create(query.Where(pair => pair.Key != Version && !Wishes.Contains(pair.Key) && (keepsFile || pair.Key is not ("file" or "cells"))));

    private static string Of(HttpRequest asked, Project project, MergeRequest request, IFormCollection form, int? version)
    {
        if (form["tab"] != "changes")
        {
            return request.Href(project);
        }

        var page = request.Href(project, "changes");
        var query = Views(asked, page);
        return page + (version is null ? query : query.Add(Version, version.Value.ToString(CultureInfo.InvariantCulture)));
    }

    private static QueryString Views(HttpRequest asked, string page)
    {
        if (!Uri.TryCreate(asked.Headers.Referer.ToString(), UriKind.Absolute, out var from) || from.AbsolutePath != page)
        {
            return QueryString.Empty;
        }

        var query = QueryHelpers.ParseQuery(from.Query);

        // A link to a form names the file; without the form that would hide all others.
        return Views(query, keepsFile: !query.ContainsKey("comment") || query.ContainsKey("cells"));
    }
}
