using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Squero.Journeys;

/// <summary>A running server with two people and a project of theirs that holds notebooks only: no pipeline, no model.</summary>
public sealed class ReviewBed : IAsyncDisposable
{
    public const string Project = "/ada/reports";
    private const string Password = "calm-workshop-2026";
    private readonly string root = Directory.CreateTempSubdirectory("squero-bed-").FullName;
    private readonly Dictionary<string, string> setup = [];
    private SqueroProcess? server;
    private IPlaywright? playwright;
    private IBrowser? browser;
    private string token = "";

    public string Url { get; } = $"http://127.0.0.1:{SqueroProcess.FreePort()}";

    public string Work => Path.Combine(root, "work");

    public string Output => server?.Output ?? "";

    private string Data => Path.Combine(root, "data");

    public static async Task<ReviewBed> StartAsync()
    {
        var bed = new ReviewBed();
        await bed.PersonAsync("ada", "--admin");
        await bed.PersonAsync("ben");
        bed.token = (await bed.SayAsync("token", "create", "ada")).Trim();
        bed.server = SqueroProcess.Start("serve", "--data", bed.Data, "--urls", bed.Url, "--no-runner");
        await bed.server.SaysAsync("serves", TimeSpan.FromMinutes(4));
        await bed.ApiAsync("projects", new { name = "reports", path = "reports", visibility = "private" });
        await bed.ApiAsync("projects/ada%2Freports/members", new { username = "ben", user_id = 2, access_level = 30 });
        Directory.CreateDirectory(bed.Work);
        await bed.GitAsync("init", "-q", "-b", "main");
        await bed.GitAsync("config", "user.name", "Ada");
        await bed.GitAsync("config", "user.email", "ada@example.org");
        await bed.GitAsync("remote", "add", "origin", $"{bed.Url.Replace("//", $"//ada:{bed.token}@", StringComparison.Ordinal)}/ada/reports.git");
        Assertions.SetDefaultExpectTimeout(20_000);
        bed.playwright = await Playwright.CreateAsync();
        bed.browser = await BrowserVisit.LaunchAsync(bed.playwright);
        return bed;
    }

    /// <summary>A signed-in person at a browser of their own. The first visit chooses the password.</summary>
    public async Task<BrowserVisit> VisitAsync(string name, bool scripts = true, bool telephone = false)
    {
        if (setup.Remove(name, out var path))
        {
            await using var first = await BrowserVisit.BeginAsync(browser!, Url);
            await first.GoAsync(path);
            foreach (var field in await first.Page.Locator("input[type=password]").AllAsync())
            {
                await field.FillAsync(Password);
            }

            await first.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button).First.ClickAsync();
            await first.Page.WaitForURLAsync(new Regex("^(?!.*/setup/)"));
        }

        var visit = await BrowserVisit.BeginAsync(browser!, Url, scripts, telephone);
        await visit.SignInAsync(name, Password);
        return visit;
    }

    public async Task<byte[]> FetchAsync(string path)
    {
        using var client = Client();
        return await client.GetByteArrayAsync(path);
    }

    public void Write(string path, string text)
    {
        var file = Path.Combine(Work, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    /// <summary>Everything in the working copy becomes a commit, and is pushed to the branch that is checked out.</summary>
    public async Task<string> PushAsync(string message, params string[] options)
    {
        await GitAsync("add", "-A");
        await GitAsync("commit", "-q", "-m", message);
        return await GitAsync(["push", .. options, "origin", "HEAD"]);
    }

    public Task<string> GitAsync(params string[] arguments) => RunAsync("git", Work, arguments);

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        Directory.Delete(root, recursive: true);
    }

    private static async Task<string> RunAsync(string program, string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {output}");
        return output;
    }

    private async Task PersonAsync(string name, params string[] more) =>
        setup[name] = new Uri((await SayAsync(["user", "create", name, .. more])).Trim().Split('\n')[^1]).AbsolutePath;

    private Task<string> SayAsync(params string[] arguments) =>
        RunAsync(Path.Combine(SqueroProcess.Root, "squero"), SqueroProcess.Root, [.. arguments, "--data", Data]);

    private async Task ApiAsync(string path, object body)
    {
        using var client = Client();
        using var answer = await client.PostAsJsonAsync($"/api/v4/{path}", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Calls of the API as Ada.</summary>
    public HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = new Uri(Url) };
        client.DefaultRequestHeaders.Add("PRIVATE-TOKEN", token);
        return client;
    }
}
