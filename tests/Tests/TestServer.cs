using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Server;

namespace Squero.Tests;

/// <summary>
/// The real server on a free port with a data folder of its own: the whole product, without the built-in runner unless asked for.
/// </summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private TestServer(WebApplication app, Uri url, string folder)
    {
        this.app = app;
        Url = url;
        DataFolder = folder;
    }

    public Uri Url { get; }

    public string DataFolder { get; }

    public IServiceProvider Services => app.Services;

    public static async Task<TestServer> StartAsync(bool runsJobs = false, string? folder = null, DatabaseAddress? database = null, bool privateWebhooks = false, Action<IServiceCollection>? services = null)
    {
        folder ??= Path.Combine(Path.GetTempPath(), "squero-test-" + Path.GetRandomFileName());
        var url = new Uri($"http://127.0.0.1:{FreePort()}");
        database ??= await TestEngine.ForAsync(folder);
        var options = new ServeOptions { DataFolder = folder, Database = database, Urls = url.ToString().TrimEnd('/'), RunsJobs = runsJobs, PrivateWebhooks = privateWebhooks };
        var app = await ServerHost.BuildAsync(options, Adjust, CancellationToken.None);
        await app.StartAsync();
        return new TestServer(app, url, folder);

        void Adjust(WebApplicationBuilder builder)
        {
            builder.Logging.SetMinimumLevel(LogLevel.Error);
            services?.Invoke(builder.Services);
        }
    }

    /// <summary>A client without credentials that follows no redirects and keeps no cookies.</summary>
    public HttpClient Anonymous() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Url };

    /// <summary>Makes an account and a client that carries its token.</summary>
    public async Task<TestPerson> PersonAsync(string username, bool admin = false, params string[] scopes)
    {
        var person = await Services.GetRequiredService<CreatePerson>().CreateAsync(username, null, null, null, admin, CancellationToken.None);
        var (_, secret) = await Services.GetRequiredService<TokenStore>()
            .CreateAsync(person.Id, "test", scopes.Length == 0 ? ["api"] : scopes, null, CancellationToken.None);
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return new TestPerson(person, secret, client, Url);
    }

    /// <summary>Waits until something is true; fails with the last answer after thirty seconds.</summary>
    public static async Task<T> EventuallyAsync<T>(Func<Task<T>> ask, Func<T, bool> good)
    {
        T last = await ask();
        for (var tries = 0; tries < 300 && !good(last); tries++)
        {
            await Task.Delay(100);
            last = await ask();
        }

        Assert.True(good(last), $"It never came true; the last answer was: {JsonSerializer.Serialize(last)}");
        return last;
    }

    /// <summary>Stops the server and keeps its data folder, for another one to be started on it.</summary>
    public async Task StopAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await TestEngine.ForgetAsync(DataFolder);
        try
        {
            Directory.Delete(DataFolder, recursive: true);
        }
        catch (IOException)
        {
            // A straggling file in a temporary folder is not the test's business.
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Somebody with an account, a token and an HTTP client that uses it.</summary>
public sealed record TestPerson(Person Person, string Token, HttpClient Http, Uri Server)
{
    public string Username => Person.Username;

    /// <summary>The address of a repository with this person's credentials in it.</summary>
    public string GitUrl(string project) => $"{Server.Scheme}://{Username}:{Token}@{Server.Authority}/{project}.git";

    public async Task<JsonElement> GetAsync(string path) => await ReadAsync(await Http.GetAsync(path));

    public async Task<JsonElement> PostAsync(string path, object body) => await ReadAsync(await Http.PostAsJsonAsync(path, body));

    public async Task<JsonElement> PutAsync(string path, object body) => await ReadAsync(await Http.PutAsJsonAsync(path, body));

    /// <summary>Creates a project in the person's own namespace.</summary>
    public Task<JsonElement> CreateProjectAsync(string name, string visibility = "private") =>
        PostAsync("/api/v4/projects", new { name, visibility });

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri} answered {(int)answer.StatusCode}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone();
    }
}
