using Microsoft.AspNetCore.Http;
using Squero.Accounts;

namespace Squero.Projects;

/// <summary>
/// Addresses of projects begin with a path of any depth (<c>/team/vision/churn/-/merge_requests/1</c>), which routing cannot
/// express. Before routing they become <c>/project/team~vision~churn/merge_requests/1</c>; people never see that form.
/// </summary>
internal sealed class ProjectPaths(RequestDelegate next, NamespaceStore namespaces)
{
    private static readonly string[] GitCalls = ["/info/refs", "/git-upload-pack", "/git-receive-pack"];

    public async Task InvokeAsync(HttpContext context)
    {
        if (Translate(context.Request.Path.Value ?? "") is { } path)
        {
            // Not by the conversion from text, which unescapes a second time.
            context.Request.Path = new PathString(await GroupOrProjectAsync(path, context.RequestAborted));
        }

        await next(context);
    }

    /// <summary>Null: the address is not one of a project, a group or a person.</summary>
    internal static string? Translate(string path)
    {
        var trimmed = path.Trim('/');
        var first = trimmed.Split('/', 2)[0];
        if (first.Length == 0 || ReservedNames.Contains(first))
        {
            return first.ToLowerInvariant() is "project" or "namespace" or "git" ? "/-/not-found" : null;
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

        // git also asks without the suffix, when that is the address it was given.
        if (GitCalls.FirstOrDefault(call => path.EndsWith(call, StringComparison.Ordinal)) is { } wanted
            && path[..^wanted.Length].Trim('/').Contains('/', StringComparison.Ordinal))
        {
            return $"/git/{Flat(path[..^wanted.Length])}{wanted}";
        }

        if (trimmed.EndsWith(".git", StringComparison.Ordinal))
        {
            trimmed = trimmed[..^4];
        }

        return trimmed.Contains('/', StringComparison.Ordinal) ? $"/project/{Flat(trimmed)}" : $"/namespace/{trimmed}";
    }

    /// <summary>An address of several segments without an area may be a project or a group that lies in a group: only the database knows.</summary>
    private async ValueTask<string> GroupOrProjectAsync(string path, CancellationToken cancel)
    {
        const string project = "/project/";
        var isWhole = path.StartsWith(project, StringComparison.Ordinal) && path.IndexOf('/', project.Length) < 0;
        return isWhole && await namespaces.FindAsync(path[project.Length..].Replace('~', '/'), cancel) is not null
            ? "/namespace/" + path[project.Length..]
            : path;
    }

    private static string Flat(string path) => path.Trim('/').Replace('/', '~');
}
