using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Ui;

namespace Squero.Projects;

/// <summary>REST: who has which role in a project.</summary>
internal static class MemberApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v4/projects/{project}/members", (HttpContext context, ProjectAccess access, MemberStore members, PersonStore people, ServerAddress address, CancellationToken cancel) =>
            ListAsync(context, access, members, people, address, false, cancel)).ForProject(Role.Guest, Scope.ReadApi);
        app.MapGet("/api/v4/projects/{project}/members/all", (HttpContext context, ProjectAccess access, MemberStore members, PersonStore people, ServerAddress address, CancellationToken cancel) =>
            ListAsync(context, access, members, people, address, true, cancel)).ForProject(Role.Guest, Scope.ReadApi);
        app.MapGet("/api/v4/projects/{project}/members/{personId:long}", (ProjectAccess access, long personId, MemberStore members, PersonStore people, ServerAddress address, CancellationToken cancel) =>
            GetAsync(access, personId, members, people, address, false, cancel)).ForProject(Role.Guest, Scope.ReadApi);
        app.MapGet("/api/v4/projects/{project}/members/all/{personId:long}", (ProjectAccess access, long personId, MemberStore members, PersonStore people, ServerAddress address, CancellationToken cancel) =>
            GetAsync(access, personId, members, people, address, true, cancel)).ForProject(Role.Guest, Scope.ReadApi);
        app.MapPut("/api/v4/projects/{project}/members/{personId:long}", ChangeAsync).ForProject(Role.Maintainer, Scope.Api);
        app.MapPost("/api/v4/projects/{project}/members", AddAsync).ForProject(Role.Maintainer, Scope.Api);
        app.MapDelete("/api/v4/projects/{project}/members/{personId:long}", RemoveAsync).ForProject(Role.Maintainer, Scope.Api);
        app.MapPost("/project/{project}/members", AddByFormAsync).ForProject(Role.Maintainer, Scope.Api);
        app.MapPost("/project/{project}/members/{personId:long}/remove", RemoveByFormAsync).ForProject(Role.Maintainer, Scope.Api);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, ProjectAccess access, MemberStore members, PersonStore people, ServerAddress address, bool inherited, CancellationToken cancel)
    {
        var list = await members.ListAsync(access.Project, inherited, cancel);
        var known = await people.FindAllAsync(list.Select(member => member.PersonId), cancel);
        var request = ApiPage.Request(context);
        var rows = list.Where(member => known.ContainsKey(member.PersonId)).ToList();
        var page = new Page<Member>([.. rows.Skip(request.Skip).Take(request.Size)], rows.Count, request);
        return Results.Ok(ApiPage.Write(context, address, page, member => Shape(known[member.PersonId], member.Role, address)));
    }

    private static async Task<IResult> GetAsync(
        ProjectAccess access, long personId, MemberStore members, PersonStore people, ServerAddress address, bool inherited, CancellationToken cancel)
    {
        var member = Of(personId, await members.ListAsync(access.Project, inherited, cancel));
        return Results.Ok(Shape((await people.FindAsync(personId, cancel))!, member.Role, address));
    }

    private static async Task<IResult> ChangeAsync(
        HttpContext context, ProjectAccess access, long personId, MemberStore members, PersonStore people, ServerAddress address, CancellationToken cancel)
    {
        var input = await ApiInput.ReadAsync(context, cancel);
        _ = Of(personId, await members.ListAsync(access.Project, false, cancel));
        var person = await people.FindAsync(personId, cancel);
        return Results.Ok(Shape(person!, await SetAsync(access, members, person, input.Number("access_level"), cancel), address));
    }

    private static async Task<IResult> AddAsync(
        HttpContext context, ProjectAccess access, MemberStore members, PersonStore people, ServerAddress address, CancellationToken cancel)
    {
        var input = await ApiInput.ReadAsync(context, cancel);
        var person = input.Number("user_id") is { } id
            ? await people.FindAsync(id, cancel)
            : await people.FindAsync(input.Required("username"), cancel);
        var role = await SetAsync(access, members, person, input.Number("access_level"), cancel);
        return Results.Created((string?)null, Shape(person!, role, address));
    }

    private static async Task<IResult> RemoveAsync(ProjectAccess access, MemberStore members, long personId, CancellationToken cancel)
    {
        await CheckMayChangeAsync(access, members, personId, cancel);
        return await members.RemoveAsync(access.Project, personId, cancel) > 0 ? Results.NoContent() : throw Refusal.NotFound("404 Member Not Found");
    }

    private static async Task<IResult> AddByFormAsync(
        HttpContext context, ProjectAccess access, MemberStore members, PersonStore people, CancellationToken cancel)
    {
        var form = await context.Request.ReadFormAsync(cancel);
        var person = await people.FindAsync(form["username"].ToString().Trim(), cancel)
            ?? throw Refusal.Invalid($"There is nobody called `{form["username"]}` here.");
        var given = await SetAsync(access, members, person, long.TryParse(form["role"], out var role) ? role : null, cancel);
        Flash.Leave(context, MembersTable.Changed(person, given));
        return Results.Redirect(access.Project.Area("members"));
    }

    private static async Task<IResult> RemoveByFormAsync(
        HttpContext context, ProjectAccess access, MemberStore members, PersonStore people, long personId, CancellationToken cancel)
    {
        await CheckMayChangeAsync(access, members, personId, cancel);
        var person = await people.FindAsync(personId, cancel);
        Flash.Leave(context, MembersTable.Removed(person, await members.RemoveAsync(access.Project, personId, cancel) > 0));

        // Who removes the own role may not see this page any more.
        var sees = personId != access.PersonId || access.Caller.IsAdmin;
        return Results.Redirect(sees ? access.Project.Area("members") : "/");
    }

    private static async Task<Role> SetAsync(ProjectAccess access, MemberStore members, Person? person, long? level, CancellationToken cancel)
    {
        if (person is null)
        {
            throw Refusal.NotFound("404 User Not Found");
        }

        var role = ParseRole(level);
        if (role > access.Role)
        {
            throw Refusal.Forbidden("Nobody can give more than the own role.");
        }

        await CheckMayChangeAsync(access, members, person.Id, cancel);
        await members.SetAsync(access.Project, person.Id, role, cancel);
        return role;
    }

    private static async Task CheckMayChangeAsync(ProjectAccess access, MemberStore members, long personId, CancellationToken cancel)
    {
        if (await members.RoleAsync(access.Project, personId, cancel) > access.Role)
        {
            throw Refusal.Forbidden("Nobody can change the role of somebody with a stronger one.");
        }
    }

    internal static Member Of(long personId, IReadOnlyList<Member> members) =>
        members.FirstOrDefault(member => member.PersonId == personId) ?? throw Refusal.NotFound("404 Member Not Found");

    internal static Role ParseRole(long? level)
    {
        var role = (Role)(level ?? throw new MissingParameter("access_level is missing"));
        return Enum.IsDefined(role) && role != Role.None ? role : throw new MissingParameter("access_level does not have a valid value");
    }

    internal static object Shape(Person person, Role role, ServerAddress address) => new
    {
        person.Id,
        person.Username,
        person.Name,
        State = "active",
        AvatarUrl = (string?)null,
        WebUrl = address.Link("/" + person.Username),
        AccessLevel = (int)role,
        ExpiresAt = (string?)null,
    };
}
