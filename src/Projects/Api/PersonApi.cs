using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;

namespace Squero.Projects;

/// <summary>REST: the caller, people, and their access tokens.</summary>
internal static class PersonApi
{
    private const string DayFormat = "yyyy-MM-dd";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v4/user", SelfAsync).ForSignedIn(Scope.ReadUser);
        app.MapGet("/api/v4/users", ListAsync).ForSignedIn(Scope.ReadUser);
        app.MapGet("/api/v4/users/{id:long}", GetAsync).ForSignedIn(Scope.ReadUser);
        app.MapGet("/api/v4/users/{id:long}/projects", ProjectsAsync).ForSignedIn(Scope.ReadApi);
        app.MapPost("/api/v4/users", CreateAsync).ForAdmins();
        app.MapPost("/api/v4/users/{id:long}/block", (long id, HttpContext context, BlockPerson block, CancellationToken cancel) =>
            SetBlockedAsync(id, true, context, block, cancel)).ForAdmins();
        app.MapPost("/api/v4/users/{id:long}/unblock", (long id, HttpContext context, BlockPerson block, CancellationToken cancel) =>
            SetBlockedAsync(id, false, context, block, cancel)).ForAdmins();
        app.MapPost("/api/v4/users/{id:long}/personal_access_tokens", CreateTokenAsync).ForAdmins();
        app.MapGet("/api/v4/personal_access_tokens/self", OwnTokenAsync).ForSignedIn(Scope.ReadUser);
    }

    private static async Task<IResult> SelfAsync(HttpContext context, NamespaceStore namespaces, ServerAddress address, CancellationToken cancel)
    {
        var person = context.Caller().Person!;
        return Results.Ok(ApiSelf.From(person, await namespaces.OfPersonAsync(person.Id, cancel), address));
    }

    private static async Task<IResult> ListAsync(HttpContext context, PersonStore people, ServerAddress address, CancellationToken cancel)
    {
        var query = context.Request.Query;
        var username = query["username"].ToString();
        var page = await people.ListAsync(ApiPage.Request(context), username.Length == 0 ? null : username, query["search"], cancel);
        return Results.Ok(ApiPage.Write(context, address, page, person => ApiPerson.From(person, address)));
    }

    private static async Task<IResult> GetAsync(long id, PersonStore people, ServerAddress address, CancellationToken cancel) =>
        await people.FindAsync(id, cancel) is { } person ? Results.Ok(ApiPerson.From(person, address)) : throw Refusal.NotFound("404 User Not Found");

    /// <summary>The projects in the person's own namespace, as far as the caller sees them.</summary>
    private static async Task<IResult> ProjectsAsync(HttpContext context, long id, NamespaceStore namespaces, ProjectListing list, CancellationToken cancel) =>
        await list.AnswerAsync(context, await namespaces.OfPersonAsync(id, cancel) ?? throw Refusal.NotFound("404 User Not Found"), cancel);

    private static async Task<IResult> CreateAsync(HttpContext context, CreatePerson create, ServerAddress address, CancellationToken cancel)
    {
        var input = await ApiInput.ReadAsync(context, cancel);
        var person = await create.CreateAsync(
            input.Required("username"), input.Text("name"), input.Text("email"), input.Text("password"), input.Flag("admin") ?? false, cancel);
        return Results.Created(address.Link("/" + person.Username), ApiPerson.From(person, address));
    }

    private static async Task<IResult> SetBlockedAsync(long id, bool blocked, HttpContext context, BlockPerson block, CancellationToken cancel)
    {
        await block.SetAsync(context.Caller(), id, blocked, cancel);
        return Results.Created((string?)null, true);
    }

    private static async Task<IResult> CreateTokenAsync(HttpContext context, long id, TokenStore tokens, PersonStore people, CancellationToken cancel)
    {
        var input = await ApiInput.ReadAsync(context, cancel);
        _ = await people.FindAsync(id, cancel) ?? throw Refusal.NotFound("404 User Not Found");
        var scopes = input.List("scopes") ?? throw new MissingParameter("scopes is missing");
        var (token, secret) = await tokens.CreateAsync(id, input.Required("name"), [.. scopes], ExpiryOf(input), cancel);
        return Results.Created((string?)null, new
        {
            token.Id,
            token.Name,
            Revoked = false,
            CreatedAt = Micros.ToIso(token.CreatedUs),
            Scopes = scopes,
            UserId = id,
            LastUsedAt = (string?)null,
            Active = true,
            ExpiresAt = Day(token.ExpiresUs),
            Token = secret,
        });
    }

    /// <summary>A day (its first moment, UTC) as clients write it; null: the token does not expire.</summary>
    private static DateTimeOffset? ExpiryOf(ApiInput input) =>
        input.Text("expires_at") is not { Length: > 0 } text ? null
        : DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero)
            : throw new MissingParameter("expires_at is invalid");

    private static string? Day(long? micros) =>
        micros is { } value ? Micros.ToTime(value).ToString(DayFormat, CultureInfo.InvariantCulture) : null;

    private static IResult OwnTokenAsync(HttpContext context)
    {
        var token = context.Caller().Token ?? throw Refusal.NotFound("404 Token Not Found");
        return Results.Ok(new
        {
            token.Id,
            token.Name,
            token.Revoked,
            CreatedAt = Micros.ToIso(token.CreatedUs),
            Scopes = token.Scopes.Split(' '),
            UserId = token.PersonId,
            LastUsedAt = token.LastUsedUs is { } used ? Micros.ToIso(used) : null,
            Active = true,
            ExpiresAt = Day(token.ExpiresUs),
        });
    }
}
