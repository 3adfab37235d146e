using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.Registry;

/// <summary>REST: registered models and their versions, read only.</summary>
internal static class ModelApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v4/projects/{project}/models").ForProject(Role.None, Scope.ReadApi);
        group.MapGet("", ListAsync);
        group.MapGet("/{name}", GetAsync);
        group.MapGet("/{name}/versions", VersionsAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext context, ProjectAccess access, ModelStore models, ServerAddress address, CancellationToken cancel)
    {
        var page = await models.ListAsync(access.Project.Id, ModelKind.Model, ApiPage.Request(context), cancel);
        return Results.Ok(ApiPage.Write(context, address, page, model => Shape(access, model, address)));
    }

    private static async Task<IResult> GetAsync(HttpContext context, ProjectAccess access, ModelStore models, ServerAddress address, CancellationToken cancel)
    {
        var model = await FindAsync(access, PathName.Of(context, "name"), models, cancel);
        var aliases = await models.AliasesAsync(model.Id, cancel);
        var named = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (alias, versionId) in aliases)
        {
            named[alias] = (await models.VersionByIdAsync(versionId, cancel))!.Number;
        }

        return Results.Ok(new { model.Id, model.Name, model.Description, CreatedAt = Micros.ToIso(model.CreatedUs), WebUrl = address.Link(access.Project.Area(model.Area)), Aliases = named });
    }

    private static async Task<IResult> VersionsAsync(
        HttpContext context, ProjectAccess access, ModelStore models, ServerAddress address, CancellationToken cancel)
    {
        var model = await FindAsync(access, PathName.Of(context, "name"), models, cancel);
        var page = await models.VersionsAsync(model.Id, ApiPage.Request(context), cancel);
        return Results.Ok(ApiPage.Write(context, address, page, version => new
        {
            version.Id,
            Version = version.Number,
            version.Label,
            version.CandidateId,
            version.CandidateIid,
            version.Sha,
            version.MergeRequestIid,
            version.ModelPath,
            version.Description,
            Stage = version.Stage.ToString().ToLowerInvariant(),
            CreatedAt = Micros.ToIso(version.CreatedUs),
        }));
    }

    private static object Shape(ProjectAccess access, Model model, ServerAddress address) => new
    {
        model.Id,
        model.Name,
        model.Description,
        CreatedAt = Micros.ToIso(model.CreatedUs),
        UpdatedAt = Micros.ToIso(model.UpdatedUs),
        WebUrl = address.Link(access.Project.Area(model.Area)),
    };

    private static async Task<Model> FindAsync(ProjectAccess access, string name, ModelStore models, CancellationToken cancel) =>
        await models.FindAsync(access.Project.Id, name, cancel) ?? throw Refusal.NotFound($"This project has no model `{name}`.");
}
