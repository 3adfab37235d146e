using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;

namespace Squero.Tests.Accounts;

/// <summary>What every request passes: the Host, forged forms, administrators' pages, and that reading changes nothing.</summary>
public sealed class GateTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Password = "a long enough secret 7";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/")]
    [InlineData("/health")]
    [InlineData("/-/sign-in")]
    [InlineData("/api/v4/user")]
    [InlineData("/api/v4/version")]
    [InlineData("/demo/churn")]
    [InlineData("/demo/churn.git/info/refs?service=git-upload-pack")]
    [InlineData("/serve/demo/churn/v2/models/churn")]
    [InlineData("/favicon.ico")]
    [InlineData("/no/such/-/page")]
    public async Task A_foreign_host_name_is_refused_on_every_route(string path)
    {
        var person = await shared.PersonAsync();
        foreach (var host in new[] { "evil.example", "evil.example:80", "127.0.0.1.evil.example" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Host = host;
            Assert.Equal(HttpStatusCode.BadRequest, (await person.Http.SendAsync(request, Cancel)).StatusCode);
        }
    }

    [Fact]
    public async Task A_form_without_its_hidden_token_changes_nothing()
    {
        var (browser, person) = await BrowserAsync();
        var answer = await browser.PostAsync("/-/settings/tokens", ("name", "stolen"), ("scopes", "api"));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(await shared.Get<TokenStore>().ListAsync(person.Id, Cancel));
        browser.Dispose();
    }

    [Fact]
    public async Task The_api_is_guarded_against_forged_requests_of_a_browser_too()
    {
        var (browser, person) = await BrowserAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v4/projects")
        {
            Content = new StringContent("""{"name": "stolen"}""", Encoding.UTF8, "application/json"),
        };
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.SendAsync(request)).StatusCode);
        using var multipart = new MultipartFormDataContent { { new StringContent("stolen"), "name" } };
        using var form = new HttpRequestMessage(HttpMethod.Post, "/api/v4/projects") { Content = multipart };
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.SendAsync(form)).StatusCode);
        using var answer = await browser.GetAsync($"/{person.Username}/stolen");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        browser.Dispose();
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("file://")]
    [InlineData("http://127.0.0.1:9")]
    [InlineData("http://localhost")]
    public async Task A_form_from_another_site_is_refused_even_with_a_hidden_token(string origin)
    {
        var (browser, person) = await BrowserAsync();
        var token = await browser.ForgeryTokenAsync("/-/settings/tokens");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = token, ["name"] = "x", ["scopes"] = "api" });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/-/settings/tokens") { Content = form };
        request.Headers.Add("Origin", origin);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.SendAsync(request)).StatusCode);
        Assert.Empty(await shared.Get<TokenStore>().ListAsync(person.Id, Cancel));
        browser.Dispose();
    }

    [Fact]
    public async Task A_form_of_this_server_is_taken_at_either_of_its_names()
    {
        foreach (var host in new[] { shared.Server.Url.Authority, $"localhost:{shared.Server.Url.Port}" })
        {
            var (browser, person) = await BrowserAsync();
            var token = await browser.ForgeryTokenAsync("/-/settings/tokens");
            using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = token, ["name"] = "x", ["scopes"] = "api" });
            using var request = new HttpRequestMessage(HttpMethod.Post, "/-/settings/tokens") { Content = form };
            request.Headers.Host = host;
            request.Headers.Add("Origin", $"http://{host}");
            Assert.Equal(HttpStatusCode.OK, (await browser.SendAsync(request)).StatusCode);
            Assert.Single(await shared.Get<TokenStore>().ListAsync(person.Id, Cancel));
            browser.Dispose();
        }
    }

    [Fact]
    public async Task A_form_that_cannot_be_read_is_told_to_be_so()
    {
        var (browser, person) = await BrowserAsync();
        var token = await browser.ForgeryTokenAsync("/-/settings/tokens");
        using var form = new StringContent($"__RequestVerificationToken={token}&name=a%00b&scopes=api", Encoding.UTF8, "application/x-www-form-urlencoded");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/-/settings/tokens") { Content = form };
        using var answer = await browser.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("The form cannot be read", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Empty(await shared.Get<TokenStore>().ListAsync(person.Id, Cancel));
        browser.Dispose();
    }

    [Theory]
    [InlineData("/-/projects/new", true)]
    [InlineData("https://evil.example/-/projects/new", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("", false)]
    public async Task A_refused_form_leads_back_to_itself_and_nowhere_else(string from, bool leadsBack)
    {
        var (browser, _) = await BrowserAsync();
        var token = await browser.ForgeryTokenAsync("/-/settings/tokens");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = token, ["name"] = "x" });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/-/settings/tokens") { Content = form };
        request.Headers.TryAddWithoutValidation("Referer", from.StartsWith('/') ? new Uri(shared.Server.Url, from).ToString() : from);
        using var answer = await browser.SendAsync(request);
        var html = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(leadsBack, html.Contains($"<a href=\"{from}\" data-back>Back to the form</a>", StringComparison.Ordinal));
        Assert.Equal(leadsBack, html.Contains("data-back", StringComparison.Ordinal));
        browser.Dispose();
    }

    [Fact]
    public async Task The_hidden_token_of_another_browser_is_worth_nothing()
    {
        var (browser, person) = await BrowserAsync();
        using var attacker = new Browser(shared.Server);
        var token = await attacker.ForgeryTokenAsync("/-/sign-in");
        await browser.GetAsync("/-/settings/tokens");
        var answer = await browser.PostAsync("/-/settings/tokens", ("__RequestVerificationToken", token), ("name", "x"), ("scopes", "api"));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(await shared.Get<TokenStore>().ListAsync(person.Id, Cancel));
        browser.Dispose();
    }

    [Fact]
    public async Task Nobody_can_be_signed_in_to_a_strangers_account_by_another_site()
    {
        var person = await shared.Get<CreatePerson>().CreateAsync(SharedServer.Name("person"), null, null, Password, false, Cancel);
        using var browser = new Browser(shared.Server);
        var answer = await browser.PostAsync("/-/sign-in", ("username", person.Username), ("password", Password));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Null(browser.Cookies.GetCookies(shared.Server.Url)["squero_session"]);
    }

    [Fact]
    public async Task A_request_with_a_token_needs_no_hidden_token_and_may_have_any_origin()
    {
        var person = await shared.PersonAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v4/projects")
        {
            Content = new StringContent("""{"name": "made"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Origin", "https://notebook.example");
        Assert.Equal(HttpStatusCode.Created, (await person.Http.SendAsync(request, Cancel)).StatusCode);
    }

    [Fact]
    public async Task Administrators_pages_are_not_there_for_others()
    {
        var (browser, _) = await BrowserAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/-/admin/people")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.SubmitAsync("/-/settings/tokens", "/-/admin/people", ("username", "made"))).StatusCode);
        browser.Dispose();
        var person = await shared.PersonAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await person.Http.PostAsync($"/api/v4/users/{person.Person.Id}/block", null, Cancel)).StatusCode);
        using var stranger = shared.Server.Anonymous();
        Assert.Equal("/-/sign-in?return=%2F-%2Fadmin%2Fpeople", (await stranger.GetAsync("/-/admin/people", Cancel)).Headers.Location!.OriginalString);
    }

    [Fact]
    public void No_endpoint_that_changes_something_answers_to_GET()
    {
        var both = shared.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => (endpoint.DisplayName, Methods: endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []))
            .Where(row => row.Methods.Any(IsReading) && !row.Methods.All(IsReading) && !row.DisplayName!.Contains("mlflow", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(both.Select(row => row.DisplayName));
    }

    [Theory]
    [InlineData("/-/sign-out")]
    [InlineData("/-/settings/tokens/1/revocation")]
    [InlineData("/api/v4/users/1/block")]
    public async Task Reading_the_address_of_a_change_changes_nothing(string path)
    {
        var (browser, _) = await BrowserAsync();
        var answer = await browser.GetAsync(path);
        Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed, $"{answer.StatusCode}");
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/-/settings/tokens")).StatusCode);
        browser.Dispose();
    }

    [Theory]
    [InlineData("..")]
    [InlineData("-")]
    [InlineData("-a")]
    [InlineData("api")]
    [InlineData("API")]
    [InlineData("serve")]
    [InlineData("a/b")]
    [InlineData("a~b")]
    [InlineData("a%2Fb")]
    [InlineData("ädä")]
    [InlineData("аdа")]
    [InlineData(".git")]
    [InlineData("ada.git")]
    [InlineData("ada.GIT")]
    [InlineData("a..b")]
    [InlineData("ada.")]
    [InlineData("ada\n")]
    [InlineData("ada\0")]
    [InlineData("ada lovelace")]
    [InlineData("a")]
    [InlineData("")]
    public async Task Odd_and_reserved_names_are_refused(string name)
    {
        var refusal = await Assert.ThrowsAsync<Refusal>(() => shared.Get<CreatePerson>().CreateAsync(name, null, null, null, false, Cancel));
        Assert.Equal(RefusalKind.Invalid, refusal.Kind);
    }

    [Fact]
    public async Task Names_differ_by_more_than_case()
    {
        var name = SharedServer.Name("Grace");
        await shared.Server.PersonAsync(name);
        var refusal = await Assert.ThrowsAsync<Refusal>(() => shared.Server.PersonAsync(name.ToUpperInvariant()));
        Assert.Equal(RefusalKind.Conflict, refusal.Kind);
    }

    [Fact]
    public async Task A_person_cannot_take_the_name_of_a_group()
    {
        var name = SharedServer.Name("team");
        var person = await shared.PersonAsync();
        await person.PostAsync("/api/v4/groups", new { path = name, name });
        await Assert.ThrowsAsync<Refusal>(() => shared.Server.PersonAsync(name));
        Assert.Null(await shared.Get<PersonStore>().FindAsync(name, Cancel));
    }

    [Theory]
    [InlineData("GET /health HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /api/v4/user HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n")]
    [InlineData("GET / HTTP/1.0\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: 127.0.0.1\r\nConnection: close\r\n\r\n")]
    [InlineData("GET http://evil.example/health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")]
    public async Task A_request_that_names_no_host_or_another_one_is_refused(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(shared.Server.Url.Host, shared.Server.Url.Port, Cancel);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), Cancel);
        using var reader = new StreamReader(client.GetStream());
        Assert.StartsWith("HTTP/1.1 400", await reader.ReadLineAsync(Cancel), StringComparison.Ordinal);
    }

    private static bool IsReading(string method) => method is "GET" or "HEAD" or "OPTIONS";

    private async Task<(Browser Browser, Person Person)> BrowserAsync()
    {
        var person = await shared.Get<CreatePerson>().CreateAsync(SharedServer.Name("person"), null, null, Password, false, Cancel);
        var browser = new Browser(shared.Server);
        await browser.SignInAsync(person.Username, Password);
        return (browser, person);
    }
}
