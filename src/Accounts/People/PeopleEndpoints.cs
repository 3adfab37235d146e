using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Squero.Ui;

namespace Squero.Accounts;

/// <summary>The form of the people page: an administrator makes an account and gets a one-time link for its owner.</summary>
internal static class PeopleEndpoints
{
    public static readonly object Invitation = new();

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/-/admin/people", CreateAsync).ForAdmins();
        app.MapPost("/-/admin/people/{id:long}/block", (HttpContext context, long id, BlockPerson block, CancellationToken cancel) =>
            SetBlockedAsync(context, id, true, block, cancel)).ForAdmins();
        app.MapPost("/-/admin/people/{id:long}/unblock", (HttpContext context, long id, BlockPerson block, CancellationToken cancel) =>
            SetBlockedAsync(context, id, false, block, cancel)).ForAdmins();
    }

    private static async Task<IResult> CreateAsync(HttpContext context, CreatePerson create, SetupLink links, CancellationToken cancel)
    {
        var form = await context.Request.ReadFormAsync(cancel);
        var person = await create.CreateAsync(
            form["username"].ToString().Trim(), form["name"], form["email"], null, form["admin"] == "true", cancel);
        context.Items[Invitation] = await links.ForAsync(person, cancel);
        return new RazorComponentResult<PeoplePage>();
    }

    private static async Task<IResult> SetBlockedAsync(HttpContext context, long id, bool blocked, BlockPerson block, CancellationToken cancel)
    {
        var person = await block.SetAsync(context.Caller(), id, blocked, cancel);
        Flash.Leave(context, blocked
            ? $"{person.Name} is blocked: signed out, and no token works. Nothing of theirs is lost."
            : $"{person.Name} may sign in again, and the tokens work again.");
        return Results.Redirect("/-/admin/people");
    }
}
