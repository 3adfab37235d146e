using System.Collections.Concurrent;
using System.Text;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>What differs between two commits, remembered: the same list is asked for by every tab and every thread.</summary>
public sealed class ChangeLists(GitRepositories repositories)
{
    private const int Remembered = 300;
    private readonly ConcurrentDictionary<(long, string, string), IReadOnlyList<FileChange>> known = new();

    public async Task<IReadOnlyList<FileChange>> BetweenAsync(long projectId, string before, string after, CancellationToken cancel)
    {
        if (before == after)
        {
            return [];
        }

        if (known.TryGetValue((projectId, before, after), out var changes))
        {
            return changes;
        }

        if (known.Count >= Remembered)
        {
            known.Clear();
        }

        return known[(projectId, before, after)] = await repositories.Open(projectId).ChangesAsync(before, after, cancel);
    }
}

/// <summary>Reading one side of a changed file.</summary>
internal static class FileSides
{
    /// <summary>The lines of a text file without their ends; null when there is no such file, or none of text.</summary>
    public static async Task<IReadOnlyList<string>?> LinesAsync(GitRepository repository, string sha, string? path, CancellationToken cancel)
    {
        if (path is null || await repository.BlobAsync(sha, path, cancel) is not { IsLarge: false, IsBinary: false } blob)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(blob.Bytes);
        return text.Length == 0 ? [] : [.. (text.EndsWith('\n') ? text[..^1] : text).Split('\n').Select(line => line.TrimEnd('\r'))];
    }
}
