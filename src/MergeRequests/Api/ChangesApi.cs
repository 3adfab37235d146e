using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Pipelines;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>REST: what a merge request changes: commits, diffs, versions, pipelines.</summary>
internal static class ChangesApi
{
    private const int MaxCommits = 1000;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(MergeRequestApi.One + "/commits", CommitsAsync).ForProject(Role.None, Scope.ReadApi);
        app.MapGet(MergeRequestApi.One + "/changes", ChangesAsync).ForProject(Role.None, Scope.ReadApi);
        app.MapGet(MergeRequestApi.One + "/diffs", DiffsAsync).ForProject(Role.None, Scope.ReadApi);
        app.MapGet(MergeRequestApi.One + "/versions", VersionsAsync).ForProject(Role.None, Scope.ReadApi);
        app.MapGet(MergeRequestApi.One + "/versions/{versionId:long}", VersionAsync).ForProject(Role.None, Scope.ReadApi);
        app.MapGet(MergeRequestApi.One + "/pipelines", PipelinesAsync).ForProject(Role.None, Scope.ReadApi);
    }

    private static async Task<IResult> CommitsAsync(
        HttpContext context, ProjectAccess access, long iid, MergeRequestStore requests, GitRepositories repositories, ServerAddress address, CancellationToken cancel)
    {
        var request = await RequestForms.FindAsync(requests, access, iid, cancel);
        var newest = (await requests.VersionsAsync(request.Id, cancel))[0];
        var commits = await repositories.Open(access.Project).LogAsync(newest.HeadSha, newest.BaseSha, 0, MaxCommits, null, cancel);
        return Results.Ok(ApiPage.Write(context, address, Cut(context, commits), commit => Commit(access, address, commit)));
    }

    private static async Task<IResult> ChangesAsync(
        ProjectAccess access, long iid, MergeRequestStore requests, ChangeLists changes, GitRepositories repositories, ShapeRequest shape, CancellationToken cancel)
    {
        var request = await RequestForms.FindAsync(requests, access, iid, cancel);
        var newest = (await requests.VersionsAsync(request.Id, cancel))[0];
        var answer = await shape.WholeAsync(access, request, cancel);
        var files = await changes.BetweenAsync(access.Project.Id, newest.BaseSha, newest.HeadSha, cancel);
        var shown = await DiffsOfAsync(repositories.Open(access.Project), newest, [.. files.Take(PageRequest.MaxSize)], cancel);
        answer["changes"] = System.Text.Json.JsonSerializer.SerializeToNode(shown, SnakeCase);
        answer["overflow"] = files.Count > PageRequest.MaxSize;
        return Results.Ok(answer);
    }

    private static async Task<IResult> DiffsAsync(
        HttpContext context, ProjectAccess access, long iid, MergeRequestStore requests, ChangeLists changes, GitRepositories repositories,
        ServerAddress address, CancellationToken cancel)
    {
        var request = await RequestForms.FindAsync(requests, access, iid, cancel);
        var newest = (await requests.VersionsAsync(request.Id, cancel))[0];
        var page = Cut(context, await changes.BetweenAsync(access.Project.Id, newest.BaseSha, newest.HeadSha, cancel));
        var shown = await DiffsOfAsync(repositories.Open(access.Project), newest, page.Rows, cancel);
        return Results.Ok(ApiPage.Write(context, address, new Page<ApiFileDiff>(shown, page.Total, page.Request), diff => diff));
    }

    private static async Task<IResult> VersionsAsync(
        HttpContext context, ProjectAccess access, long iid, MergeRequestStore requests, ChangeLists changes, ServerAddress address, CancellationToken cancel)
    {
        var request = await RequestForms.FindAsync(requests, access, iid, cancel);
        var page = Cut(context, await requests.VersionsAsync(request.Id, cancel));
        var shaped = new Dictionary<long, ApiVersion>();
        foreach (var version in page.Rows)
        {
            shaped[version.Id] = Version(version, (await changes.BetweenAsync(access.Project.Id, version.BaseSha, version.HeadSha, cancel)).Count);
        }

        return Results.Ok(ApiPage.Write(context, address, page, version => shaped[version.Id]));
    }

    private static async Task<IResult> VersionAsync(
        ProjectAccess access, long iid, long versionId, MergeRequestStore requests, ChangeLists changes, GitRepositories repositories, ServerAddress address,
        CancellationToken cancel)
    {
        var request = await RequestForms.FindAsync(requests, access, iid, cancel);
        var version = (await requests.VersionsAsync(request.Id, cancel)).FirstOrDefault(version => version.Id == versionId)
            ?? throw Refusal.NotFound("404 Not found");
        var repository = repositories.Open(access.Project);
        var files = await changes.BetweenAsync(access.Project.Id, version.BaseSha, version.HeadSha, cancel);
        var commits = await repository.LogAsync(version.HeadSha, version.BaseSha, 0, PageRequest.MaxSize, null, cancel);
        var plain = Version(version, files.Count);
        return Results.Ok(new
        {
            plain.Id,
            plain.HeadCommitSha,
            plain.BaseCommitSha,
            plain.StartCommitSha,
            plain.CreatedAt,
            plain.MergeRequestId,
            plain.State,
            plain.RealSize,
            plain.PatchIdSha,
            plain.Number,
            Commits = commits.Select(commit => Commit(access, address, commit)),
            Diffs = await DiffsOfAsync(repository, version, [.. files.Take(PageRequest.MaxSize)], cancel),
        });
    }

    private static async Task<IResult> PipelinesAsync(
        HttpContext context, ProjectAccess access, long iid, MergeRequestStore requests, PipelineStore pipelines, ShapeRequest shape, ServerAddress address,
        CancellationToken cancel)
    {
        var request = await RequestForms.FindAsync(requests, access, iid, cancel);
        var versions = await requests.VersionsAsync(request.Id, cancel);
        var rows = await pipelines.ForCommitsAsync(access.Project.Id, [.. versions.Select(version => version.HeadSha)], cancel);
        return Results.Ok(ApiPage.Write(context, address, Cut(context, rows), pipeline => shape.Pipeline(access.Project, pipeline)));
    }

    private static Page<T> Cut<T>(HttpContext context, IReadOnlyList<T> all)
    {
        var request = ApiPage.Request(context);
        return new Page<T>([.. all.Skip(request.Skip).Take(request.Size)], all.Count, request);
    }

    private static async Task<IReadOnlyList<ApiFileDiff>> DiffsOfAsync(
        GitRepository repository, RequestVersion version, IReadOnlyList<FileChange> files, CancellationToken cancel)
    {
        var shaped = new List<ApiFileDiff>();
        foreach (var file in files)
        {
            var patch = await repository.PatchAsync(version.BaseSha, version.HeadSha, file, cancel);
            shaped.Add(new ApiFileDiff(
                file.OldPath ?? file.Path, file.Path, file.OldMode, file.NewMode, Text(patch), file.Kind == ChangeKind.Added,
                file.Kind == ChangeKind.Renamed, file.Kind == ChangeKind.Removed, false, false, patch.IsTooLarge));
        }

        return shaped;
    }

    /// <summary>Unified text from the first @@ on.</summary>
    private static string Text(FilePatch patch)
    {
        var text = new StringBuilder();
        foreach (var hunk in patch.Hunks)
        {
            text.Append(CultureInfo.InvariantCulture, $"@@ -{hunk.OldStart},{hunk.OldCount} +{hunk.NewStart},{hunk.NewCount} @@");
            text.Append(hunk.Heading.Length > 0 ? " " + hunk.Heading : "").Append('\n');
            foreach (var line in hunk.Lines)
            {
                text.Append(line.Kind switch { PatchLineKind.Added => "+", PatchLineKind.Removed => "-", PatchLineKind.NoNewline => "", _ => " " })
                    .Append(line.Text).Append('\n');
            }
        }

        return text.ToString();
    }

    private static ApiVersion Version(RequestVersion version, int files) =>
        new(
            version.Id, version.HeadSha, version.BaseSha, version.StartSha, Micros.ToIso(version.CreatedUs), version.RequestId, "collected",
            files.ToString(CultureInfo.InvariantCulture), null, version.Number);

    private static ApiMergeCommit Commit(ProjectAccess access, ServerAddress address, GitCommit commit) =>
        new(
            commit.Sha, commit.ShortSha, commit.Title, commit.Message, commit.AuthorName, commit.AuthorEmail, Iso(commit.AuthoredAt), commit.CommitterName,
            commit.CommitterEmail, Iso(commit.CommittedAt), Iso(commit.CommittedAt), commit.Parents, address.Link(access.Project.Area("commit/" + commit.Sha)));

    private static string Iso(DateTimeOffset time) => Micros.ToIso(Micros.FromTime(time))!;

    private static System.Text.Json.JsonSerializerOptions SnakeCase { get; } =
        new() { PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.SnakeCaseLower };
}

internal sealed record ApiFileDiff(
    string OldPath, string NewPath, string AMode, string BMode, string Diff, bool NewFile, bool RenamedFile, bool DeletedFile, bool GeneratedFile,
    bool Collapsed, bool TooLarge);

internal sealed record ApiMergeCommit(
    string Id, string ShortId, string Title, string Message, string AuthorName, string AuthorEmail, string AuthoredDate, string CommitterName,
    string CommitterEmail, string CommittedDate, string CreatedAt, IReadOnlyList<string> ParentIds, string WebUrl);
