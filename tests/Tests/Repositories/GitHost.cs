using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;
using Squero.Repositories;
using Squero.Server;

namespace Squero.Tests.Repositories;

/// <summary>
/// A server on a real port with people known by name: author (owner of author/*), reader (reporter there), guest and stranger.
/// Pushes are limited to 4 MB. Git runs as a client in folders of its own.
/// </summary>
public sealed class GitHost : IAsyncLifetime
{
    public const long PushLimit = 4 * 1024 * 1024;
    private readonly string root = Path.Combine(Path.GetTempPath(), "squero-git-" + Path.GetRandomFileName());
    private WebApplication app = null!;
    private int folders;

    public long PushBytes { get; init; } = PushLimit;

    public Uri Url { get; private set; } = null!;

    public IServiceProvider Services => app.Services;

    internal RememberingObserver Observer { get; } = new();

    public Dictionary<string, string> Tokens { get; } = [];

    public Dictionary<string, Person> People { get; } = [];

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(root, "home"));
        var data = Path.Combine(root, "data");
        var options = new ServeOptions { DataFolder = data, Database = await TestEngine.ForAsync(data), Urls = $"http://127.0.0.1:{FreePort()}", RunsJobs = false };
        app = await ServerHost.BuildAsync(options, Adjust, CancellationToken.None);
        await app.StartAsync();
        Url = new Uri(options.Urls);
        foreach (var name in (string[])["author", "reader", "guest", "stranger"])
        {
            var person = await Services.GetRequiredService<CreatePerson>().CreateAsync(name, null, null, null, false, CancellationToken.None);
            People[name] = person;
            Tokens[name] = await TokenAsync(name, "api");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }

    public async Task<string> TokenAsync(string person, params string[] scopes) =>
        (await Services.GetRequiredService<TokenStore>().CreateAsync(People[person].Id, "test", scopes, null, CancellationToken.None)).Secret;

    /// <summary>An empty project author/{path} with reader as reporter and guest as guest.</summary>
    public async Task<Project> ProjectAsync(string path, Visibility visibility = Visibility.Private)
    {
        var caller = new Caller(CallerKind.Session, People["author"], []);
        var space = await Services.GetRequiredService<NamespaceStore>().OfPersonAsync(People["author"].Id, CancellationToken.None);
        var project = await Services.GetRequiredService<CreateProject>().CreateAsync(caller, space!, path, null, null, visibility, CancellationToken.None);
        var members = Services.GetRequiredService<MemberStore>();
        await members.SetAsync(project, People["reader"].Id, Role.Reporter, CancellationToken.None);
        await members.SetAsync(project, People["guest"].Id, Role.Guest, CancellationToken.None);
        return project;
    }

    public string Remote(string path, string? person = "author", string? token = null) =>
        person is null ? $"{Url}{path}.git" : $"http://{person}:{token ?? Tokens[person]}@{Url.Authority}/{path}.git";

    public GitRepository Open(Project project) => Services.GetRequiredService<GitRepositories>().Open(project);

    /// <summary>A new work tree with one commit per given file.</summary>
    public async Task<string> WorkTreeAsync(params (string Path, string Text)[] files)
    {
        var folder = NewFolder();
        await RunAsync(folder, "init", "-q", "-b", "main");
        foreach (var (path, text) in files.DefaultIfEmpty(("README.md", "# Hello\n")))
        {
            await CommitAsync(folder, path, text);
        }

        return folder;
    }

    public async Task CommitAsync(string folder, string path, string text)
    {
        var file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, text);
        await RunAsync(folder, "add", "-A");
        await RunAsync(folder, "commit", "-q", "-m", $"Write {Path.GetFileName(path).ReplaceLineEndings(" ")}");
    }

    public string NewFolder()
    {
        var folder = Path.Combine(root, $"work-{Interlocked.Increment(ref folders)}");
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>Runs git and fails with its words when it fails.</summary>
    public async Task<string> RunAsync(string folder, params string[] arguments)
    {
        var (code, text) = await TryAsync(folder, arguments);
        Assert.True(code == 0, $"git {string.Join(' ', arguments)} ended with {code}: {text}");
        return text;
    }

    public async Task<(int Code, string Text)> TryAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["HOME"] = Path.Combine(root, "home");
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach (var who in (string[])["AUTHOR", "COMMITTER"])
        {
            start.Environment[$"GIT_{who}_NAME"] = "Ada Author";
            start.Environment[$"GIT_{who}_EMAIL"] = "ada@example.org";
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, (await output + await error).Trim());
    }

    /// <summary>Begins a push over a bare connection, sends a piece of a pack and hangs up.</summary>
    public async Task CutPushAsync(Project project, string sha)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Url.Host, Url.Port);
        var stream = client.GetStream();
        var line = $"{RefUpdate.Nothing} {sha} refs/heads/main\0report-status side-band-64k\n";
        var body = $"{line.Length + 4:x4}{line}0000PACK\0\0\0\u0002\0\0\0\u0009";
        var basic = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"author:{Tokens["author"]}"));
        var head = $"POST /{project.FullPath}.git/git-receive-pack HTTP/1.1\r\nHost: {Url.Authority}\r\nAuthorization: Basic {basic}\r\n"
            + $"Content-Type: application/x-git-receive-pack-request\r\nContent-Length: 1000000\r\n\r\n{body}";
        await stream.WriteAsync(System.Text.Encoding.Latin1.GetBytes(head));
        await stream.FlushAsync();

        // Hang up when the server is at work on it.
        var database = Services.GetRequiredService<Database>();
        while (await database.ReadAsync(session => session.CountAsync("SELECT count(*) FROM repositories_intents WHERE project_id = @Id", new { project.Id }), CancellationToken.None) == 0)
        {
            await Task.Delay(50);
        }
    }

    /// <summary>A client of the pages and the API; it does not follow redirects.</summary>
    public HttpClient Client(string? person = "author")
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Url };
        if (person is not null)
        {
            client.DefaultRequestHeaders.Add("PRIVATE-TOKEN", Tokens[person]);
        }

        return client;
    }

    private void Adjust(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(new RepositoryLimits { MaxPushBytes = PushBytes });
        builder.Services.AddSingleton<IPushObserver>(Observer);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

/// <summary>Remembers every push and answers each with one line.</summary>
internal sealed class RememberingObserver : IPushObserver
{
    public List<Push> Pushes { get; } = [];

    public Task<IReadOnlyList<string>> AfterPushAsync(Push push, CancellationToken cancel)
    {
        lock (Pushes)
        {
            Pushes.Add(push);
        }

        return Task.FromResult<IReadOnlyList<string>>(["Seen " + string.Join(", ", push.Options.Select(option => $"{option.Key}={option.Value}"))]);
    }
}
