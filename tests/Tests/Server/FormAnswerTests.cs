using System.Net;
using System.Text.Json;
using Squero.Accounts;

namespace Squero.Tests.Server;

/// <summary>What a page's script gets for a form that it sends without leaving the page.</summary>
public sealed class FormAnswerTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Password = "a long enough secret 7";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_would_lead_on_names_its_aim_and_is_done()
    {
        using var browser = await BrowserAsync();
        var path = SharedServer.Name("placed");
        using var answer = await SendAsync(browser, "/-/groups/new", ("path", path), ("name", path));
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.EndsWith("/" + path, answer.Headers.GetValues("Squero-Location").Single(), StringComparison.Ordinal);
        Assert.Null(answer.Headers.Location);
        using var page = await browser.GetAsync(answer.Headers.GetValues("Squero-Location").Single());
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task A_refusal_is_its_sentence_alone()
    {
        using var browser = await BrowserAsync();
        using var answer = await SendAsync(browser, "/-/groups/new", ("path", "no good name!"), ("visibility", "private"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("no good name!", await SentenceAsync(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_stays_a_page()
    {
        using var browser = await BrowserAsync();
        using var answer = await SendAsync(browser, "/-/settings/tokens", ("name", "laptop"), ("scopes", "api"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("<main", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_signed_out_meanwhile_is_told_that_nothing_typed_is_lost()
    {
        using var browser = await BrowserAsync();
        var token = await browser.ForgeryTokenAsync("/-/groups/new");
        using var out1 = await browser.SubmitAsync("/-/groups/new", "/-/sign-out");
        using var answer = await SendAsync(browser, token, "/-/groups/new", ("path", "x"));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("Sign in in another tab", await SentenceAsync(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hidden_token_is_asked_for_all_the_same()
    {
        using var browser = await BrowserAsync();
        using var answer = await SendAsync(browser, "", "/-/groups/new", ("path", SharedServer.Name("forged")), ("visibility", "private"));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Squero-Location"));
    }

    [Fact]
    public async Task Whoever_asks_without_a_script_is_led_on_by_the_browser()
    {
        using var browser = await BrowserAsync();
        using var answer = await browser.SubmitAsync("/-/groups/new", "/-/groups/new", ("path", SharedServer.Name("plain")), ("name", "Plain"));
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Squero-Location"));
    }

    private static async Task<string> SentenceAsync(HttpResponseMessage answer)
    {
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("sentence").GetString()!;
    }

    private static async Task<HttpResponseMessage> SendAsync(Browser browser, string action, params (string Name, string Value)[] fields) =>
        await SendAsync(browser, await browser.ForgeryTokenAsync("/-/groups/new"), action, fields);

    private static async Task<HttpResponseMessage> SendAsync(Browser browser, string token, string action, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, action)
        {
            Content = new FormUrlEncodedContent([new("__RequestVerificationToken", token), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]),
        };
        request.Headers.Add("Squero-Form", "in-place");
        return await browser.SendAsync(request);
    }

    private async Task<Browser> BrowserAsync()
    {
        var person = await shared.Get<CreatePerson>().CreateAsync(SharedServer.Name("person"), null, null, Password, false, Cancel);
        var browser = new Browser(shared.Server);
        using var answer = await browser.SignInAsync(person.Username, Password);
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return browser;
    }
}
