using System.Net;
using System.Net.Http.Json;

namespace Squero.Tests.Projects;

/// <summary>What clients written for GitLab rely on besides the fields: types of answers, methods, words for yes and no.</summary>
public sealed class ClientShapeTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/v4/user")]
    [InlineData("/api/v4/projects")]
    [InlineData("/api/v4/projects/absent%2Fabsent")]
    [InlineData("/api/v4/no/such/call")]
    public async Task Json_is_called_application_json_and_nothing_more(string path)
    {
        var person = await shared.PersonAsync();
        using var answer = await person.Http.GetAsync(path, Cancel);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task A_method_that_an_address_does_not_take_is_405_in_the_dialect_of_the_api()
    {
        var person = await shared.PersonAsync();
        using var answer = await person.Http.PatchAsync("/api/v4/user", null, Cancel);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal("405 Method Not Allowed", (await answer.Content.ReadFromJsonAsync<Dictionary<string, string>>(Cancel))!["message"]);
    }

    [Fact]
    public async Task Yes_is_yes_in_every_language_a_client_is_written_in()
    {
        var (owner, other) = (await shared.PersonAsync(), await shared.PersonAsync());
        await other.CreateProjectAsync("open", "public");
        await owner.CreateProjectAsync("own");
        foreach (var yes in new[] { "true", "True", "1", "yes" })
        {
            var row = Assert.Single((await owner.GetAsync($"/api/v4/projects?owned={yes}")).EnumerateArray());
            Assert.Equal("own", row.GetProperty("name").GetString());
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await owner.Http.GetAsync("/api/v4/projects?owned=perhaps", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_token_describes_itself()
    {
        var person = await shared.PersonAsync("person", "read_user", "read_repository");
        var self = await person.GetAsync("/api/v4/personal_access_tokens/self");
        Assert.True(self.GetProperty("id").GetInt64() > 0);
        Assert.Equal("test", self.GetProperty("name").GetString());
        Assert.Equal(["read_user", "read_repository"], self.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
    }

    [Fact]
    public async Task Somebody_elses_private_group_is_not_listed()
    {
        var (owner, stranger) = (await shared.PersonAsync(), await shared.PersonAsync());
        var path = SharedServer.Name("hidden");
        await owner.PostAsync("/api/v4/groups", new { path });
        Assert.Contains(path, (await owner.GetAsync("/api/v4/groups?search=hidden")).EnumerateArray().Select(row => row.GetProperty("full_path").GetString()));
        Assert.DoesNotContain(path, (await stranger.GetAsync("/api/v4/groups")).EnumerateArray().Select(row => row.GetProperty("full_path").GetString()));
        await owner.PostAsync("/api/v4/projects", new { name = "shared", namespace_id = (await owner.GetAsync($"/api/v4/groups/{path}")).GetProperty("id").GetInt64() });
        await owner.PostAsync($"/api/v4/projects/{path}%2Fshared/members", new { username = stranger.Username, access_level = 10 });
        Assert.Contains(path, (await stranger.GetAsync("/api/v4/groups")).EnumerateArray().Select(row => row.GetProperty("full_path").GetString()));
    }
}
