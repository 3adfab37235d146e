using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>REST: commits, read and made.</summary>
internal static class CommitApi
{
    private const int MaxActions = 1000;

    public static void Map(RouteGroupBuilder read, RouteGroupBuilder write)
    {
        read.MapGet("/commits", ListAsync);
        read.MapGet("/commits/{sha}", GetAsync);
        read.MapGet("/commits/{sha}/diff", DiffAsync);
        read.MapGet("/commits/{sha}/refs", RefsAsync);
        write.MapPost("/commits", CreateAsync);
    }

    /// <summary>What a commit through the API needs beside its actions.</summary>
    public static CommitDraft DraftOf(ApiInput input, ProjectAccess access, IReadOnlyList<FileAction> actions) =>
        new(
            access,
            input.Required("branch"),
            input.Required("commit_message"),
            actions,
            input.Text("start_branch") is { Length: > 0 } branch ? branch : input.Text("start_sha"),
            input.Text("author_name"),
            input.Text("author_email"),
            input.Flag("force") == true);

    public static byte[]? Content(ApiInput input)
    {
        var text = input.Text("content");
        if (text is null || input.Text("encoding") != "base64")
        {
            return text is null ? null : Encoding.UTF8.GetBytes(text);
        }

        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw Refusal.Invalid("The content is said to be base64 and is not.");
        }
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, ProjectAccess access, GitRepositories repositories, ServerAddress address, CancellationToken cancel)
    {
        var query = context.Request.Query;
        var repository = ApiPlace.Open(repositories, access);
        var name = ApiPlace.Ref(query["ref_name"].ToString() is { Length: > 0 } given ? given : query["ref"], access.Project);
        var (from, notFrom) = Range(name);
        var page = ApiPage.Request(context);
        if (await repository.ResolveAsync(from, cancel) is not { } start)
        {
            return await repository.IsEmptyAsync(cancel) ? Results.Ok(Array.Empty<object>()) : throw Refusal.NotFound("404 Commit Not Found");
        }

        var path = query["path"].ToString();
        var commits = await repository.LogAsync(start, notFrom, page.Skip, page.Size, path, cancel);
        var total = path.Length == 0 ? await repository.CountAsync(start, notFrom, cancel) : page.Skip + commits.Count + (commits.Count == page.Size ? 1 : 0);
        return Results.Ok(ApiPage.Write(context, address, new Page<GitCommit>(commits, total, page), commit => ApiCommit.From(commit, access.Project, address)));
    }

    private static async Task<IResult> GetAsync(
        HttpContext context, ProjectAccess access, GitRepositories repositories, IEnumerable<ICommitPipelineSource> pipelines, ServerAddress address, CancellationToken cancel)
    {
        var repository = ApiPlace.Open(repositories, access);
        var commit = await FindAsync(context, repository, access, cancel);
        var stats = ApiStats.From(await repository.ChangesAsync(commit.Parents.FirstOrDefault() ?? "", commit.Sha, cancel));
        ICommitPipeline? last = null;
        foreach (var source in pipelines)
        {
            last ??= await source.LastAsync(access.Project, commit.Sha, cancel);
        }

        return Results.Ok(CommitDetails.From(ApiCommit.From(commit, access.Project, address), stats, last, access.Project.Id));
    }

    private static async Task<IResult> DiffAsync(
        HttpContext context, ProjectAccess access, GitRepositories repositories, ChangedFileSource source, ServerAddress address, CancellationToken cancel)
    {
        var repository = ApiPlace.Open(repositories, access);
        var commit = await FindAsync(context, repository, access, cancel);
        var before = commit.Parents.FirstOrDefault() ?? "";
        var changes = await repository.ChangesAsync(before, commit.Sha, cancel);
        var page = ApiPage.Request(context);
        var diffs = await ApiDiff.ListAsync(source, access.Project, before, commit.Sha, changes.Skip(page.Skip).Take(page.Size), cancel);
        return Results.Ok(ApiPage.Write(context, address, new Page<ApiDiff>(diffs, changes.Count, page), diff => diff));
    }

    private static async Task<IResult> RefsAsync(
        HttpContext context, ProjectAccess access, GitRepositories repositories, ServerAddress address, CancellationToken cancel)
    {
        var repository = ApiPlace.Open(repositories, access);
        var commit = await FindAsync(context, repository, access, cancel);
        var type = context.Request.Query["type"].ToString();
        var holding = new List<object>();
        foreach (var (word, refs) in new[] { ("branch", await repository.BranchesAsync(cancel)), ("tag", await repository.TagsAsync(cancel)) })
        {
            foreach (var entry in refs.Where(_ => type is "" or "all" || type == word))
            {
                if (await repository.IsAncestorAsync(commit.Sha, entry.Sha, cancel))
                {
                    holding.Add(new { type = word, name = entry.Name });
                }
            }
        }

        return Results.Ok(ApiPlace.Page(context, address, holding, entry => entry));
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context, ProjectAccess access, GitRepositories repositories, WriteCommit write, ServerAddress address, CancellationToken cancel)
    {
        var input = await ApiInput.ReadAsync(context, cancel);
        var actions = input.Objects("actions");
        if (actions.Count is 0 or > MaxActions)
        {
            throw Refusal.Invalid(actions.Count == 0 ? "actions is empty" : $"A commit has at most {MaxActions} actions.");
        }

        var draft = DraftOf(input, access, [.. actions.Select(ReadAction)]);
        var sha = await write.WriteAsync(draft, cancel);
        var repository = repositories.Open(access.Project);
        var commit = await repository.CommitAsync(sha, cancel) ?? throw new InvalidOperationException("The new commit is not there.");
        var stats = ApiStats.From(await repository.ChangesAsync(commit.Parents.FirstOrDefault() ?? "", sha, cancel));
        return Results.Json(CommitDetails.From(ApiCommit.From(commit, access.Project, address), stats, null, access.Project.Id), statusCode: 201);
    }

    private static FileAction ReadAction(ApiInput input) =>
        new(
            input.Required("action"), input.Required("file_path"), input.Text("previous_path"), Content(input), input.Flag("execute_filemode"),
            input.Text("last_commit_id"));

    private static async Task<GitCommit> FindAsync(HttpContext context, GitRepository repository, ProjectAccess access, CancellationToken cancel) =>
        await repository.CommitAsync(ApiPlace.Ref(PathName.Of(context, "sha"), access.Project), cancel) ?? throw Refusal.NotFound("404 Commit Not Found");

    // ref_name may be a range: what b has that a has not.
    private static (string From, string? NotFrom) Range(string name)
    {
        var dots = name.IndexOf("..", StringComparison.Ordinal);
        return dots <= 0 ? (name, null) : (name[(dots + 2)..].TrimStart('.'), name[..dots]);
    }
}

/// <summary>A single commit in REST answers: what the list has, its size and its pipeline.</summary>
internal sealed record CommitDetails(
    string Id, string ShortId, string Title, string Message, string AuthorName, string AuthorEmail, string AuthoredDate, string CommitterName,
    string CommitterEmail, string CommittedDate, string CreatedAt, IReadOnlyList<string> ParentIds, IReadOnlyDictionary<string, string> Trailers,
    IReadOnlyDictionary<string, IReadOnlyList<string>> ExtendedTrailers, string WebUrl, ApiStats Stats, string? Status, long ProjectId, object? LastPipeline)
{
    public static CommitDetails From(ApiCommit commit, ApiStats stats, ICommitPipeline? pipeline, long projectId) =>
        new(
            commit.Id, commit.ShortId, commit.Title, commit.Message, commit.AuthorName, commit.AuthorEmail, commit.AuthoredDate, commit.CommitterName,
            commit.CommitterEmail, commit.CommittedDate, commit.CreatedAt, commit.ParentIds, commit.Trailers, commit.ExtendedTrailers, commit.WebUrl, stats,
            pipeline?.Status, projectId, pipeline?.Shape);
}
