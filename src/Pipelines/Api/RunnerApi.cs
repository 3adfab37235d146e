using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Pipelines;

/// <summary>REST: runners as people manage them. What runners themselves call is in RunnerEndpoints.</summary>
internal static class RunnerApi
{
    private const int TimeoutMin = 600;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/api/v4/user/runners", CreateAsync).ForSignedIn(Scope.CreateRunner);
        app.MapGet("/api/v4/runners", OwnAsync).ForSignedIn(Scope.ReadApi);
        app.MapGet("/api/v4/runners/all", AllAsync).ForAdmins();
        app.MapGet("/api/v4/projects/{project}/runners", OfProjectAsync).ForProject(Role.Maintainer, Scope.ReadApi);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context, RunnerStore runners, ProjectDoor door, NamespaceStore namespaces, MemberStore members, CancellationToken cancel)
    {
        var input = await ApiInput.ReadAsync(context, cancel);
        var caller = context.Caller();
        var runner = RunnerOf(input, caller);
        switch (runner.Kind)
        {
            case "instance_type":
                // Not IsAdmin: a token of scope create_runner is enough for an administrator.
                Allow(caller.Person is { IsAdmin: true });
                break;
            case "group_type":
                var group = await namespaces.FindAsync(runner.GroupId ?? throw new MissingParameter("group_id is missing"), cancel);
                Allow(group is not null && (caller.IsAdmin || await members.RoleAsync(group, caller.PersonId!.Value, cancel) >= Role.Owner));
                break;
            case "project_type":
                var id = runner.ProjectId ?? throw new MissingParameter("project_id is missing");
                var access = await door.FindAsync(id.ToString(System.Globalization.CultureInfo.InvariantCulture), caller, cancel);
                Allow(access?.Can(Role.Maintainer) == true);
                break;
            default:
                throw new MissingParameter("runner_type does not have a valid value");
        }

        var (created, token) = await runners.CreateAsync(runner, cancel);
        return Results.Json(new { id = created.Id, token, token_expires_at = (string?)null }, statusCode: StatusCodes.Status201Created);
    }

    private static Runner RunnerOf(ApiInput input, Caller caller)
    {
        var timeout = input.Number("maximum_timeout");
        if (timeout is < TimeoutMin or > int.MaxValue)
        {
            throw Refusal.Invalid($"maximum_timeout must be at least {TimeoutMin} seconds.");
        }

        var untagged = input.Flag("run_untagged") ?? true;
        var level = input.Text("access_level") ?? "not_protected";
        return new Runner
        {
            Kind = input.Required("runner_type"),
            GroupId = input.Number("group_id"),
            ProjectId = input.Number("project_id"),
            Description = input.Text("description") is { Length: > 0 and <= 255 } text ? text : "runner",
            Tags = Runner.TagsOf(input.List("tag_list") ?? [], untagged),
            RunUntagged = untagged,
            Locked = input.Flag("locked") ?? false,
            Paused = input.Flag("paused") ?? false,
            AccessLevel = level is "not_protected" or "ref_protected" ? level : throw new MissingParameter("access_level does not have a valid value"),
            TimeoutMax = (int?)timeout,
            Note = input.Text("maintenance_note") ?? "",
            PersonId = caller.PersonId,
        };
    }

    private static async Task<IResult> OwnAsync(
        HttpContext context, RunnerStore runners, ServerAddress address, TimeProvider time, CancellationToken cancel) =>
        List(context, await runners.ListAsync(ApiPage.Request(context), null, context.Caller().PersonId, cancel), address, time);

    private static async Task<IResult> AllAsync(
        HttpContext context, RunnerStore runners, ServerAddress address, TimeProvider time, CancellationToken cancel) =>
        List(context, await runners.ListAsync(ApiPage.Request(context), null, null, cancel), address, time);

    private static async Task<IResult> OfProjectAsync(
        HttpContext context, ProjectAccess access, RunnerStore runners, ServerAddress address, TimeProvider time, CancellationToken cancel) =>
        List(context, await runners.ListAsync(ApiPage.Request(context), access.Project.Id, null, cancel), address, time);

    private static IResult List(HttpContext context, Page<Runner> page, ServerAddress address, TimeProvider time)
    {
        var now = time.NowMicros();
        return Results.Ok(ApiPage.Write(context, address, page, runner => ApiJobRunner.From(runner, now)));
    }

    private static void Allow(bool allowed)
    {
        if (!allowed)
        {
            throw Refusal.Forbidden("403 Forbidden");
        }
    }
}
