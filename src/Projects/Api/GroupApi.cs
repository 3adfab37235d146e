using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Ui;

namespace Squero.Projects;

/// <summary>REST and forms: groups and their members.</summary>
internal static class GroupApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v4/groups", ListAsync).ForSignedIn(Scope.ReadApi);
        app.MapPost("/api/v4/groups", CreateAsync).ForSignedIn(Scope.Api);
        app.MapGet("/api/v4/groups/{group}", (GroupAccess access, ServerAddress address) => Results.Ok(Shape(access.Space, address))).ForGroup(Role.None, Scope.ReadApi);
        app.MapGet("/api/v4/groups/{group}/members", MembersAsync).ForGroup(Role.Guest, Scope.ReadApi);
        app.MapGet("/api/v4/groups/{group}/projects", (HttpContext context, GroupAccess access, ProjectListing list, CancellationToken cancel) =>
            list.AnswerAsync(context, access.Space, cancel)).ForGroup(Role.None, Scope.ReadApi);
        app.MapGet("/api/v4/groups/{group}/members/{personId:long}", MemberAsync).ForGroup(Role.Guest, Scope.ReadApi);
        app.MapPut("/api/v4/groups/{group}/members/{personId:long}", ChangeMemberAsync).ForGroup(Role.Owner, Scope.Api);
        app.MapPost("/api/v4/groups/{group}/members", AddMemberAsync).ForGroup(Role.Owner, Scope.Api);
        app.MapDelete("/api/v4/groups/{group}/members/{personId:long}", RemoveMemberAsync).ForGroup(Role.Owner, Scope.Api);
        app.MapPost("/-/groups/new", CreateByFormAsync).ForSignedIn(Scope.Api);
        app.MapPost("/-/groups/{group}/members", AddByFormAsync).ForGroup(Role.Owner, Scope.Api);
        app.MapPost("/-/groups/{group}/members/{personId:long}/remove", RemoveByFormAsync).ForGroup(Role.Owner, Scope.Api);
    }

    private static async Task<IResult> ListAsync(HttpContext context, NamespaceStore namespaces, ServerAddress address, CancellationToken cancel)
    {
        var page = await namespaces.GroupsAsync(context.Caller(), context.Request.Query["search"], ApiPage.Request(context), cancel);
        return Results.Ok(ApiPage.Write(context, address, page, group => Shape(group, address)));
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context, NamespaceStore namespaces, MemberStore members, ServerAddress address, CancellationToken cancel)
    {
        var input = await ApiInput.ReadAsync(context, cancel);
        var parent = input.Number("parent_id") is { } id ? await ParentAsync(id, context.Caller(), namespaces, members, cancel) : null;
        var visibility = ProjectApi.ParseVisibility(input.Text("visibility")) ?? Visibility.Private;
        var group = await namespaces.CreateGroupAsync(
            parent, input.Required("path"), input.Text("name"), visibility, context.Caller().PersonId!.Value, cancel);
        return Results.Created(address.Link("/" + group.FullPath), Shape(group, address));
    }

    private static async Task<IResult> CreateByFormAsync(HttpContext context, NamespaceStore namespaces, MemberStore members, CancellationToken cancel)
    {
        var form = await context.Request.ReadFormAsync(cancel);
        var parent = long.TryParse(form["parent_id"], out var id) ? await ParentAsync(id, context.Caller(), namespaces, members, cancel) : null;
        var group = await namespaces.CreateGroupAsync(
            parent, form["path"].ToString().Trim(), null, ProjectApi.ParseVisibility(form["visibility"]) ?? Visibility.Private, context.Caller().PersonId!.Value, cancel);
        return Results.Redirect("/" + group.FullPath);
    }

    private static async Task<Namespace> ParentAsync(long id, Caller caller, NamespaceStore namespaces, MemberStore members, CancellationToken cancel)
    {
        var parent = await namespaces.FindAsync(id, cancel);
        var mayAdd = parent is { IsGroup: true } && (caller.IsAdmin || await members.RoleAsync(parent, caller.PersonId!.Value, cancel) >= Role.Maintainer);
        return mayAdd ? parent! : throw Refusal.NotFound("404 Group Not Found");
    }

    private static async Task<IResult> MembersAsync(
        HttpContext context, GroupAccess access, MemberStore members, PersonStore people, ServerAddress address, CancellationToken cancel)
    {
        var list = await members.ListAsync(access.Space, cancel);
        var known = await people.FindAllAsync(list.Select(member => member.PersonId), cancel);
        var request = ApiPage.Request(context);
        var rows = list.Where(member => known.ContainsKey(member.PersonId)).ToList();
        var page = new Page<Member>([.. rows.Skip(request.Skip).Take(request.Size)], rows.Count, request);
        return Results.Ok(ApiPage.Write(context, address, page, member => MemberApi.Shape(known[member.PersonId], member.Role, address)));
    }

    private static async Task<IResult> MemberAsync(
        GroupAccess access, long personId, MemberStore members, PersonStore people, ServerAddress address, CancellationToken cancel)
    {
        var member = MemberApi.Of(personId, await members.ListAsync(access.Space, cancel));
        return Results.Ok(MemberApi.Shape((await people.FindAsync(personId, cancel))!, member.Role, address));
    }

    private static async Task<IResult> ChangeMemberAsync(
        HttpContext context, GroupAccess access, long personId, MemberStore members, GroupMembers change, PersonStore people, ServerAddress address,
        CancellationToken cancel)
    {
        var input = await ApiInput.ReadAsync(context, cancel);
        _ = MemberApi.Of(personId, await members.ListAsync(access.Space, cancel));
        var person = await people.FindAsync(personId, cancel);
        return Results.Ok(MemberApi.Shape(person!, await SetAsync(access, change, person, input.Number("access_level"), cancel), address));
    }

    private static async Task<IResult> AddMemberAsync(
        HttpContext context, GroupAccess access, GroupMembers members, PersonStore people, ServerAddress address, CancellationToken cancel)
    {
        var input = await ApiInput.ReadAsync(context, cancel);
        var person = input.Number("user_id") is { } id
            ? await people.FindAsync(id, cancel)
            : await people.FindAsync(input.Required("username"), cancel);
        var role = await SetAsync(access, members, person, input.Number("access_level"), cancel);
        return Results.Created((string?)null, MemberApi.Shape(person!, role, address));
    }

    private static async Task<IResult> AddByFormAsync(HttpContext context, GroupAccess access, GroupMembers members, PersonStore people, CancellationToken cancel)
    {
        var form = await context.Request.ReadFormAsync(cancel);
        var person = await people.FindAsync(form["username"].ToString().Trim(), cancel)
            ?? throw Refusal.Invalid($"There is nobody called `{form["username"]}` here.");
        await SetAsync(access, members, person, long.TryParse(form["role"], out var role) ? role : null, cancel);
        Flash.Leave(context, MembersTable.Changed(person, (Role)role));
        return Results.Redirect("/" + access.Space.FullPath);
    }

    private static async Task<IResult> RemoveByFormAsync(
        HttpContext context, GroupAccess access, GroupMembers members, PersonStore people, long personId, CancellationToken cancel)
    {
        var person = await people.FindAsync(personId, cancel);
        Flash.Leave(context, MembersTable.Removed(person, await members.RemoveAsync(access.Space, personId, cancel)));
        return Results.Redirect("/" + access.Space.FullPath);
    }

    private static async Task<IResult> RemoveMemberAsync(GroupAccess access, GroupMembers members, long personId, CancellationToken cancel) =>
        await members.RemoveAsync(access.Space, personId, cancel) ? Results.NoContent() : throw Refusal.NotFound("404 Member Not Found");

    private static async Task<Role> SetAsync(GroupAccess access, GroupMembers members, Person? person, long? level, CancellationToken cancel)
    {
        var role = MemberApi.ParseRole(level);
        await members.SetAsync(access.Space, (person ?? throw Refusal.NotFound("404 User Not Found")).Id, role, cancel);
        return role;
    }

    private static ApiGroup Shape(Namespace space, ServerAddress address) =>
        new(
            space.Id, space.Name, space.Path, space.FullPath, space.Name, space.Description, space.Visibility.ToString().ToLowerInvariant(),
            space.ParentId, null, address.Link("/" + space.FullPath));
}

/// <summary>A group in REST answers.</summary>
internal sealed record ApiGroup(
    long Id, string Name, string Path, string FullPath, string FullName, string Description, string Visibility, long? ParentId, string? AvatarUrl, string WebUrl);
