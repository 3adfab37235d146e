using System.Net;
using System.Text;
using Squero.Accounts;
using Squero.Kernel;

namespace Squero.Tests.Accounts;

public sealed class TokenTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Password = "a long enough secret 7";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("PRIVATE-TOKEN", "{0}")]
    [InlineData("Authorization", "Bearer {0}")]
    [InlineData("Authorization", "bearer {0}")]
    [InlineData("Authorization", "Basic {1}")]
    public async Task A_token_is_taken_in_the_headers_that_clients_send(string header, string form)
    {
        var person = await shared.PersonAsync();
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"anything:{person.Token}"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync((header, string.Format(null, form, person.Token, basic))));
    }

    [Fact]
    public async Task A_token_in_the_address_is_not_a_token()
    {
        var person = await shared.PersonAsync();
        using var client = shared.Server.Anonymous();
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync($"/api/v4/user?private_token={person.Token}&access_token={person.Token}", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_token_is_shown_once_and_stored_as_a_hash()
    {
        var (browser, _) = await BrowserAsync();
        var page = await (await browser.SubmitAsync("/-/settings/tokens", "/-/settings/tokens", ("name", "laptop"), ("scopes", "read_api"))).Content.ReadAsStringAsync(Cancel);
        var start = page.IndexOf("sqpat-", StringComparison.Ordinal);
        var secret = new string(page[start..].TakeWhile(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_').ToArray());
        Assert.Equal(HttpStatusCode.OK, await AskAsync(("PRIVATE-TOKEN", secret)));
        var later = await (await browser.GetAsync("/-/settings/tokens")).Content.ReadAsStringAsync(Cancel);
        Assert.Contains("laptop", later, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, later, StringComparison.Ordinal);
        TestEngine.OnSqliteOnly("Looks into the files of SQLite.");
        var files = Directory.GetFiles(shared.Server.DataFolder, "squero.db*");
        Assert.All(files, file => Assert.DoesNotContain(secret, Encoding.Latin1.GetString(ReadShared(file)), StringComparison.Ordinal));
        browser.Dispose();
    }

    [Fact]
    public async Task A_revoked_token_is_worth_nothing()
    {
        var (browser, person) = await BrowserAsync();
        var (token, secret) = await shared.Get<TokenStore>().CreateAsync(person.Id, "t", ["api"], null, Cancel);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(("PRIVATE-TOKEN", secret)));
        await browser.SubmitAsync("/-/settings/tokens", $"/-/settings/tokens/{token.Id}/revocation");
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(("PRIVATE-TOKEN", secret)));
        browser.Dispose();
    }

    [Fact]
    public async Task Nobody_revokes_the_token_of_another()
    {
        var (browser, _) = await BrowserAsync();
        var other = await shared.PersonAsync();
        var token = (await shared.Get<TokenStore>().ListAsync(other.Person.Id, Cancel)).Single();
        var answer = await browser.SubmitAsync("/-/settings/tokens", $"/-/settings/tokens/{token.Id}/revocation");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(("PRIVATE-TOKEN", other.Token)));
        browser.Dispose();
    }

    [Fact]
    public async Task An_expired_token_is_worth_nothing()
    {
        var person = await shared.PersonAsync();
        var (_, secret) = await shared.Get<TokenStore>().CreateAsync(person.Person.Id, "t", ["api"], DateTimeOffset.UnixEpoch, Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(("PRIVATE-TOKEN", secret)));
    }

    [Fact]
    public async Task The_end_that_a_client_asks_for_is_kept()
    {
        var admin = await shared.Server.PersonAsync(SharedServer.Name("admin"), admin: true);
        var token = await admin.PostAsync(
            $"/api/v4/users/{admin.Person.Id}/personal_access_tokens", new { name = "t", scopes = new[] { "read_api" }, expires_at = "2099-01-31" });
        Assert.Equal("2099-01-31", token.GetProperty("expires_at").GetString());
        var kept = (await shared.Get<TokenStore>().ListAsync(admin.Person.Id, Cancel)).First(row => row.Name == "t");
        Assert.Equal(new DateTimeOffset(2099, 1, 31, 0, 0, 0, TimeSpan.Zero), Micros.ToTime(kept.ExpiresUs!.Value));
    }

    [Fact]
    public async Task A_scope_that_is_too_small_is_named()
    {
        var person = await shared.PersonAsync("person", "read_user");
        Assert.Equal("read_user", string.Join(' ', (await person.GetAsync("/api/v4/personal_access_tokens/self")).GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString())));
        var answer = await person.Http.GetAsync("/api/v4/projects", Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("read_api", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_reads_changes_nothing()
    {
        var person = await shared.PersonAsync("person", "read_api");
        using var body = new StringContent("""{"name": "made"}""", Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.Forbidden, (await person.Http.PostAsync("/api/v4/projects", body, Cancel)).StatusCode);
        Assert.Equal(0, (await person.GetAsync("/api/v4/projects?membership=true")).GetArrayLength());
    }

    [Fact]
    public async Task An_administrators_token_without_the_scope_api_is_no_administrators()
    {
        var admin = await shared.Server.PersonAsync(SharedServer.Name("admin"), admin: true, "read_api");
        Assert.Equal(HttpStatusCode.NotFound, (await admin.Http.GetAsync("/-/admin/people", Cancel)).StatusCode);
    }

    [Theory]
    [InlineData("sudo")]
    [InlineData("API")]
    [InlineData("api read_api")]
    [InlineData("")]
    public async Task An_unknown_scope_is_refused(string scope)
    {
        var person = await shared.PersonAsync();
        var refusal = await Assert.ThrowsAsync<Refusal>(() => shared.Get<TokenStore>().CreateAsync(person.Person.Id, "t", [scope], null, Cancel));
        Assert.Equal(RefusalKind.Invalid, refusal.Kind);
        await Assert.ThrowsAsync<Refusal>(() => shared.Get<TokenStore>().CreateAsync(person.Person.Id, "t", [], null, Cancel));
    }

    [Fact]
    public async Task A_blocked_persons_token_is_worth_nothing_until_unblocked()
    {
        var person = await shared.PersonAsync();
        var admin = await shared.Server.PersonAsync(SharedServer.Name("admin"), admin: true);
        await admin.PostAsync($"/api/v4/users/{person.Person.Id}/block", new { });
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(("PRIVATE-TOKEN", person.Token)));
        await admin.PostAsync($"/api/v4/users/{person.Person.Id}/unblock", new { });
        Assert.Equal(HttpStatusCode.OK, await AskAsync(("PRIVATE-TOKEN", person.Token)));
    }

    [Fact]
    public async Task An_administrator_cannot_lock_the_own_account()
    {
        var admin = await shared.Server.PersonAsync(SharedServer.Name("admin"), admin: true);
        Assert.Equal(HttpStatusCode.Forbidden, (await admin.Http.PostAsync($"/api/v4/users/{admin.Person.Id}/block", null, Cancel)).StatusCode);
    }

    [Theory]
    [InlineData("PRIVATE-TOKEN", "sqpat-wrong")]
    [InlineData("Authorization", "Bearer sqpat-wrong")]
    [InlineData("Authorization", "Bearer")]
    [InlineData("Authorization", "Basic not base64")]
    [InlineData("Authorization", "Basic bm9jb2xvbg==")]
    [InlineData("Authorization", "Negotiate abc")]
    [InlineData("JOB-TOKEN", "sqjob-wrong")]
    public async Task A_wrong_token_never_falls_back_to_the_cookie(string header, string value)
    {
        var (browser, _) = await BrowserAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v4/user");
        Assert.True(request.Headers.TryAddWithoutValidation(header, value));
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SendAsync(request)).StatusCode);
        browser.Dispose();
    }

    private async Task<(Browser Browser, Person Person)> BrowserAsync()
    {
        var person = await shared.Get<CreatePerson>().CreateAsync(SharedServer.Name("person"), null, null, Password, false, Cancel);
        var browser = new Browser(shared.Server);
        await browser.SignInAsync(person.Username, Password);
        return (browser, person);
    }

    private async Task<HttpStatusCode> AskAsync((string Name, string Value) header)
    {
        using var client = shared.Server.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v4/user");
        request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        return (await client.SendAsync(request, Cancel)).StatusCode;
    }

    private static byte[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
