using Squero.Notebooks;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>Reads the files of several versions while threads are followed through them: every comparison once.</summary>
internal sealed class VersionReader(GitRepository repository, ChangeLists changes, ChangedFileSource sources, Project project)
{
    private readonly Dictionary<(Notebook, Notebook), NotebookDiff> diffs = [];

    public GitRepository Repository => repository;

    /// <summary>Null when there is no such file, or (a damaged repository) no such commit.</summary>
    public Task<string?> OidAsync(string sha, string path, CancellationToken cancel) => repository.BlobOidAsync(sha, path, cancel);

    public async Task<IReadOnlyList<FileChange>> ChangesAsync(string before, string after, CancellationToken cancel) =>
        await repository.ResolveAsync(before, cancel) is null || await repository.ResolveAsync(after, cancel) is null
            ? []
            : await changes.BetweenAsync(project.Id, before, after, cancel);

    public Task<Notebook> NotebookAsync(string oid, CancellationToken cancel) => sources.NotebookAsync(project, oid, cancel);

    public NotebookDiff Compare(Notebook before, Notebook after)
    {
        if (!diffs.TryGetValue((before, after), out var diff))
        {
            diffs[(before, after)] = diff = NotebookDiff.Between(before, after);
        }

        return diff;
    }
}
