using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Squero.Accounts;

namespace Squero.Tests.Accounts;

/// <summary>A fresh server has no account and no default password: a link that works once makes the first administrator.</summary>
public sealed class SetupTests : IAsyncLifetime
{
    private const string Password = "a long enough secret 7";
    private TestServer server = null!;
    private string link = "";

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync();
        link = new Uri((await Links.ForFirstPersonAsync(CancellationToken.None))!).AbsolutePath;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task The_setup_link_makes_an_administrator_and_signs_in()
    {
        using var browser = new Browser(server);
        Assert.Equal(HttpStatusCode.Redirect, (await RedeemAsync(browser, "ada", Password)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/-/admin/people")).StatusCode);
        Assert.True((await People.FindAsync("ada", CancellationToken.None))!.IsAdmin);
    }

    [Fact]
    public async Task The_setup_link_works_once()
    {
        using var first = new Browser(server);
        await RedeemAsync(first, "ada", Password);
        using var second = new Browser(server);
        var token = await second.ForgeryTokenAsync("/-/sign-in");
        var answer = await second.PostAsync(link, ("__RequestVerificationToken", token), ("username", "eve"), ("password", Password));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Null(await People.FindAsync("eve", CancellationToken.None));
        Assert.DoesNotContain(link, await (await second.GetAsync(link)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_who_use_the_link_at_once_make_one_administrator()
    {
        var browsers = Enumerable.Range(0, 6).Select(_ => new Browser(server)).ToList();
        var answers = await Task.WhenAll(browsers.Select((browser, number) => RedeemAsync(browser, $"ada{number}", Password)));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Redirect);
        Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.NotFound, $"{answer.StatusCode}"));
        Assert.Equal(1, await People.CountAsync(CancellationToken.None));
        browsers.ForEach(browser => browser.Dispose());
    }

    [Fact]
    public async Task A_link_from_before_the_first_account_makes_no_second_administrator()
    {
        await server.PersonAsync("ada");
        using var browser = new Browser(server);
        Assert.Equal(HttpStatusCode.Conflict, (await RedeemAsync(browser, "eve", Password)).StatusCode);
        Assert.Null(await People.FindAsync("eve", CancellationToken.None));
        Assert.Null(await Links.ForFirstPersonAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_newer_setup_link_ends_the_older()
    {
        await Links.ForFirstPersonAsync(CancellationToken.None);
        using var browser = new Browser(server);
        var token = await browser.ForgeryTokenAsync("/-/sign-in");
        var answer = await browser.PostAsync(link, ("__RequestVerificationToken", token), ("username", "ada"), ("password", Password));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("elevenchars")]
    [InlineData("aaaaaaaaaaaaaaaaaaaa")]
    [InlineData("this is ada and her secret")]
    [InlineData("passwordpassword")]
    [InlineData("PASSWORD1234")]
    public async Task A_weak_password_is_refused_and_the_link_stays(string password)
    {
        using var browser = new Browser(server);
        Assert.Equal(HttpStatusCode.BadRequest, (await RedeemAsync(browser, "ada", password)).StatusCode);
        Assert.Equal(0, await People.CountAsync(CancellationToken.None));
        Assert.Equal(HttpStatusCode.Redirect, (await RedeemAsync(browser, "ada", Password)).StatusCode);
    }

    [Fact]
    public async Task Nobody_can_sign_in_to_a_fresh_server()
    {
        foreach (var (name, password) in new[] { ("admin", "admin"), ("root", "5iveL!fe"), ("admin", "password"), ("", "") })
        {
            using var browser = new Browser(server);
            var answer = await browser.SignInAsync(name, password);
            Assert.StartsWith("/-/sign-in?failed=1", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_invitation_sets_the_password_once_and_ends_older_sessions()
    {
        var person = await server.Services.GetRequiredService<CreatePerson>().CreateAsync("bob", null, null, "the former secret 1", false, CancellationToken.None);
        using var former = new Browser(server);
        await former.SignInAsync("bob", "the former secret 1");
        link = new Uri(await Links.ForAsync(person, CancellationToken.None)).AbsolutePath;
        using var browser = new Browser(server);
        Assert.Equal(HttpStatusCode.Redirect, (await RedeemAsync(browser, "somebody-else", Password)).StatusCode);
        Assert.Null(await People.FindAsync("somebody-else", CancellationToken.None));
        Assert.Equal(HttpStatusCode.Redirect, (await former.GetAsync("/-/settings/tokens")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/-/settings/tokens")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/-/admin/people")).StatusCode);
    }

    private SetupLink Links => server.Services.GetRequiredService<SetupLink>();

    private PersonStore People => server.Services.GetRequiredService<PersonStore>();

    private async Task<HttpResponseMessage> RedeemAsync(Browser browser, string username, string password) =>
        await browser.SubmitAsync("/-/sign-in", link, ("username", username), ("password", password));
}
