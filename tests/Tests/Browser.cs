using System.Net;
using System.Text.RegularExpressions;

namespace Squero.Tests;

/// <summary>What a browser does without JavaScript: keeps cookies, loads a page, sends its form with the hidden fields. It follows no redirects.</summary>
internal sealed partial class Browser : IDisposable
{
    private readonly HttpClient client;

    public Browser(TestServer server)
    {
        client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies }) { BaseAddress = server.Url };
    }

    public CookieContainer Cookies { get; } = new();

    public Task<HttpResponseMessage> GetAsync(string path) => client.GetAsync(path);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => client.SendAsync(request);

    /// <summary>Loads a page and sends a form as its own would be sent.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string page, string action, params (string Name, string Value)[] fields) =>
        await PostAsync(action, [("__RequestVerificationToken", await ForgeryTokenAsync(page)), .. fields]);

    /// <summary>Sends a form as it is given, without the hidden fields.</summary>
    public async Task<HttpResponseMessage> PostAsync(string action, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await client.PostAsync(action, form);
    }

    public async Task<string> ForgeryTokenAsync(string page) => TokenField().Match(await client.GetStringAsync(page)).Groups[1].Value;

    public Task<HttpResponseMessage> SignInAsync(string username, string password) =>
        SubmitAsync("/-/sign-in", "/-/sign-in", ("username", username), ("password", password));

    public void Dispose() => client.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex TokenField();
}
