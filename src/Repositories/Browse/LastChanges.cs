using System.Globalization;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>Which commit changed each name of a folder last. Looks back over a bounded part of history; older names stay unanswered.</summary>
internal sealed class LastChanges(GitRepositories repositories, RenderCache cache)
{
    private const int Depth = 400;
    private const int EntryBytes = 600;

    public Task<IReadOnlyDictionary<string, GitCommit>> OfAsync(Project project, string sha, string folder, CancellationToken cancel) =>
        cache.GetAsync(
            $"last:{project.Id}:{sha}:{folder}",
            () => LookAsync(repositories.Open(project), sha, folder, cancel),
            found => (found.Count + 1L) * EntryBytes);

    private static async Task<IReadOnlyDictionary<string, GitCommit>> LookAsync(GitRepository repository, string sha, string folder, CancellationToken cancel)
    {
        var last = new Dictionary<string, GitCommit>(StringComparer.Ordinal);
        var prefix = folder.Length == 0 ? "" : folder + "/";
        foreach (var (commit, paths) in await repository.TouchedAsync(sha, folder, Depth, cancel))
        {
            foreach (var path in paths.Where(path => path.StartsWith(prefix, StringComparison.Ordinal)))
            {
                var name = path[prefix.Length..];
                var slash = name.IndexOf('/', StringComparison.Ordinal);
                last.TryAdd(slash < 0 ? name : name[..slash], commit);
            }
        }

        return last;
    }
}
