using System.Net;
using System.Text;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Tests.Projects;

/// <summary>The REST API of projects as clients use it: ways to name a project, to send parameters, to page.</summary>
public sealed class ProjectApiTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_project_has_a_number_and_a_path_in_any_case()
    {
        var owner = await shared.PersonAsync("Owner");
        var made = await owner.CreateProjectAsync("churn");
        var id = made.GetProperty("id").GetInt64();
        foreach (var name in new[] { $"{id}", $"{owner.Username}%2Fchurn", $"{owner.Username}%2fchurn", $"{owner.Username.ToUpperInvariant()}%2fCHURN" })
        {
            Assert.Equal(id, (await owner.GetAsync($"/api/v4/projects/{name}")).GetProperty("id").GetInt64());
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("007")]
    [InlineData("99999999999999999999")]
    [InlineData("churn")]
    [InlineData("..%2F..%2Fetc")]
    [InlineData("%00")]
    public async Task Other_names_are_not_found(string name)
    {
        var owner = await shared.PersonAsync("owner");
        var status = (await owner.Http.GetAsync($"/api/v4/projects/{name}", Cancel)).StatusCode;
        Assert.True(status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{status}");
    }

    [Fact]
    public async Task Lists_come_in_pages_with_headers()
    {
        var owner = await shared.PersonAsync("pager");
        for (var number = 0; number < 5; number++)
        {
            await owner.CreateProjectAsync($"p{number}");
        }

        using var answer = await owner.Http.GetAsync("/api/v4/projects?membership=true&per_page=2&page=2", Cancel);
        Assert.Equal("2", Header("X-Page"));
        Assert.Equal("2", Header("X-Per-Page"));
        Assert.Equal("3", Header("X-Next-Page"));
        Assert.Equal("1", Header("X-Prev-Page"));
        Assert.Equal("5", Header("X-Total"));
        Assert.Equal("3", Header("X-Total-Pages"));
        var links = Header("Link");
        foreach (var relation in new[] { "first", "last", "prev", "next" })
        {
            Assert.Contains($"rel=\"{relation}\"", links, StringComparison.Ordinal);
        }

        Assert.Contains($"<{owner.Server.GetLeftPart(UriPartial.Authority)}/api/v4/projects?membership=true&page=3&per_page=2>; rel=\"next\"", links, StringComparison.Ordinal);

        string Header(string name) => string.Concat(answer.Headers.GetValues(name));
    }

    [Fact]
    public async Task A_link_names_the_project_as_the_client_did()
    {
        var owner = await shared.PersonAsync("owner");
        await owner.CreateProjectAsync("churn");
        using var answer = await owner.Http.GetAsync($"/api/v4/projects/{owner.Username}%2Fchurn/members/all?per_page=1", Cancel);
        Assert.Contains($"/api/v4/projects/{owner.Username}%2Fchurn/members/all?", string.Concat(answer.Headers.GetValues("Link")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("per_page=1000&page=1", "100")]
    [InlineData("per_page=0", "1")]
    [InlineData("per_page=-5&page=-7", "1")]
    [InlineData("per_page=many&page=first", "20")]
    [InlineData("page=999999999", "20")]
    public async Task Odd_pages_become_the_nearest_that_exist(string query, string size)
    {
        var owner = await shared.PersonAsync("owner");
        using var answer = await owner.Http.GetAsync($"/api/v4/projects?{query}", Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal([size], answer.Headers.GetValues("X-Per-Page"));
    }

    [Fact]
    public async Task Parameters_come_as_json_a_form_or_in_the_address()
    {
        var owner = await shared.PersonAsync("owner");
        using var json = Json("""{"name": "From JSON", "path": "a", "visibility": "internal"}""");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["name"] = "From a form", ["path"] = "b", ["visibility"] = "internal" });
        using var parts = new MultipartFormDataContent { { new StringContent("From parts"), "name" }, { new StringContent("c"), "path" }, { new StringContent("internal"), "visibility" } };
        Assert.Equal(HttpStatusCode.Created, (await owner.Http.PostAsync("/api/v4/projects", json, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await owner.Http.PostAsync("/api/v4/projects", form, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await owner.Http.PostAsync("/api/v4/projects", parts, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await owner.Http.PostAsync("/api/v4/projects?name=From+the+address&path=d&visibility=internal", null, Cancel)).StatusCode);
        var names = (await owner.GetAsync("/api/v4/projects?membership=true")).EnumerateArray()
            .Where(row => row.GetProperty("visibility").GetString() == "internal").Select(row => row.GetProperty("name").GetString());
        Assert.Equal(["From the address", "From parts", "From a form", "From JSON"], names);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{\"name\": \"a\", \"name\": \"b\"}")]
    [InlineData("{\"name\": \"\\ud800\"}")]
    [InlineData("{\"\\ud800\": 1}")]
    [InlineData("{\"name\": \"nul \\u0000\"}")]
    [InlineData("{\"name\": {}}")]
    [InlineData("{\"name\": \"x\", \"visibility\": \"secret\"}")]
    [InlineData("{\"name\": \"x\", \"namespace_id\": \"mine\"}")]
    [InlineData("{\"name\": \"\"}")]
    [InlineData("{}")]
    [InlineData("")]
    public async Task A_broken_body_is_refused_with_a_sentence(string body)
    {
        var owner = await shared.PersonAsync("owner");
        using var content = Json(body);
        using var answer = await owner.Http.PostAsync("/api/v4/projects", content, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(text.StartsWith("{\"message\":", StringComparison.Ordinal) || text.StartsWith("{\"error\":", StringComparison.Ordinal), text);
        Assert.Equal(0, (await owner.GetAsync("/api/v4/projects?membership=true")).GetArrayLength());
    }

    [Fact]
    public async Task A_deeply_nested_body_is_refused()
    {
        var owner = await shared.PersonAsync("owner");
        using var content = Json("{\"name\":" + new string('[', 10_000) + new string(']', 10_000) + "}");
        Assert.Equal(HttpStatusCode.BadRequest, (await owner.Http.PostAsync("/api/v4/projects", content, Cancel)).StatusCode);
    }

    [Theory]
    [InlineData("application/json", false)]
    [InlineData("application/json", true)]
    [InlineData("application/x-www-form-urlencoded", false)]
    [InlineData("application/x-www-form-urlencoded", true)]
    public async Task A_body_of_eleven_megabytes_is_too_large(string type, bool chunked)
    {
        var owner = await shared.PersonAsync("owner");
        var head = type.EndsWith("json", StringComparison.Ordinal) ? "{\"name\": \"" : "name=";
        var bytes = Encoding.ASCII.GetBytes(head + new string('x', 11 * 1024 * 1024) + (type.EndsWith("json", StringComparison.Ordinal) ? "\"}" : ""));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v4/projects") { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new(type);
        request.Headers.ExpectContinue = true;
        if (chunked)
        {
            request.Headers.TransferEncodingChunked = true;
            request.Content.Headers.ContentLength = null;
        }

        using var answer = await owner.Http.SendAsync(request, Cancel);

        // A form's single value is limited before the body is.
        Assert.True(answer.StatusCode == HttpStatusCode.RequestEntityTooLarge || (chunked && answer.StatusCode == HttpStatusCode.BadRequest), $"{answer.StatusCode}");
    }

    [Fact]
    public async Task A_form_of_too_many_fields_is_refused_with_a_sentence()
    {
        var owner = await shared.PersonAsync("owner");
        using var form = new FormUrlEncodedContent(Enumerable.Range(0, 5000).Select(number => KeyValuePair.Create($"f{number}", "x")));
        Assert.Equal(HttpStatusCode.BadRequest, (await owner.Http.PostAsync("/api/v4/projects", form, Cancel)).StatusCode);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("..")]
    [InlineData("a..b")]
    [InlineData("-a")]
    [InlineData("a/b")]
    [InlineData("a~b")]
    [InlineData("a.git")]
    [InlineData("a.")]
    [InlineData("a\\n")]
    [InlineData("übung")]
    public async Task A_path_that_could_not_stand_in_an_address_is_refused(string path)
    {
        var owner = await shared.PersonAsync("owner");
        using var body = Json($$"""{"path": "{{path}}", "name": "x"}""");
        Assert.Equal(HttpStatusCode.BadRequest, (await owner.Http.PostAsync("/api/v4/projects", body, Cancel)).StatusCode);
    }

    [Fact]
    public void A_path_that_is_too_long_is_told_to_be_so()
    {
        var refusal = Assert.Throws<Refusal>(() => Project.CheckPath(new string('a', 101)));
        Assert.Contains("has 101 characters", refusal.Sentence, StringComparison.Ordinal);
        Project.CheckPath(new string('a', 100));
    }

    [Fact]
    public async Task An_address_belongs_to_one_project_whatever_its_case()
    {
        var owner = await shared.PersonAsync("owner");
        await owner.CreateProjectAsync("churn");
        using var body = Json("""{"path": "CHURN", "name": "x"}""");
        Assert.Equal(HttpStatusCode.Conflict, (await owner.Http.PostAsync("/api/v4/projects", body, Cancel)).StatusCode);
    }

    [Theory]
    [InlineData("--upload-pack=evil")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a.lock")]
    [InlineData("a^b")]
    [InlineData("a\\\\b")]
    [InlineData("a\\nb")]
    public async Task A_default_branch_that_git_would_not_take_is_refused(string branch)
    {
        var owner = await shared.PersonAsync("owner");
        var id = (await owner.CreateProjectAsync("churn")).GetProperty("id").GetInt64();
        using var body = Json($$"""{"default_branch": "{{branch}}"}""");
        Assert.Equal(HttpStatusCode.BadRequest, (await owner.Http.PutAsync($"/api/v4/projects/{id}", body, Cancel)).StatusCode);
    }

    [Fact]
    public async Task Settings_are_changed_one_by_one()
    {
        var owner = await shared.PersonAsync("owner");
        var id = (await owner.CreateProjectAsync("churn")).GetProperty("id").GetInt64();
        await owner.PutAsync($"/api/v4/projects/{id}", new { default_branch = "feature/one.two", description = "Who leaves" });
        var project = await owner.PutAsync($"/api/v4/projects/{id}", new { visibility = "public", name = "Churn" });
        Assert.Contains("value=\"feature/one.two\"", await owner.Http.GetStringAsync(new Uri(project.GetProperty("web_url").GetString()! + "/-/settings"), Cancel), StringComparison.Ordinal);
        Assert.Equal("Who leaves", project.GetProperty("description").GetString());
        Assert.Equal("public", project.GetProperty("visibility").GetString());
        Assert.Equal("Churn", project.GetProperty("name").GetString());
        using var empty = Json("""{"name": " "}""");
        Assert.Equal(HttpStatusCode.BadRequest, (await owner.Http.PutAsync($"/api/v4/projects/{id}", empty, Cancel)).StatusCode);
    }

    [Theory]
    [InlineData("/project/demo~churn")]
    [InlineData("/PROJECT/demo~churn/settings")]
    [InlineData("/namespace/demo")]
    [InlineData("/Git/demo~churn/info/refs")]
    public async Task Inner_addresses_are_not_for_people(string path)
    {
        var owner = await shared.PersonAsync("owner");
        using var answer = await owner.Http.GetAsync(path, Cancel);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
