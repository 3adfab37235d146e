using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Pipelines;

/// <summary>
/// REST: the variables that a project's settings give to its jobs. Values are for maintainers alone: a job, whoever started it, has
/// those that are meant for it in its environment and no door to the others.
/// </summary>
internal static class VariableApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        const string all = "/api/v4/projects/{project}/variables";
        const string one = all + "/{key}";
        app.MapGet(all, ListAsync).ForProject(Role.Maintainer, Scope.ReadApi);
        app.MapGet(one, GetAsync).ForProject(Role.Maintainer, Scope.ReadApi);
        app.MapPost(all, AddAsync).ForProject(Role.Maintainer, Scope.Api);
        app.MapPut(one, ChangeAsync).ForProject(Role.Maintainer, Scope.Api);
        app.MapDelete(one, DeleteAsync).ForProject(Role.Maintainer, Scope.Api);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, ProjectAccess access, VariableStore variables, ServerAddress address, CancellationToken cancel)
    {
        var rows = await variables.ListAsync(access.Project.Id, cancel);
        var request = ApiPage.Request(context);
        var page = new Page<ProjectVariable>([.. rows.Skip(request.Skip).Take(request.Size)], rows.Count, request);
        return Results.Ok(ApiPage.Write(context, address, page, ApiVariable.From));
    }

    private static async Task<IResult> GetAsync(HttpContext context, ProjectAccess access, string key, VariableStore variables, CancellationToken cancel) =>
        Results.Ok(ApiVariable.From(await FindAsync(access, key, ScopeOf(await ApiInput.ReadAsync(context, cancel)), variables, cancel)));

    private static async Task<IResult> AddAsync(HttpContext context, ProjectAccess access, VariableStore variables, CancellationToken cancel)
    {
        var input = await ApiInput.ReadAsync(context, cancel);
        var key = input.Required("key");
        var value = input.Text("value") ?? throw new MissingParameter("value is missing");
        var variable = Changed(new ProjectVariable { ProjectId = access.Project.Id, Key = key, Value = value }, input);
        return await variables.AddAsync(variable, cancel)
            ? Results.Created((string?)null, ApiVariable.From(variable))
            : Results.BadRequest(new { Message = new { Key = new[] { $"({key}) has already been taken" } } });
    }

    private static async Task<IResult> ChangeAsync(HttpContext context, ProjectAccess access, string key, VariableStore variables, CancellationToken cancel)
    {
        var input = await ApiInput.ReadAsync(context, cancel);
        var known = await FindAsync(access, key, ScopeOf(input), variables, cancel);
        var variable = Changed(known with { Value = input.Text("value") ?? known.Value }, input) with { EnvironmentScope = known.EnvironmentScope };
        await variables.PutAsync(variable, cancel);
        return Results.Ok(ApiVariable.From(variable));
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, ProjectAccess access, string key, VariableStore variables, CancellationToken cancel)
    {
        var known = await FindAsync(access, key, ScopeOf(await ApiInput.ReadAsync(context, cancel)), variables, cancel);
        await variables.DeleteAsync(access.Project.Id, known.Id, cancel);
        return Results.NoContent();
    }

    private static ProjectVariable Changed(ProjectVariable variable, ApiInput input) => variable with
    {
        Masked = input.Flag("masked") ?? variable.Masked,
        Protected = input.Flag("protected") ?? variable.Protected,
        Raw = input.Flag("raw") ?? variable.Raw,
        EnvironmentScope = input.Text("environment_scope") ?? variable.EnvironmentScope,
        File = input.Text("variable_type") switch
        {
            null => variable.File,
            "file" => true,
            "env_var" => false,
            _ => throw new MissingParameter("variable_type does not have a valid value"),
        },
    };

    /// <summary>Which of several variables of one key is meant.</summary>
    private static string? ScopeOf(ApiInput input) => input.Nested("filter")?.Text("environment_scope");

    private static async Task<ProjectVariable> FindAsync(ProjectAccess access, string key, string? scope, VariableStore variables, CancellationToken cancel)
    {
        var found = (await variables.ListAsync(access.Project.Id, cancel)).Where(row => row.Key == key && (scope is null || row.EnvironmentScope == scope)).ToList();
        return found.Count switch
        {
            0 => throw Refusal.NotFound("404 Variable Not Found"),
            1 => found[0],
            _ => throw Refusal.Conflict($"There are several variables {key}: say which with filter[environment_scope]."),
        };
    }
}

/// <summary>A project's variable in REST answers.</summary>
internal sealed record ApiVariable(
    string VariableType, string Key, string Value, bool Protected, bool Masked, bool Hidden, bool Raw, string EnvironmentScope, string? Description)
{
    public static ApiVariable From(ProjectVariable variable) =>
        new(variable.File ? "file" : "env_var", variable.Key, variable.Value, variable.Protected, variable.Masked, false, variable.Raw, variable.EnvironmentScope, null);
}
