using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Builder;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>REST: branches.</summary>
internal static class BranchApi
{
    public static void Map(RouteGroupBuilder read, RouteGroupBuilder write)
    {
        read.MapGet("/branches", ListAsync);
        read.MapGet("/branches/{branch}", GetAsync);
        write.MapPost("/branches", CreateAsync);
        write.MapDelete("/branches/{branch}", DeleteAsync);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, ProjectAccess access, GitRepositories repositories, ServerAddress address, CancellationToken cancel)
    {
        var search = context.Request.Query["search"].ToString();
        var repository = ApiPlace.Open(repositories, access);
        var branches = (await repository.BranchesAsync(cancel)).Where(branch => Matches(branch.Name, search)).ToList();
        return Results.Ok(ApiPlace.Page(context, address, branches, branch => ApiBranch.From(branch, access, address)));
    }

    private static async Task<IResult> GetAsync(
        HttpContext context, ProjectAccess access, GitRepositories repositories, ServerAddress address, CancellationToken cancel) =>
        Results.Ok(ApiBranch.From(await FindAsync(ApiPlace.Open(repositories, access), PathName.Of(context, "branch"), cancel), access, address));

    private static async Task<IResult> CreateAsync(
        HttpContext context, ProjectAccess access, GitRepositories repositories, MoveBranch move, ServerAddress address, CancellationToken cancel)
    {
        var input = await ApiInput.ReadAsync(context, cancel);
        var (name, reference) = (input.Required("branch"), input.Required("ref"));
        var repository = repositories.Open(access.Project);
        PushRules.CheckName($"refs/heads/{name}");
        var sha = await repository.ResolveAsync(ApiPlace.Ref(reference, access.Project), cancel)
            ?? throw Refusal.Invalid($"Invalid reference name: {reference}");
        return await move.MoveAsync(access.Project, name, sha, "", access.PersonId, cancel)
            ? Results.Json(ApiBranch.From(await FindAsync(repository, name, cancel), access, address), statusCode: 201)
            : throw Refusal.Invalid("Branch already exists");
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext context, ProjectAccess access, GitRepositories repositories, MoveBranch move, CancellationToken cancel)
    {
        var found = await FindAsync(repositories.Open(access.Project), PathName.Of(context, "branch"), cancel);
        if (found.Name == access.Project.DefaultBranch)
        {
            throw new Refusal(RefusalKind.NotAllowed, "The default branch cannot be deleted.");
        }

        return await move.MoveAsync(access.Project, found.Name, "", found.TargetSha, access.PersonId, cancel)
            ? Results.NoContent()
            : throw Refusal.Conflict("The branch has moved meanwhile.");
    }

    private static async Task<GitRef> FindAsync(GitRepository repository, string name, CancellationToken cancel) =>
        (await repository.BranchesAsync(cancel)).FirstOrDefault(branch => branch.Name == name) ?? throw Refusal.NotFound("404 Branch Not Found");

    // ^begins and ends$ as well as parts.
    private static bool Matches(string name, string search)
    {
        var text = search.Trim('^', '$');
        return (search.StartsWith('^'), search.EndsWith('$')) switch
        {
            (true, true) => name.Equals(text, StringComparison.OrdinalIgnoreCase),
            (true, false) => name.StartsWith(text, StringComparison.OrdinalIgnoreCase),
            (false, true) => name.EndsWith(text, StringComparison.OrdinalIgnoreCase),
            _ => name.Contains(text, StringComparison.OrdinalIgnoreCase),
        };
    }
}

/// <summary>A branch in REST answers.</summary>
internal sealed record ApiBranch(
    string Name, ApiCommit Commit, bool Merged, bool Protected, bool DevelopersCanPush, bool DevelopersCanMerge, bool CanPush, bool Default, string WebUrl)
{
    public static ApiBranch From(GitRef branch, ProjectAccess access, ServerAddress address) =>
        new(
            branch.Name, ApiCommit.From(branch.Commit!, access.Project, address), false, false, true, true, access.Can(Role.Developer),
            branch.Name == access.Project.DefaultBranch, address.Link(CodeLinks.Tree(access.Project, branch.Name)));
}
