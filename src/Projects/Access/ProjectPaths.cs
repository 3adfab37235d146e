using Microsoft.AspNetCore.Http;
using Squero.Accounts;

namespace Squero.Projects;

/// <summary>
/// Addresses of projects begin with a path of any depth (<c>/team/vision/churn/-/merge_requests/1</c>), which routing cannot
/// express. Before routing they become <c>/project/team~vision~churn/merge_requests/1</c>; people never see that form.
/// </summary>
internal sealed class ProjectPaths(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (Translate(context.Request.Path.Value ?? "") is { } path)
        {
            context.Items[typeof(ProjectPaths)] = context.Request.Path.Value;
            // Not by the conversion from text, which unescapes a second time.
            context.Request.Path = new PathString(path);
        }

        return next(context);
    }

    /// <summary>Null: the address is not one of a project, a group or a person.</summary>
    internal static string? Translate(string path)
    {
        var trimmed = path.Trim('/');
        var first = trimmed.Split('/', 2)[0];
        if (first.Length == 0 || ReservedNames.Contains(first))
        {
            return first is "project" or "namespace" or "git" ? "/-/not-found" : null;
        }

        var area = path.IndexOf("/-/", StringComparison.Ordinal);
        if (area > 0)
        {
            return $"/project/{Flat(path[..area])}/{path[(area + 3)..]}";
        }

        var git = path.IndexOf(".git/", StringComparison.Ordinal);
        if (git > 0)
        {
            return $"/git/{Flat(path[..git])}/{path[(git + 5)..]}";
        }

        if (trimmed.EndsWith(".git", StringComparison.Ordinal))
        {
            trimmed = trimmed[..^4];
        }

        return trimmed.Contains('/', StringComparison.Ordinal) ? $"/project/{Flat(trimmed)}" : $"/namespace/{trimmed}";
    }

    private static string Flat(string path) => path.Trim('/').Replace('/', '~');
}
