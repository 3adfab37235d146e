using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;

namespace Squero.Projects;

/// <summary>REST: projects and their namespaces.</summary>
internal static class ProjectApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v4/projects", (HttpContext context, ProjectListing list, CancellationToken cancel) => list.AnswerAsync(context, null, cancel)).ForSignedIn(Scope.ReadApi);
        app.MapPost("/api/v4/projects", CreateAsync).ForSignedIn(Scope.Api);
        app.MapGet("/api/v4/projects/{project}", GetAsync).ForProject(Role.None, Scope.ReadApi);
        app.MapPut("/api/v4/projects/{project}", UpdateAsync).ForProject(Role.Maintainer, Scope.Api);
        app.MapGet("/api/v4/namespaces", NamespacesAsync).ForSignedIn(Scope.ReadApi);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context, CreateProject create, NamespaceStore namespaces, ServerAddress address, CancellationToken cancel)
    {
        var input = await ApiInput.ReadAsync(context, cancel);
        var caller = context.Caller();
        if (input.Flag("initialize_with_readme") == true)
        {
            throw new MissingParameter("initialize_with_readme is not offered: push a first commit, or send it to repository/commits");
        }

        var path = input.Text("path") ?? input.Required("name").Trim().Replace(' ', '-').ToLowerInvariant();
        var space = input.Number("namespace_id") is { } id
            ? await namespaces.FindAsync(id, cancel)
            : await namespaces.OfPersonAsync(caller.PersonId!.Value, cancel);
        if (space is null)
        {
            throw Refusal.NotFound("404 Namespace Not Found");
        }

        var visibility = ParseVisibility(input.Text("visibility")) ?? Visibility.Private;
        var project = await create.CreateAsync(caller, space, path, input.Text("name"), input.Text("description"), visibility, cancel);
        return Results.Created(address.Link(project.Href), ApiProject.From(new ProjectAccess(project, caller, Role.Owner), space, address));
    }

    private static async Task<IResult> GetAsync(ProjectAccess access, NamespaceStore namespaces, ServerAddress address, CancellationToken cancel) =>
        Results.Ok(ApiProject.From(access, await namespaces.FindAsync(access.Project.NamespaceId, cancel), address));

    private static async Task<IResult> UpdateAsync(
        HttpContext context, ProjectAccess access, ProjectStore projects, NamespaceStore namespaces, ServerAddress address, CancellationToken cancel)
    {
        var input = await ApiInput.ReadAsync(context, cancel);
        var project = access.Project with
        {
            Name = input.Text("name") ?? access.Project.Name,
            Description = input.Text("description") ?? access.Project.Description,
            Visibility = ParseVisibility(input.Text("visibility")) ?? access.Project.Visibility,
            DefaultBranch = input.Text("default_branch") ?? access.Project.DefaultBranch,
        };
        await projects.UpdateAsync(project, cancel);
        return Results.Ok(ApiProject.From(access with { Project = project }, await namespaces.FindAsync(project.NamespaceId, cancel), address));
    }

    private static async Task<IResult> NamespacesAsync(HttpContext context, NamespaceStore namespaces, ServerAddress address, CancellationToken cancel)
    {
        var rows = await namespaces.ForPersonAsync(context.Caller().PersonId!.Value, cancel);
        var page = new Page<Namespace>(rows, rows.Count, new PageRequest(1, PageRequest.MaxSize));
        return Results.Ok(ApiPage.Write(context, address, page, space => ApiNamespace.From(space, address)));
    }

    internal static Visibility? ParseVisibility(string? word) =>
        word switch
        {
            null or "" => null,
            "private" => Visibility.Private,
            "internal" => Visibility.Internal,
            "public" => Visibility.Public,
            _ => throw new MissingParameter("visibility does not have a valid value"),
        };
}
