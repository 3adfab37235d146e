using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Builder;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>REST: tags.</summary>
internal static class TagApi
{
    public static void Map(RouteGroupBuilder read, RouteGroupBuilder write)
    {
        read.MapGet("/tags", ListAsync);
        read.MapGet("/tags/{tag}", GetAsync);
        write.MapPost("/tags", CreateAsync);
        write.MapDelete("/tags/{tag}", DeleteAsync);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, ProjectAccess access, GitRepositories repositories, ServerAddress address, CancellationToken cancel)
    {
        var search = context.Request.Query["search"].ToString();
        var tags = (await ApiPlace.Open(repositories, access).TagsAsync(cancel))
            .Where(tag => tag.Name.Contains(search, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(tag => tag.Commit?.CommittedAt).ThenBy(tag => tag.Name, StringComparer.Ordinal).ToList();
        return Results.Ok(ApiPlace.Page(context, address, tags, tag => ApiTag.From(tag, access.Project, address)));
    }

    private static async Task<IResult> GetAsync(HttpContext context, ProjectAccess access, GitRepositories repositories, ServerAddress address, CancellationToken cancel) =>
        Results.Ok(ApiTag.From(await FindAsync(ApiPlace.Open(repositories, access), PathName.Of(context, "tag"), cancel), access.Project, address));

    private static async Task<IResult> CreateAsync(
        HttpContext context, ProjectAccess access, GitRepositories repositories, MoveBranch move, ServerAddress address, TimeProvider time, CancellationToken cancel)
    {
        var input = await ApiInput.ReadAsync(context, cancel);
        var (name, reference) = (input.Required("tag_name"), input.Required("ref"));
        PushRules.CheckName($"refs/tags/{name}");
        var repository = repositories.Open(access.Project);
        var sha = await repository.ResolveAsync(ApiPlace.Ref(reference, access.Project), cancel) ?? throw Refusal.Invalid($"Target {reference} is invalid");
        if (input.Text("message") is { Length: > 0 } message)
        {
            var person = access.Caller.Person!;
            sha = await repository.CreateTagAsync(name, sha, message, new GitIdentity(person.Name, person.Email, time.GetUtcNow()), cancel);
        }

        return await move.MoveTagAsync(access.Project, name, sha, "", access.PersonId, cancel)
            ? Results.Json(ApiTag.From(await FindAsync(repository, name, cancel), access.Project, address), statusCode: 201)
            : throw Refusal.Invalid($"Tag {name} already exists");
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext context, ProjectAccess access, GitRepositories repositories, MoveBranch move, CancellationToken cancel)
    {
        var found = await FindAsync(repositories.Open(access.Project), PathName.Of(context, "tag"), cancel);
        return await move.MoveTagAsync(access.Project, found.Name, "", found.TargetSha, access.PersonId, cancel)
            ? Results.NoContent()
            : throw Refusal.Conflict("The tag has moved meanwhile.");
    }

    private static async Task<GitRef> FindAsync(GitRepository repository, string name, CancellationToken cancel) =>
        (await repository.TagsAsync(cancel)).FirstOrDefault(tag => tag.Name == name) ?? throw Refusal.NotFound("404 Tag Not Found");
}

/// <summary>A tag in REST answers.</summary>
internal sealed record ApiTag(string Name, string? Message, string Target, ApiCommit Commit, object? Release, bool Protected, string? CreatedAt)
{
    public static ApiTag From(GitRef tag, Project project, ServerAddress address) =>
        new(
            tag.Name, tag.Message?.TrimEnd('\n') ?? "", tag.TargetSha, ApiCommit.From(tag.Commit!, project, address), null, false,
            tag.TargetSha == tag.Sha ? null : ApiCommit.Time(tag.Commit!.CommittedAt));
}
