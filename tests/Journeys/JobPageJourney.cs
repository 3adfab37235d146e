using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Squero.Journeys;

/// <summary>A new person takes the one-time link, starts a job and watches it to its end without reloading.</summary>
public sealed class JobPageJourney : IDisposable
{
    private const float Patience = 60_000;
    private const string Password = "two oars and a lagoon 7";
    private readonly string folder = Directory.CreateTempSubdirectory("squero-job-page-").FullName;
    private readonly string url = $"http://127.0.0.1:{SqueroProcess.FreePort()}";

    [Fact]
    public async Task The_page_of_a_job_offers_what_can_be_done_when_it_has_ended()
    {
        Assert.SkipUnless(File.Exists(BrowserVisit.Chromium), $"There is no browser at {BrowserVisit.Chromium}.");
        await using var server = SqueroProcess.Start("serve", "--data", folder, "--urls", url);
        await server.SaysAsync("serves", TimeSpan.FromMinutes(6));
        var link = await RunAsync("user", "create", "ada", "--admin", "--data", folder);
        var token = await RunAsync("token", "create", "ada", "--scopes", "api", "--data", folder);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await BrowserVisit.LaunchAsync(playwright);
        await using var ada = await BrowserVisit.BeginAsync(browser, url);
        await ada.GoAsync(new Uri(link).AbsolutePath);
        await ada.Page.GetByLabel("Password").FillAsync(Password);
        await ada.SendAsync(ada.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button));
        await Expect(ada.Page.GetByText("ada").First).ToBeVisibleAsync();

        await ada.GoAsync($"/ada/slow/-/jobs/{await StartJobAsync(token)}");
        await Expect(Action(ada, "Cancel")).ToBeVisibleAsync();
        await Expect(ada.Page.GetByText("working 3", new() { Exact = true })).ToBeVisibleAsync(new() { Timeout = Patience });
        await Expect(Action(ada, "Retry")).ToBeVisibleAsync(new() { Timeout = Patience });
        await Expect(Action(ada, "Cancel")).ToHaveCountAsync(0);
        await Expect(ada.Page.GetByRole(AriaRole.Link, new() { Name = "artifacts.zip" })).ToBeVisibleAsync();

        // What was put in works like what came with the page.
        await Action(ada, "Retry").ClickAsync();
        await Expect(Action(ada, "Cancel")).ToBeVisibleAsync();
        Assert.Empty(ada.Complaints);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static ILocator Action(BrowserVisit visit, string name) =>
        visit.Page.Locator(".head__actions").GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private static async Task<string> RunAsync(params string[] arguments)
    {
        await using var process = SqueroProcess.Start(arguments);
        await process.ExitsAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(0, process.ExitCode);
        return process.Output.Trim().Split('\n')[^1];
    }

    private async Task<long> StartJobAsync(string token)
    {
        const string file = "slow:\n  script: for i in 1 2 3 4 5 6 7 8; do echo working $i; sleep 1; done; echo done > out.txt\n  artifacts: { paths: [out.txt] }\n";
        using var http = new HttpClient { BaseAddress = new Uri(url), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        await PostAsync(http, "/api/v4/projects", new { name = "slow" });
        await PostAsync(http, "/api/v4/projects/ada%2Fslow/repository/commits", new
        {
            branch = "main",
            commit_message = "Work slowly",
            actions = new[] { new { action = "create", file_path = ".squero-ci.yml", content = file } },
        });
        while (true)
        {
            var jobs = await http.GetFromJsonAsync<JsonElement>("/api/v4/projects/ada%2Fslow/jobs");
            if (jobs.GetArrayLength() > 0)
            {
                return jobs[0].GetProperty("id").GetInt64();
            }

            await Task.Delay(50);
        }
    }

    private static async Task PostAsync(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }
}
