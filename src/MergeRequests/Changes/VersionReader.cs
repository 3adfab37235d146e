using Squero.Notebooks;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>Reads the files of several versions while threads are followed through them: every notebook and every comparison once.</summary>
internal sealed class VersionReader(GitRepository repository, ChangeLists changes, long projectId)
{
    private readonly Dictionary<string, Notebook> notebooks = new(StringComparer.Ordinal);
    private readonly Dictionary<(Notebook, Notebook), NotebookDiff> diffs = [];

    public GitRepository Repository => repository;

    /// <summary>Null when there is no such file, or (a damaged repository) no such commit.</summary>
    public Task<string?> OidAsync(string sha, string path, CancellationToken cancel) => repository.BlobOidAsync(sha, path, cancel);

    public async Task<IReadOnlyList<FileChange>> ChangesAsync(string before, string after, CancellationToken cancel) =>
        await repository.ResolveAsync(before, cancel) is null || await repository.ResolveAsync(after, cancel) is null
            ? []
            : await changes.BetweenAsync(projectId, before, after, cancel);

    public async Task<Notebook> NotebookAsync(string oid, CancellationToken cancel)
    {
        if (!notebooks.TryGetValue(oid, out var notebook))
        {
            notebook = await repository.BytesAsync(oid, GitBlob.Limit, cancel) is { } bytes ? Notebook.Parse(bytes) : Notebook.Absent;
            notebooks[oid] = notebook;
        }

        return notebook;
    }

    public NotebookDiff Compare(Notebook before, Notebook after)
    {
        if (!diffs.TryGetValue((before, after), out var diff))
        {
            diffs[(before, after)] = diff = NotebookDiff.Between(before, after);
        }

        return diff;
    }
}
