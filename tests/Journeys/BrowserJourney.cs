using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Squero.Journeys;

/// <summary>The review of the main job, done by clicking: the demo stops before it, and two people go on in browsers.</summary>
public sealed class BrowserJourney : IDisposable
{
    private const string Project = "/demo/churn";
    private const string Request = Project + "/-/merge_requests/1";
    private const string Tabs = "Merge request";
    private const string Title = "Let support calls count by contract";
    private const string OnLine = "How do we know that this is not just memory?";
    private const string OnPlot = "Here is the gain.";
    private const string Unscripted = "Said without any script.";
    private readonly string folder = Directory.CreateTempSubdirectory("squero-browser-").FullName;
    private readonly string url = $"http://127.0.0.1:{SqueroProcess.FreePort()}";

    [Fact]
    public async Task Two_people_review_choose_and_deploy_by_clicking()
    {
        Assert.SkipUnless(File.Exists(BrowserVisit.Chromium), $"There is no browser at {BrowserVisit.Chromium}.");
        await using var demo = SqueroProcess.Start("demo", "--until", "6", "--data", folder, "--urls", url);
        await demo.SaysAsync("The story stops here", TimeSpan.FromMinutes(8));
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await BrowserVisit.LaunchAsync(playwright);
        await using var reviewer = await BrowserVisit.BeginAsync(browser, url);
        await using var author = await BrowserVisit.BeginAsync(browser, url);
        await using var plain = await BrowserVisit.BeginAsync(browser, url, scripts: false);
        await reviewer.SignInAsync("reviewer", PasswordOf("reviewer", demo.Output));
        await author.SignInAsync("author", PasswordOf("author", demo.Output));
        await plain.SignInAsync("reviewer", PasswordOf("reviewer", demo.Output));

        await LookAtChangesAsync(reviewer);
        await LookAtPipelineAsync(reviewer);
        await LookAtCandidatesAsync(reviewer);
        await WalkByKeyboardAsync(reviewer);
        await CommentAsync(reviewer);
        await CommentWithoutScriptsAsync(plain);
        await AnswerAsync(author);
        await ChooseAsync(reviewer);
        await MergeAsync(author);
        await AskAsync();
        await LookAtModelAsync(author);
        await FitsEverywhereAsync(author);
        Assert.Empty(reviewer.Complaints.Concat(author.Complaints).Concat(plain.Complaints));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>As the demo prints it, for people to sign in.</summary>
    private static string PasswordOf(string username, string output) =>
        Regex.Match(output, $@"^\s+{username}\s+(\S+)\s*$", RegexOptions.Multiline).Groups[1].Value;

    private static async Task LookAtChangesAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Project);
        await visit.FollowAsync("Merge requests");
        await visit.PictureAsync("merge-requests");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = Title }).First.ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = Title })).ToBeVisibleAsync();
        await visit.PictureAsync("merge-request-overview");
        await visit.FollowAsync("Changes", Tabs);
        await Expect(visit.Page.Locator(".nb-moved")).ToHaveCountAsync(1);
        await Expect(visit.Page.Locator(".nb-edited .nb-line.nb-add").First).ToContainTextAsync("crossed");
        var plots = visit.Page.Locator(".nb-rerun img");
        await Expect(plots).ToHaveCountAsync(2);
        foreach (var plot in await plots.AllAsync())
        {
            await plot.ScrollIntoViewIfNeededAsync();
            await visit.Page.WaitForFunctionAsync("image => image.complete && image.naturalWidth > 0", await plot.ElementHandleAsync());
        }

        await visit.PictureAsync("merge-request-changes");
        await visit.LookInTheDarkAsync(Request + "/changes", "merge-request-changes-dark");
        await visit.FitsAsync(Request + "/changes", "merge-request-changes-360");
    }

    private static async Task LookAtPipelineAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Request);
        await visit.FollowAsync("Pipelines", Tabs);
        await Expect(visit.Page.Locator(".pipeline__job")).ToHaveCountAsync(8);
        await visit.PictureAsync("merge-request-pipelines");
        await visit.Page.GetByRole(AriaRole.Link, new() { NameRegex = new(@"train: \[crossed, 0\.03\]") }).ClickAsync();
        await Expect(visit.Page.GetByText("$ python3 train.py")).ToBeVisibleAsync();
        await Expect(visit.Page.GetByText("on 215 customers never seen before")).ToBeVisibleAsync();
        await visit.PictureAsync("job");
    }

    private static async Task LookAtCandidatesAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Request);
        await visit.FollowAsync("Candidates", Tabs);
        await Expect(visit.Page.Locator("tr.report__row")).ToHaveCountAsync(6);
        await Expect(visit.Page.Locator(".lead")).ToContainTextAsync(new Regex(@"Better: auc \+0\.03"));
        var best = visit.Page.Locator("tr.report__row").First;
        await Expect(best).ToContainTextAsync("crossed");
        await Expect(best.Locator(".report__better")).ToHaveTextAsync(new Regex(@"^\+0\.0[0-9]+$"));
        await Expect(visit.Page.Locator(".strip-plot__dot")).ToHaveCountAsync(6);
        await visit.PictureAsync("merge-request-candidates");
        await visit.LookInTheDarkAsync(Request + "/candidates", "merge-request-candidates-dark");
        await visit.FitsAsync(Request + "/candidates", "merge-request-candidates-360");
        await visit.GoAsync(Request + "/candidates");
        await best.GetByRole(AriaRole.Link).First.ClickAsync();
        await Expect(visit.Page.Locator(".chart__canvas canvas")).ToHaveCountAsync(2);
        await visit.PictureAsync("candidate");
    }

    /// <summary>Whatever the tabulator reaches is seen to be reached.</summary>
    private static async Task WalkByKeyboardAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Request + "/changes");
        for (var steps = 0; steps < 25; steps++)
        {
            await visit.Page.Keyboard.PressAsync("Tab");
            var bare = await visit.Page.EvaluateAsync<string?>(
                """
                () => {
                  const at = document.activeElement;
                  const look = getComputedStyle(at);
                  const seen = look.outlineStyle !== "none" || look.boxShadow !== "none";
                  return at !== document.body && seen && at.getClientRects().length > 0 ? null : at.outerHTML.slice(0, 200);
                }
                """);
            Assert.True(bare is null, $"The focus is not seen, {steps + 1} steps into the page: {bare}");
        }
    }

    private static async Task CommentAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Request + "/changes");
        var line = visit.Page.Locator(".nb-edited .nb-line.nb-add").First;
        await line.HoverAsync();
        await line.Locator(".nb-comment").ClickAsync();
        await StartAsync(visit, OnLine);
        var plot = visit.Page.Locator(".nb-rerun .nb-output.nb-new:has(img)");
        await plot.HoverAsync();
        await plot.Locator("> .nb-comment").ClickAsync();
        await StartAsync(visit, OnPlot);
        await visit.PictureAsync("merge-request-threads");
    }

    private static async Task StartAsync(BrowserVisit visit, string words)
    {
        await visit.Page.Locator("[data-open-comment] textarea").FillAsync(words);
        await visit.Page.Locator("[data-open-comment]").GetByRole(AriaRole.Button, new() { Name = "Start a thread" }).ClickAsync();
        await Expect(visit.Page.Locator(".thread", new() { HasText = words })).ToBeVisibleAsync();
    }

    /// <summary>The link of a line leads to the same page with the form drawn by the server.</summary>
    private static async Task CommentWithoutScriptsAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Request + "/changes");
        var line = visit.Page.Locator(".nb-edited .nb-line.nb-add").Nth(1);
        await line.HoverAsync();
        await line.Locator(".nb-comment").ClickAsync();
        Assert.Contains("comment=", visit.Page.Url, StringComparison.Ordinal);
        await visit.Page.Locator(".comment-form textarea[name=text][autofocus]").FillAsync(Unscripted);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Start a thread" }).ClickAsync();
        var thread = visit.Page.Locator(".thread", new() { HasText = Unscripted });
        await Expect(thread).ToBeVisibleAsync();
        await visit.PictureAsync("merge-request-without-scripts");
        await thread.GetByRole(AriaRole.Button, new() { Name = "Resolve", Exact = true }).ClickAsync();
        await Expect(visit.Page.Locator(".thread--resolved", new() { HasText = Unscripted })).ToHaveCountAsync(1);
    }

    private static async Task AnswerAsync(BrowserVisit visit)
    {
        foreach (var (words, answer) in new[] { (OnLine, "129 customers the fit never sees."), (OnPlot, "I would not read more into it.") })
        {
            await visit.GoAsync(Request + "/changes");
            var thread = visit.Page.Locator(".thread", new() { HasText = words });
            await thread.Locator("summary", new() { HasText = "Reply" }).ClickAsync();
            await thread.GetByLabel("Reply").FillAsync(answer);
            await thread.GetByRole(AriaRole.Button, new() { Name = "Reply and resolve" }).ClickAsync();
            await Expect(visit.Page.Locator(".thread--resolved", new() { HasText = words })).ToHaveCountAsync(1);
        }

        await visit.PictureAsync("merge-request-resolved");
    }

    private static async Task ChooseAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Request + "/candidates");
        var best = visit.Page.Locator("tr.report__row").First;
        await best.GetByRole(AriaRole.Button, new() { NameRegex = new("Choose c-[0-9]+") }).ClickAsync();
        await Expect(visit.Page.Locator("tr.report__row.row--current")).ToContainTextAsync("chosen");
        await visit.PictureAsync("merge-request-chosen");
    }

    private static async Task MergeAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Request);
        await visit.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Merge and deploy candidate c-[0-9]+$") }).ClickAsync();
        await Expect(visit.Page.Locator(".head .state")).ToHaveTextAsync(new Regex(@"^\s*merged\s*$"));
        await visit.PictureAsync("merge-request-merged");
    }

    /// <summary>The gateway answers as soon as the model is loaded.</summary>
    private async Task AskAsync()
    {
        var token = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "demo-cast.json")))
            .RootElement.GetProperty("Author").GetProperty("Token").GetString();
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var answer = "";
        for (var tries = 0; tries < 120; tries++)
        {
            using var body = new StringContent(
                """{"inputs":[{"name":"features","shape":[1,6],"datatype":"FP32","data":[2,89.5,4,1,1,1]}]}""", Encoding.UTF8, "application/json");
            using var result = await client.PostAsync($"{url}/serve/demo/churn/v2/models/churn/infer", body);
            answer = await result.Content.ReadAsStringAsync();
            if (result.IsSuccessStatusCode)
            {
                var chance = JsonDocument.Parse(answer).RootElement.GetProperty("outputs")[0].GetProperty("data")[0].GetDouble();
                Assert.InRange(chance, 0.9, 1.0);
                return;
            }

            await Task.Delay(500);
        }

        Assert.Fail($"The model never answered: {answer}");
    }

    private static async Task LookAtModelAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Project);
        await visit.FollowAsync("Models");
        await visit.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "churn", Exact = true }).First.ClickAsync();
        await Expect(visit.Page.Locator(".head .state")).ToContainTextAsync("1.0.0 in production");
        await visit.PictureAsync("model");
        await visit.FollowAsync("Deployments");
        await Expect(visit.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("serving");
        await visit.PictureAsync("deployments");
    }

    private static async Task FitsEverywhereAsync(BrowserVisit visit)
    {
        string[] areas =
        [
            "", "/-/merge_requests", "/-/merge_requests/1", "/-/merge_requests/1/changes", "/-/merge_requests/1/candidates", "/-/merge_requests/1/pipelines",
            "/-/merge_requests/1/commits", "/-/merge_requests/1/conflicts", "/-/merge_requests/new", "/-/experiments", "/-/experiments/1", "/-/candidates/1", "/-/candidates?candidates=1&candidates=2",
            "/-/models", "/-/models/churn", "/-/deployments", "/-/pipelines", "/-/pipelines/2", "/-/jobs/2", "/-/tree/main/data", "/-/blob/main/train.py",
            "/-/blob/main/analysis.ipynb", "/-/blob/main/data/churn.csv", "/-/commits/main", "/-/branches", "/-/tags", "/-/settings", "/-/settings/variables", "/-/members",
        ];
        foreach (var path in areas.Select(area => Project + area).Concat(["/", "/demo", "/author", "/-/settings/tokens", "/-/admin/people", "/-/projects/new"]))
        {
            await visit.FitsAsync(path);
        }
    }
}
