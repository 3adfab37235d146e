using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Ui;

namespace Squero.Projects;

/// <summary>Where a project's settings page lets other modules add panels.</summary>
public sealed record ProjectSettingsContext(ProjectAccess Access);

/// <summary>What the pages of this module post.</summary>
internal static class ProjectForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/-/projects/new", CreateAsync).ForSignedIn(Scope.Api);
        app.MapPost("/project/{project}/settings", SaveAsync).ForProject(Role.Maintainer, Scope.Api);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, CreateProject create, NamespaceStore namespaces, CancellationToken cancel)
    {
        var form = await context.Request.ReadFormAsync(cancel);
        var space = long.TryParse(form["namespace_id"], out var id) ? await namespaces.FindAsync(id, cancel) : null;
        var project = await create.CreateAsync(
            context.Caller(), space ?? throw Refusal.Invalid("Choose where the project shall live."), form["path"].ToString().Trim(), null,
            form["description"], ProjectApi.ParseVisibility(form["visibility"]) ?? Visibility.Private, cancel);
        return Results.Redirect(project.Href);
    }

    private static async Task<IResult> SaveAsync(HttpContext context, ProjectAccess access, ProjectStore projects, CancellationToken cancel)
    {
        var form = await context.Request.ReadFormAsync(cancel);
        await projects.UpdateAsync(
            access.Project with
            {
                Name = form["name"].ToString() is { Length: > 0 } name ? name : access.Project.Name,
                Description = form["description"].ToString(),
                Visibility = ProjectApi.ParseVisibility(form["visibility"]) ?? access.Project.Visibility,
                DefaultBranch = form["default_branch"].ToString() is { Length: > 0 } branch ? branch : access.Project.DefaultBranch,
            },
            cancel);
        Flash.Leave(context, "Saved.");
        return Results.Redirect(access.Project.Area("settings"));
    }
}
