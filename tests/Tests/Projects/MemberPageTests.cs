using System.Net;

namespace Squero.Tests.Projects;

/// <summary>Roles are changed and members removed in the pages of a project and of a group.</summary>
public sealed class MemberPageTests : IAsyncLifetime
{
    private TestServer server = null!;
    private TestPerson owner = null!;
    private TestPerson guest = null!;

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync();
        owner = await server.PersonAsync("owner");
        guest = await server.PersonAsync("visitor");
        await owner.CreateProjectAsync("churn");
        await owner.PostAsync("/api/v4/projects/owner%2Fchurn/members", new { username = "visitor", access_level = 10 });
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_maintainer_changes_a_role_in_the_row_and_removes_the_member()
    {
        const string page = "/owner/churn/-/members";
        Assert.Contains("aria-label=\"Role of visitor\"", await owner.Http.GetStringAsync(page, Cancel), StringComparison.Ordinal);
        Assert.DoesNotContain("Role of visitor", await guest.Http.GetStringAsync(page, Cancel), StringComparison.Ordinal);

        await PostAsync(owner, page, HttpStatusCode.Redirect, ("username", "visitor"), ("role", "30"));
        Assert.Equal(30, await RoleAsync());
        await PostAsync(owner, $"{page}/{guest.Person.Id}/remove", HttpStatusCode.Redirect);
        using var gone = await guest.Http.GetAsync("/api/v4/projects/owner%2Fchurn", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task A_role_of_the_namespace_has_no_buttons_in_the_project() =>
        Assert.DoesNotContain("Role of owner", await owner.Http.GetStringAsync("/owner/churn/-/members", Cancel), StringComparison.Ordinal);

    [Fact]
    public async Task A_maintainer_neither_makes_owners_nor_touches_them()
    {
        await owner.PostAsync("/api/v4/projects/owner%2Fchurn/members", new { username = "visitor", access_level = 40 });
        var other = await server.PersonAsync("second");
        await owner.PostAsync("/api/v4/projects/owner%2Fchurn/members", new { username = "second", access_level = 50 });
        var page = await guest.Http.GetStringAsync("/owner/churn/-/members", Cancel);
        Assert.DoesNotContain("Role of second", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<option value=\"50\">Owner</option>", page, StringComparison.Ordinal);
        await PostAsync(guest, "/owner/churn/-/members", HttpStatusCode.Forbidden, ("username", "visitor"), ("role", "50"));
        await PostAsync(guest, $"/owner/churn/-/members/{other.Person.Id}/remove", HttpStatusCode.Forbidden);
        Assert.Equal(40, await RoleAsync());
    }

    [Fact]
    public async Task A_group_keeps_its_last_owner()
    {
        var group = await owner.PostAsync("/api/v4/groups", new { path = "team" });
        var members = $"/-/groups/{group.GetProperty("id").GetInt64()}/members";
        await PostAsync(owner, members, HttpStatusCode.BadRequest, ("username", "owner"), ("role", "30"));
        await PostAsync(owner, $"{members}/{owner.Person.Id}/remove", HttpStatusCode.BadRequest);
        using var byRest = await owner.Http.DeleteAsync($"/api/v4/groups/team/members/{owner.Person.Id}", Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, byRest.StatusCode);

        await PostAsync(owner, members, HttpStatusCode.Redirect, ("username", "visitor"), ("role", "50"));
        await PostAsync(owner, $"{members}/{owner.Person.Id}/remove", HttpStatusCode.Redirect);
        Assert.Contains("visitor", await guest.Http.GetStringAsync("/team", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_group_inherits_is_changed_above()
    {
        var group = await owner.PostAsync("/api/v4/groups", new { path = "team" });
        await owner.PostAsync("/api/v4/groups", new { path = "vision", parent_id = group.GetProperty("id").GetInt64() });
        await owner.PostAsync("/api/v4/groups/team/members", new { username = "visitor", access_level = 30 });
        Assert.Contains("Role of visitor", await owner.Http.GetStringAsync("/team", Cancel), StringComparison.Ordinal);
        var inner = await owner.Http.GetStringAsync("/team/vision", Cancel);
        Assert.Contains("visitor", inner, StringComparison.Ordinal);
        Assert.DoesNotContain("Role of visitor", inner, StringComparison.Ordinal);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task<int> RoleAsync() =>
        (await guest.GetAsync("/api/v4/projects/owner%2Fchurn")).GetProperty("permissions").GetProperty("project_access").GetProperty("access_level").GetInt32();

    private static async Task PostAsync(TestPerson who, string path, HttpStatusCode expected, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var answer = await who.Http.PostAsync(path, form, Cancel);
        Assert.True(expected == answer.StatusCode, $"{path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(Cancel)}");
    }
}
