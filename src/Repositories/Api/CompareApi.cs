using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>REST: what one ref has that another has not, and where two histories part.</summary>
internal static class CompareApi
{
    private const int MaxCommits = 250;

    public static void Map(RouteGroupBuilder read)
    {
        read.MapGet("/compare", CompareAsync);
        read.MapGet("/merge_base", MergeBaseAsync);
    }

    private static async Task<IResult> CompareAsync(
        HttpContext context, ProjectAccess access, GitRepositories repositories, ChangedFileSource source, ServerAddress address, CancellationToken cancel)
    {
        var query = context.Request.Query;
        var repository = ApiPlace.Open(repositories, access);
        var (fromName, toName) = (query["from"].ToString(), query["to"].ToString());
        var from = await ResolveAsync(repository, fromName, "from", cancel);
        var to = await ResolveAsync(repository, toName, "to", cancel);
        var before = ApiInput.Asks(context.Request, "straight") ? from : await repository.MergeBaseAsync(from, to, cancel) ?? from;
        var commits = await repository.LogAsync(to, from, 0, MaxCommits, null, cancel);
        var changes = await repository.ChangesAsync(before, to, cancel);
        var oldestFirst = commits.Reverse().Select(commit => ApiCommit.From(commit, access.Project, address)).ToList();
        return Results.Ok(new
        {
            commit = oldestFirst.LastOrDefault(),
            commits = oldestFirst,
            diffs = await ApiDiff.ListAsync(source, access.Project, before, to, changes, cancel),
            compare_timeout = false,
            compare_same_ref = from == to,
            web_url = address.Link(CodeLinks.Compare(access.Project, fromName, toName)),
        });
    }

    private static async Task<IResult> MergeBaseAsync(
        HttpContext context, ProjectAccess access, GitRepositories repositories, ServerAddress address, CancellationToken cancel)
    {
        var refs = (await ApiInput.ReadAsync(context, cancel)).List("refs") ?? [];
        if (refs.Count != 2)
        {
            throw Refusal.Invalid("Give exactly two refs: refs[]=main&refs[]=feature.");
        }

        var repository = ApiPlace.Open(repositories, access);
        var one = await ResolveAsync(repository, refs[0], "refs", cancel);
        var other = await ResolveAsync(repository, refs[1], "refs", cancel);
        return await repository.MergeBaseAsync(one, other, cancel) is { } sha && await repository.CommitAsync(sha, cancel) is { } commit
            ? Results.Ok(ApiCommit.From(commit, access.Project, address))
            : throw Refusal.NotFound("404 Merge Base Not Found");
    }

    private static async Task<string> ResolveAsync(GitRepository repository, string name, string parameter, CancellationToken cancel) =>
        name.Length == 0 ? throw new MissingParameter($"{parameter} is missing")
        : await repository.ResolveAsync(name, cancel) ?? throw Refusal.NotFound("404 Ref Not Found");
}
