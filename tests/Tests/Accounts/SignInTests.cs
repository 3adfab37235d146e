using System.Net;
using Squero.Accounts;
using Squero.Kernel;

namespace Squero.Tests.Accounts;

public sealed class SignInTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Password = "a long enough secret 7";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Signing_in_gives_a_cookie_that_scripts_and_other_sites_cannot_use()
    {
        using var browser = new Browser(shared.Server);
        var answer = await browser.SignInAsync(await PersonAsync(), Password);
        Assert.Equal("/", answer.Headers.Location!.ToString());
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(text => text.StartsWith("squero_session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task The_name_may_be_written_in_any_case()
    {
        using var browser = new Browser(shared.Server);
        Assert.Equal("/", (await browser.SignInAsync((await PersonAsync()).ToUpperInvariant(), Password)).Headers.Location!.ToString());
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_name_give_the_same_answer()
    {
        using var browser = new Browser(shared.Server);
        var wrong = await browser.SignInAsync(await PersonAsync(), "not the secret at all");
        var unknown = await browser.SignInAsync(SharedServer.Name("nobody"), "not the secret at all");
        Assert.Equal(wrong.StatusCode, unknown.StatusCode);
        Assert.Equal(wrong.Headers.Location, unknown.Headers.Location);
        Assert.Equal(await wrong.Content.ReadAsStringAsync(Cancel), await unknown.Content.ReadAsStringAsync(Cancel));
        Assert.DoesNotContain(wrong.Headers, header => header.Key == "Set-Cookie");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_ten_failures_even_the_right_password_has_to_wait(bool known)
    {
        var name = known ? await PersonAsync() : SharedServer.Name("nobody");
        using var browser = new Browser(shared.Server);
        for (var attempt = 0; attempt < 10; attempt++)
        {
            Assert.Equal(HttpStatusCode.Redirect, (await browser.SignInAsync(name, "not the secret at all")).StatusCode);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.SignInAsync(name, Password)).StatusCode);
    }

    [Fact]
    public async Task Guesses_sent_all_at_once_are_counted_too()
    {
        var name = await PersonAsync();
        using var browser = new Browser(shared.Server);
        var token = await browser.ForgeryTokenAsync("/-/sign-in");
        var answers = await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => browser.PostAsync(
            "/-/sign-in", ("__RequestVerificationToken", token), ("username", name), ("password", "not the secret at all"))));
        Assert.Equal(10, answers.Count(answer => answer.StatusCode == HttpStatusCode.Redirect));
        Assert.Equal(15, answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests));
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("///evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("https:evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("/\n/evil.example")]
    [InlineData("/\r\nSet-Cookie: a=b")]
    [InlineData(" //evil.example")]
    [InlineData("/é")]
    [InlineData("")]
    public async Task The_way_back_never_leads_to_another_site(string target)
    {
        using var browser = new Browser(shared.Server);
        var answer = await browser.SubmitAsync(
            "/-/sign-in", "/-/sign-in", ("username", await PersonAsync()), ("password", Password), ("return", target));
        Assert.Equal("/", answer.Headers.Location!.ToString());
    }

    [Theory]
    [InlineData("/demo/churn/-/merge_requests/1?tab=changes#top")]
    [InlineData("/%5cevil")]
    [InlineData("/%2fevil")]
    public async Task The_way_back_leads_to_pages_of_this_site(string target)
    {
        using var browser = new Browser(shared.Server);
        var answer = await browser.SubmitAsync(
            "/-/sign-in", "/-/sign-in", ("username", await PersonAsync()), ("password", Password), ("return", target));
        var location = answer.Headers.Location!;
        Assert.Equal(shared.Server.Url.Authority, new Uri(shared.Server.Url, location).Authority);
        Assert.Equal(target, location.OriginalString);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_on_the_server()
    {
        using var browser = new Browser(shared.Server);
        await browser.SignInAsync(await PersonAsync(), Password);
        var cookie = browser.Cookies.GetCookies(shared.Server.Url)["squero_session"]!.Value;
        Assert.Equal(HttpStatusCode.OK, await WithCookieAsync(cookie));
        Assert.Equal("/-/sign-in", (await browser.SubmitAsync("/", "/-/sign-out")).Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Redirect, await WithCookieAsync(cookie));
    }

    [Fact]
    public async Task A_made_up_cookie_is_nobody() => Assert.Equal(HttpStatusCode.Redirect, await WithCookieAsync("made-up"));

    [Fact]
    public async Task The_session_is_stored_as_a_hash()
    {
        using var browser = new Browser(shared.Server);
        await browser.SignInAsync(await PersonAsync(), Password);
        var cookie = browser.Cookies.GetCookies(shared.Server.Url)["squero_session"]!.Value;
        var stored = await shared.Get<Database>().ReadAsync(session => session.ListAsync<string>("SELECT token_hash FROM accounts_sessions"), Cancel);
        Assert.Contains(SecretText.Hash(cookie), stored);
        Assert.DoesNotContain(cookie, stored);
    }

    [Fact]
    public async Task A_blocked_person_is_signed_out_and_cannot_sign_in()
    {
        var name = await PersonAsync();
        using var browser = new Browser(shared.Server);
        await browser.SignInAsync(name, Password);
        await BlockAsync(name);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/")).StatusCode);
        using var again = new Browser(shared.Server);
        Assert.StartsWith("/-/sign-in?failed", (await again.SignInAsync(name, Password)).Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    private async Task BlockAsync(string name)
    {
        var admin = await shared.Server.PersonAsync(SharedServer.Name("admin"), admin: true);
        var person = await shared.Get<PersonStore>().FindAsync(name, Cancel);
        await admin.PostAsync($"/api/v4/users/{person!.Id}/block", new { });
    }

    private async Task<string> PersonAsync()
    {
        var name = SharedServer.Name("person");
        await shared.Get<CreatePerson>().CreateAsync(name, null, null, Password, false, Cancel);
        return name;
    }

    private async Task<HttpStatusCode> WithCookieAsync(string cookie)
    {
        using var client = shared.Server.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/-/settings/tokens");
        request.Headers.Add("Cookie", $"squero_session={cookie}");
        return (await client.SendAsync(request, Cancel)).StatusCode;
    }
}
