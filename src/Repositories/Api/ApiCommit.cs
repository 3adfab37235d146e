using System.Globalization;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>A commit in REST answers.</summary>
public sealed record ApiCommit(
    string Id,
    string ShortId,
    string Title,
    string Message,
    string AuthorName,
    string AuthorEmail,
    string AuthoredDate,
    string CommitterName,
    string CommitterEmail,
    string CommittedDate,
    string CreatedAt,
    IReadOnlyList<string> ParentIds,
    IReadOnlyDictionary<string, string> Trailers,
    IReadOnlyDictionary<string, IReadOnlyList<string>> ExtendedTrailers,
    string WebUrl)
{
    private static readonly Dictionary<string, string> NoTrailers = [];
    private static readonly Dictionary<string, IReadOnlyList<string>> NoExtendedTrailers = [];

    public static ApiCommit From(GitCommit commit, Project project, ServerAddress address) =>
        new(
            commit.Sha, commit.ShortSha, commit.Title, commit.Message, commit.AuthorName, commit.AuthorEmail, Time(commit.AuthoredAt),
            commit.CommitterName, commit.CommitterEmail, Time(commit.CommittedAt), Time(commit.CommittedAt), commit.Parents, NoTrailers,
            NoExtendedTrailers, address.Link(CodeLinks.Commit(project, commit.Sha)));

    internal static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", CultureInfo.InvariantCulture);
}

/// <summary>Lines added and deleted by a commit.</summary>
public sealed record ApiStats(int Additions, int Deletions, int Total)
{
    public static ApiStats From(IReadOnlyList<FileChange> changes) =>
        new(changes.Sum(change => change.Added), changes.Sum(change => change.Removed), changes.Sum(change => change.Added + change.Removed));
}

/// <summary>One changed file in REST answers: the unified text from the first @@ on.</summary>
public sealed record ApiDiff(
    string OldPath, string NewPath, string AMode, string BMode, string Diff, bool NewFile, bool RenamedFile, bool DeletedFile, bool GeneratedFile,
    bool Collapsed, bool TooLarge)
{
    /// <summary>Diffs of at most 1,000 files are given; a text over the limit of a patch is left out and marked.</summary>
    public static async Task<IReadOnlyList<ApiDiff>> ListAsync(
        ChangedFileSource source, Project project, string before, string after, IEnumerable<FileChange> changes, CancellationToken cancel)
    {
        var diffs = new List<ApiDiff>();
        foreach (var change in changes.Take(1000))
        {
            diffs.Add(From(await source.PatchAsync(project, before, after, change, cancel)));
        }

        return diffs;
    }

    private static ApiDiff From(FilePatch patch)
    {
        var file = patch.File;
        var text = patch.IsBinary ? $"Binary files a/{file.OldPath ?? file.NewPath} and b/{file.NewPath ?? file.OldPath} differ\n" : PatchText.Write(patch);
        return new ApiDiff(
            file.OldPath ?? file.NewPath ?? "", file.NewPath ?? file.OldPath ?? "", Mode(file.OldMode), Mode(file.NewMode), text,
            file.Kind == ChangeKind.Added, file.Kind == ChangeKind.Renamed, file.Kind == ChangeKind.Removed, false, patch.IsTooLarge, patch.IsTooLarge);
    }

    private static string Mode(string mode) => mode == "000000" ? "0" : mode;
}

/// <summary>Tells the REST API about the last pipeline of a commit; the module of pipelines contributes it.</summary>
public interface ICommitPipelineSource
{
    /// <summary>What <c>last_pipeline</c> holds (id, ref, sha, status …), or null.</summary>
    Task<ICommitPipeline?> LastAsync(Project project, string sha, CancellationToken cancel);
}

/// <summary>The status of a pipeline as a word, and the object that is serialised as <c>last_pipeline</c>.</summary>
public interface ICommitPipeline
{
    string Status { get; }

    object Shape { get; }
}
