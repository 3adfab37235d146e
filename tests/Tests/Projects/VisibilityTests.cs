using System.Net;
using System.Text;
using Squero.Accounts;
using Squero.Projects;

namespace Squero.Tests.Projects;

/// <summary>Who sees which project, and with which role: the same for pages and the API.</summary>
public sealed class VisibilityTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("private", 302, 404)]
    [InlineData("internal", 302, 200)]
    [InlineData("public", 200, 200)]
    public async Task Visibility_decides_what_strangers_see(string visibility, int anonymous, int stranger)
    {
        var owner = await shared.PersonAsync("owner");
        var path = await CreateAsync(owner, visibility);
        using var nobody = shared.Server.Anonymous();
        var other = await shared.PersonAsync("stranger");
        foreach (var page in new[] { $"/{path}/-/models", $"/{path}/-/deployments" })
        {
            Assert.Equal(anonymous, (int)(await nobody.GetAsync(page, Cancel)).StatusCode);
            Assert.Equal(stranger, (int)(await other.Http.GetAsync(page, Cancel)).StatusCode);
        }

        var api = $"/api/v4/projects/{Uri.EscapeDataString(path)}";
        Assert.Equal(anonymous == 302 ? 401 : 200, (int)(await nobody.GetAsync(api, Cancel)).StatusCode);
        Assert.Equal(stranger, (int)(await other.Http.GetAsync(api, Cancel)).StatusCode);
        Assert.Equal(stranger == 200, await ListsAsync(other, path));
        Assert.True(await ListsAsync(owner, path));
    }

    [Theory]
    [InlineData("private")]
    [InlineData("internal")]
    [InlineData("public")]
    public async Task What_is_not_there_and_what_is_hidden_give_the_same_answer(string visibility)
    {
        var owner = await shared.PersonAsync("owner");
        var path = await CreateAsync(owner, visibility);
        using var nobody = shared.Server.Anonymous();
        if (visibility == "private")
        {
            var other = await shared.PersonAsync("stranger");
            Assert.Equal(await AnswerAsync(other.Http, "/api/v4/projects/no%2Fsuch"), await AnswerAsync(other.Http, $"/api/v4/projects/{Uri.EscapeDataString(path)}"));
            Assert.Equal(await AnswerAsync(other.Http, "/api/v4/projects/999999"), await AnswerAsync(other.Http, $"/api/v4/projects/{await IdAsync(path)}"));
        }

        if (visibility != "public")
        {
            Assert.Equal(await AnswerAsync(nobody, "/api/v4/projects/no%2Fsuch"), await AnswerAsync(nobody, $"/api/v4/projects/{Uri.EscapeDataString(path)}"));
        }
    }

    [Theory]
    [InlineData(Role.Guest, 200, 403, 403)]
    [InlineData(Role.Reporter, 200, 403, 403)]
    [InlineData(Role.Developer, 200, 403, 403)]
    [InlineData(Role.Maintainer, 200, 200, 201)]
    [InlineData(Role.Owner, 200, 200, 201)]
    public async Task A_role_lets_one_read_change_settings_and_add_members(Role role, int read, int settings, int add)
    {
        var owner = await shared.PersonAsync("owner");
        var path = await CreateAsync(owner, "private");
        var member = await MemberAsync(owner, path, role);
        var other = await shared.PersonAsync("other");
        var api = $"/api/v4/projects/{Uri.EscapeDataString(path)}";
        Assert.Equal(read, (int)(await member.Http.GetAsync(api, Cancel)).StatusCode);
        Assert.Equal(read, (int)(await member.Http.GetAsync($"{api}/members", Cancel)).StatusCode);
        Assert.Equal(settings, (int)(await member.Http.GetAsync($"/{path}/-/settings", Cancel)).StatusCode);
        Assert.Equal(settings, (int)(await member.Http.PutAsync(api, Json("""{"description": "new"}"""), Cancel)).StatusCode);
        Assert.Equal(add, (int)(await member.Http.PostAsync($"{api}/members", Json($$"""{"user_id": {{other.Person.Id}}, "access_level": 10}"""), Cancel)).StatusCode);
    }

    [Fact]
    public async Task An_administrator_sees_and_changes_everything()
    {
        var path = await CreateAsync(await shared.PersonAsync("owner"), "private");
        var admin = await shared.Server.PersonAsync(SharedServer.Name("admin"), admin: true);
        var project = await admin.PutAsync($"/api/v4/projects/{Uri.EscapeDataString(path)}", new { description = "seen" });
        Assert.Equal("seen", project.GetProperty("description").GetString());
        Assert.True(await ListsAsync(admin, path));
    }

    [Fact]
    public async Task Strangers_of_a_public_project_change_nothing()
    {
        var path = await CreateAsync(await shared.PersonAsync("owner"), "public");
        var other = await shared.PersonAsync("stranger");
        using var nobody = shared.Server.Anonymous();
        var api = $"/api/v4/projects/{Uri.EscapeDataString(path)}";
        Assert.Equal(HttpStatusCode.Forbidden, (await other.Http.PutAsync(api, Json("{}"), Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await other.Http.GetAsync($"{api}/members", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.PutAsync(api, Json("{}"), Cancel)).StatusCode);
    }

    [Fact]
    public async Task Nobody_gives_more_than_the_own_role()
    {
        var owner = await shared.PersonAsync("owner");
        var path = await CreateAsync(owner, "private");
        var maintainer = await MemberAsync(owner, path, Role.Maintainer);
        var other = await shared.PersonAsync("other");
        var members = $"/api/v4/projects/{Uri.EscapeDataString(path)}/members";
        Assert.Equal(HttpStatusCode.Forbidden, (await maintainer.Http.PostAsync(members, Json($$"""{"user_id": {{other.Person.Id}}, "access_level": 50}"""), Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await maintainer.Http.PostAsync(members, Json($$"""{"user_id": {{maintainer.Person.Id}}, "access_level": 50}"""), Cancel)).StatusCode);
    }

    [Fact]
    public async Task Nobody_weakens_or_removes_a_stronger_member()
    {
        var owner = await shared.PersonAsync("owner");
        var path = await CreateAsync(owner, "private");
        var maintainer = await MemberAsync(owner, path, Role.Maintainer);
        var second = await MemberAsync(owner, path, Role.Owner);
        var members = $"/api/v4/projects/{Uri.EscapeDataString(path)}/members";
        Assert.Equal(HttpStatusCode.Forbidden, (await maintainer.Http.PostAsync(members, Json($$"""{"user_id": {{second.Person.Id}}, "access_level": 10}"""), Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await maintainer.Http.DeleteAsync($"{members}/{second.Person.Id}", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await owner.Http.DeleteAsync($"{members}/{second.Person.Id}", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await second.Http.GetAsync($"/api/v4/projects/{Uri.EscapeDataString(path)}", Cancel)).StatusCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(60)]
    [InlineData(-10)]
    public async Task Only_known_roles_are_given(int level)
    {
        var owner = await shared.PersonAsync("owner");
        var path = await CreateAsync(owner, "private");
        var other = await shared.PersonAsync("other");
        var answer = await owner.Http.PostAsync(
            $"/api/v4/projects/{Uri.EscapeDataString(path)}/members", Json($$"""{"user_id": {{other.Person.Id}}, "access_level": {{level}}}"""), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_role_in_a_group_counts_in_the_groups_within_it()
    {
        var owner = await shared.PersonAsync("owner");
        var top = SharedServer.Name("team");
        var group = await owner.PostAsync("/api/v4/groups", new { path = top });
        var inner = await owner.PostAsync("/api/v4/groups", new { path = "vision", parent_id = group.GetProperty("id").GetInt64() });
        Assert.Equal($"{top}/vision", inner.GetProperty("full_path").GetString());
        await owner.PostAsync("/api/v4/projects", new { path = "detector", namespace_id = inner.GetProperty("id").GetInt64() });
        var member = await shared.PersonAsync("member");
        await owner.PostAsync($"/api/v4/groups/{top}/members", new { user_id = member.Person.Id, access_level = 20 });
        var project = await member.GetAsync($"/api/v4/projects/{top}%2Fvision%2Fdetector");
        Assert.Equal(20, project.GetProperty("permissions").GetProperty("project_access").GetProperty("access_level").GetInt32());
        Assert.True(await ListsAsync(member, $"{top}/vision/detector"));
        Assert.Equal(HttpStatusCode.OK, (await member.Http.GetAsync($"/{top}/vision", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await member.Http.GetAsync($"/{top}/vision/detector/-/models", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_private_group_is_not_there_for_strangers()
    {
        var owner = await shared.PersonAsync("owner");
        var top = SharedServer.Name("team");
        var group = await owner.PostAsync("/api/v4/groups", new { path = top });
        var stranger = await shared.PersonAsync("stranger");
        Assert.Equal(HttpStatusCode.OK, (await owner.Http.GetAsync($"/{top}", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.Http.GetAsync($"/{top}", Cancel)).StatusCode);
        var body = Json($$"""{"path": "mine", "namespace_id": {{group.GetProperty("id").GetInt64()}}}""");
        var answer = await stranger.Http.PostAsync("/api/v4/projects", body, Cancel);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.DoesNotContain(top, await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        var nested = await stranger.Http.PostAsync("/api/v4/groups", Json($$"""{"path": "mine", "parent_id": {{group.GetProperty("id").GetInt64()}}}"""), Cancel);
        Assert.Equal(HttpStatusCode.NotFound, nested.StatusCode);
    }

    [Fact]
    public async Task A_parent_that_is_not_there_makes_no_group_at_the_top()
    {
        var owner = await shared.PersonAsync("owner");
        var name = SharedServer.Name("lost");
        Assert.Equal(HttpStatusCode.NotFound, (await owner.Http.PostAsync("/api/v4/groups", Json($$"""{"path": "{{name}}", "parent_id": 999999}"""), Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await owner.Http.GetAsync($"/{name}", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_job_sees_its_own_project_and_no_other()
    {
        var owner = await shared.PersonAsync("owner");
        var own = await FindAsync(await CreateAsync(owner, "private"));
        var sibling = await FindAsync(await CreateAsync(owner, "public"));
        var job = new Caller(CallerKind.Job, owner.Person, [], new JobIdentity(1, 1, own.Id));
        var door = shared.Get<ProjectDoor>();
        Assert.Equal(Role.Developer, (await door.FindAsync(own.FullPath, job, Cancel))!.Role);
        Assert.Null(await door.FindAsync(sibling.FullPath, job, Cancel));
        Assert.Equal([own.Id], (await door.ListAsync(job, null, false, Squero.Kernel.PageRequest.First, Cancel)).Rows.Select(row => row.Id));
    }

    [Fact]
    public async Task A_job_of_an_administrator_is_no_administrator()
    {
        var path = await CreateAsync(await shared.PersonAsync("owner"), "private");
        var project = await FindAsync(path);
        var admin = await shared.Server.PersonAsync(SharedServer.Name("admin"), admin: true);
        var job = new Caller(CallerKind.Job, admin.Person, [], new JobIdentity(1, 1, project.Id));
        Assert.False(job.IsAdmin);
        Assert.Null(await shared.Get<ProjectDoor>().FindAsync(path, job, Cancel));
    }

    [Fact]
    public async Task A_job_that_nobody_started_sees_what_the_world_sees()
    {
        var project = await FindAsync(await CreateAsync(await shared.PersonAsync("owner"), "private"));
        Assert.Null(await shared.Get<ProjectDoor>().FindAsync(project.FullPath, new Caller(CallerKind.Job, null, [], new JobIdentity(1, 1, project.Id)), Cancel));
    }

    private async Task<string> CreateAsync(TestPerson owner, string visibility) =>
        (await owner.CreateProjectAsync(SharedServer.Name("churn"), visibility)).GetProperty("path_with_namespace").GetString()!;

    private async Task<Project> FindAsync(string path) => (await shared.Get<ProjectStore>().FindAsync(path, Cancel))!;

    private async Task<long> IdAsync(string path) => (await FindAsync(path)).Id;

    private async Task<TestPerson> MemberAsync(TestPerson owner, string path, Role role)
    {
        var member = await shared.PersonAsync("member");
        await owner.PostAsync($"/api/v4/projects/{Uri.EscapeDataString(path)}/members", new { user_id = member.Person.Id, access_level = (int)role });
        return member;
    }

    private static async Task<bool> ListsAsync(TestPerson person, string path) =>
        (await person.GetAsync($"/api/v4/projects?search={Uri.EscapeDataString(path)}")).EnumerateArray().Any(row => row.GetProperty("path_with_namespace").GetString() == path);

    private static async Task<(HttpStatusCode, string)> AnswerAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, Cancel);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
