using Microsoft.AspNetCore.Http;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>A ref (as it was named), the commit it leads to, and a path there: what <c>-/tree/feature/x/src</c> means.</summary>
internal sealed record CodePlace(GitRepository Repository, string Ref, GitCommit Commit, string Path)
{
    private const int MaxRefSegments = 20;

    public string Sha => Commit.Sha;

    /// <summary>The path's last segment; the root has none.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>Takes the longest beginning that is a ref; refuses with a sentence that names it when there is none.</summary>
    public static async Task<CodePlace> FindAsync(GitRepository repository, Project project, string rest, CancellationToken cancel)
    {
        var segments = rest.TrimEnd('/').Split('/');
        for (var count = Math.Min(segments.Length, MaxRefSegments); count > 0; count--)
        {
            var name = string.Join('/', segments[..count]);
            if (await repository.CommitAsync(name, cancel) is { } commit)
            {
                var path = string.Join('/', segments[count..]);
                return GitNames.IsPath(path) ? new CodePlace(repository, name, commit, path) : throw NoPath(path, name);
            }
        }

        throw NoRef(project, rest.Length == 0 ? project.DefaultBranch : segments[0] is "refs" ? string.Join('/', segments.Take(3)) : segments[0]);
    }

    /// <summary>What stands after the area in <c>/project/{project}/{area}/{rest}</c>. Components get their parameter unescaped twice; a file may be called %41.</summary>
    public static string? RestOf(HttpContext context) =>
        (context.Request.Path.Value ?? "").Split('/', 5) is [_, _, _, _, { Length: > 0 } rest] ? rest : null;

    public static Refusal NoRef(Project project, string name) =>
        Refusal.NotFound($"There is no branch, tag or commit called “{Shown(name)}” in {project.FullPath}.");

    public static Refusal NoPath(string path, string reference) =>
        Refusal.NotFound($"There is nothing called “{Shown(path)}” in “{Shown(reference)}”.");

    private static string Shown(string name) => name.Length > 200 ? name[..200] + "…" : name;
}
