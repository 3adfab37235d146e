using Microsoft.AspNetCore.Http;
using Squero.Accounts;
using Squero.Kernel;

namespace Squero.Projects;

/// <summary>In which order projects are listed; only these words become SQL.</summary>
internal sealed record ProjectOrder(string Sql)
{
    private static readonly Dictionary<string, string> Columns = new(StringComparer.Ordinal)
    {
        ["id"] = "p.id",
        ["name"] = "lower(p.name)",
        ["path"] = "p.full_path_key",
        ["created_at"] = "p.created_us",
        ["updated_at"] = "p.activity_us",
        ["last_activity_at"] = "p.activity_us",
    };

    public static ProjectOrder Newest { get; } = new("p.activity_us DESC, p.id DESC");

    /// <summary>From <c>order_by</c> and <c>sort</c>; without them the newest activity first.</summary>
    public static ProjectOrder From(string? column, string? direction)
    {
        var words = (Column: string.IsNullOrEmpty(column) ? "last_activity_at" : column, Direction: string.IsNullOrEmpty(direction) ? "desc" : direction);
        if (!Columns.TryGetValue(words.Column, out var sql))
        {
            throw new MissingParameter("order_by does not have a valid value");
        }

        return words.Direction is "asc" or "desc"
            ? new ProjectOrder($"{sql} {words.Direction}, p.id {words.Direction}")
            : throw new MissingParameter("sort does not have a valid value");
    }
}

/// <summary>REST: a list of the projects that the caller sees, everywhere or in one namespace.</summary>
internal sealed class ProjectListing(ProjectDoor door, NamespaceStore namespaces, MemberStore members, ServerAddress address)
{
    public async Task<IResult> AnswerAsync(HttpContext context, Namespace? space, CancellationToken cancel)
    {
        var caller = context.Caller();
        var query = context.Request.Query;
        var membersOnly = ApiInput.Asks(context.Request, "membership") || ApiInput.Asks(context.Request, "owned");
        var order = ProjectOrder.From(query["order_by"], query["sort"]);
        var page = await door.ListAsync(space, caller, query["search"], membersOnly, order, ApiPage.Request(context), cancel);
        var shaped = new List<ApiProject>(page.Rows.Count);
        foreach (var project in page.Rows)
        {
            var role = caller.IsAdmin ? Role.Owner : await members.RoleAsync(project, caller.PersonId ?? 0, cancel);
            shaped.Add(ApiProject.From(new ProjectAccess(project, caller, role), await namespaces.FindAsync(project.NamespaceId, cancel), address));
        }

        return Results.Ok(ApiPage.Write(context, address, new Page<ApiProject>(shaped, page.Total, page.Request), row => row));
    }
}
