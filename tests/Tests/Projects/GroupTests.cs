using System.Net;
using System.Net.Http.Json;

namespace Squero.Tests.Projects;

public sealed class GroupTests : IAsyncLifetime
{
    private TestServer server = null!;
    private TestPerson owner = null!;

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync();
        owner = await server.PersonAsync("owner");
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_member_of_a_group_has_the_role_in_every_project_of_it()
    {
        var group = await owner.PostAsync("/api/v4/groups", new { path = "team" });
        var inner = await owner.PostAsync("/api/v4/groups", new { path = "vision", parent_id = group.GetProperty("id").GetInt64() });
        await owner.PostAsync("/api/v4/projects", new { name = "churn", namespace_id = inner.GetProperty("id").GetInt64() });
        var guest = await server.PersonAsync("guest");
        Assert.Equal(HttpStatusCode.NotFound, (await guest.Http.GetAsync("/api/v4/projects/team%2Fvision%2Fchurn")).StatusCode);

        await owner.PostAsync("/api/v4/groups/team/members", new { username = "guest", access_level = 30 });

        var seen = await guest.GetAsync("/api/v4/projects/team%2Fvision%2Fchurn");
        Assert.Equal(30, seen.GetProperty("permissions").GetProperty("project_access").GetProperty("access_level").GetInt32());
    }

    [Fact]
    public async Task A_private_group_is_not_there_for_strangers()
    {
        await owner.PostAsync("/api/v4/groups", new { path = "secret" });
        var stranger = await server.PersonAsync("stranger");

        Assert.Equal(HttpStatusCode.NotFound, (await stranger.Http.GetAsync("/secret")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.Http.GetAsync("/api/v4/groups/secret")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await owner.Http.GetAsync("/secret")).StatusCode);
    }

    [Fact]
    public async Task A_group_in_a_group_has_a_page_of_its_own()
    {
        var group = await owner.PostAsync("/api/v4/groups", new { path = "team" });
        await owner.PostAsync("/api/v4/groups", new { path = "vision", parent_id = group.GetProperty("id").GetInt64() });

        Assert.Contains("vision", await owner.Http.GetStringAsync("/team/vision"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_owners_add_members_and_only_to_groups()
    {
        await owner.PostAsync("/api/v4/groups", new { path = "team" });
        var developer = await server.PersonAsync("developer");
        await owner.PostAsync("/api/v4/groups/team/members", new { username = "developer", access_level = 30 });

        var byDeveloper = await developer.Http.PostAsJsonAsync("/api/v4/groups/team/members", new { username = "developer", access_level = 50 });
        var toPerson = await owner.Http.PostAsJsonAsync("/api/v4/groups/owner/members", new { username = "developer", access_level = 30 });

        Assert.Equal(HttpStatusCode.Forbidden, byDeveloper.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, toPerson.StatusCode);
    }
}
