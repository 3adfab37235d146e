using System.Text;
using Squero.Repositories;

namespace Squero.Pipelines;

/// <summary>
/// Plans with files out of a repository. Planning is pure and cannot wait for git: it says which files and refs it missed,
/// they are fetched, and it plans again.
/// </summary>
internal sealed class PlanCommit(GitRepository repository, string sha)
{
    /// <summary>More than planning takes, so that it is planning that refuses a large file, with its own sentence.</summary>
    public const int FileBytesMax = 4 * 1024 * 1024;
    private const int RoundsMax = 30;
    private const int FilesMax = 150;

    private readonly Dictionary<string, string?> files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>?> changes = new(StringComparer.Ordinal);
    private readonly HashSet<string> wantedFiles = new(StringComparer.Ordinal);
    private readonly HashSet<string> wantedChanges = new(StringComparer.Ordinal);

    public async Task<PlanOutcome> PlanAsync(string text, string fileName, PipelineContext context, string? beforeSha, CancellationToken cancel)
    {
        var paths = Mentions(text, "exists") || Mentions(text, "include") ? await repository.FilesAsync(sha, cancel) : [];
        var full = context with
        {
            ChangedPaths = await ChangedPathsAsync(text, context.MergeRequest?.DiffBaseSha ?? beforeSha, cancel),
            CommitPaths = () => paths,
            ReadFile = ReadFile,
            ChangedSince = ChangedSince,
        };
        for (var round = 0; ; round++)
        {
            var outcome = PlanPipeline.Plan(text, fileName, full);
            if ((wantedFiles.Count == 0 && wantedChanges.Count == 0) || round == RoundsMax || files.Count > FilesMax)
            {
                return outcome;
            }

            await FetchAsync(cancel);
        }
    }

    private async Task<IReadOnlyList<string>?> ChangedPathsAsync(string text, string? before, CancellationToken cancel) =>
        before is null || before == RefUpdate.Nothing || !(Mentions(text, "changes") || Mentions(text, "include"))
            ? null
            : await ChangesAsync(before, cancel);

    private async Task<IReadOnlyList<string>?> ChangesAsync(string before, CancellationToken cancel)
    {
        if (await repository.ResolveAsync(before, cancel) is not { } from)
        {
            return null;
        }

        var changed = await repository.ChangesAsync(from, sha, cancel);
        return [.. changed.SelectMany(file => new[] { file.OldPath, file.NewPath }).OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    private string? ReadFile(string path)
    {
        if (files.TryGetValue(path, out var text))
        {
            return text;
        }

        wantedFiles.Add(path);
        return null;
    }

    private IReadOnlyList<string>? ChangedSince(string other)
    {
        if (changes.TryGetValue(other, out var paths))
        {
            return paths;
        }

        wantedChanges.Add(other);
        return null;
    }

    private async Task FetchAsync(CancellationToken cancel)
    {
        foreach (var path in wantedFiles)
        {
            files[path] = await TextAsync(repository, sha, path, cancel);
        }

        foreach (var other in wantedChanges)
        {
            changes[other] = await repository.ResolveAsync(other, cancel) is { } tip
                ? await ChangesAsync(await repository.MergeBaseAsync(tip, sha, cancel) ?? tip, cancel)
                : null;
        }

        wantedFiles.Clear();
        wantedChanges.Clear();
    }

    /// <summary>The pipeline file of a commit under the first of its names that is there; null when it has none.</summary>
    public static async Task<(string Name, string Text)?> FileAsync(GitRepository repository, string sha, CancellationToken cancel)
    {
        foreach (var name in PipelineFile.Names)
        {
            if (await TextAsync(repository, sha, name, cancel) is { } text)
            {
                return (name, text);
            }
        }

        return null;
    }

    /// <summary>Null when the file is not there; of a file over the limit only a comment is left.</summary>
    public static async Task<string?> TextAsync(GitRepository repository, string sha, string path, CancellationToken cancel)
    {
        var blob = await repository.BlobAsync(sha, path, cancel);
        return blob is null ? null
            : blob.Size > FileBytesMax ? $"# {path} is larger than 4 MB"
            : Encoding.UTF8.GetString(blob.Bytes).TrimStart('\uFEFF');
    }

    private static bool Mentions(string text, string word) => text.Contains(word, StringComparison.Ordinal);
}
