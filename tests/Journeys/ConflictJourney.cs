using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Squero.Journeys;

/// <summary>Two branches changed the same cells: a person decides by clicking, by keys and without scripts, and merges.</summary>
public sealed class ConflictJourney : IDisposable
{
    private const string Password = "correct horse battery staple";
    private const string Red = "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGO4Y6OKBzGMSmNDAPe9kg0LLYQTAAAAAElFTkSuQmCC";
    private readonly string folder = Directory.CreateTempSubdirectory("squero-conflict-").FullName;
    private readonly string url = $"http://127.0.0.1:{SqueroProcess.FreePort()}";

    private string Work => Path.Combine(folder, "work");

    [Fact]
    public async Task A_conflict_of_cells_is_decided_by_clicking_and_merged()
    {
        Assert.SkipUnless(File.Exists(BrowserVisit.Chromium), $"There is no browser at {BrowserVisit.Chromium}.");
        var (link, token) = await PersonAsync("ada");
        await using var server = SqueroProcess.Start("serve", "--data", Path.Combine(folder, "data"), "--urls", url);
        await server.SaysAsync("serves", TimeSpan.FromMinutes(4));
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await BrowserVisit.LaunchAsync(playwright);
        await using var visit = await BrowserVisit.BeginAsync(browser, url);
        await using var plain = await BrowserVisit.BeginAsync(browser, url, scripts: false);
        await ChoosePasswordAsync(visit, link);
        await plain.SignInAsync("ada", Password);

        await CollideAsync(http, token, "churn", Notebook(50, "# Churn", keep: true), Notebook(200, "# Churn of contracts", keep: true), Notebook(120, "# Churn by month", keep: false));
        await LookAsync(visit);
        await DecideAsync(visit);
        await MergeAsync(visit);
        await CollideAsync(http, token, "plain", Notebook(50, "# Churn", keep: true), Notebook(200, "# Churn", keep: true), Notebook(120, "# Churn", keep: true));
        await DecideWithoutScriptsAsync(plain);
        await CollideAsync(http, token, "calm", Notebook(50, "# Churn", keep: true), Notebook(200, "# Churn", keep: true, run: 20), Notebook(50, "# Churn by month", keep: true, run: 60));
        await NothingCollidesAsync(visit);
        if (RealMerge() is { } real)
        {
            await CollideAsync(http, token, "real", real[0], real[1], real[2]);
            await DecideRealOneAsync(visit, http);
        }

        Assert.Empty(visit.Complaints.Concat(plain.Complaints));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Page(string project) => $"/ada/{project}/-/merge_requests/1";

    private static ILocator Cards(BrowserVisit visit) => visit.Page.Locator(".conflict");

    /// <summary>From the merge request to the page, seen in both lights and on a telephone.</summary>
    private static async Task LookAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Page("churn"));
        await Expect(visit.Page.GetByText("This cannot be merged")).ToBeVisibleAsync();
        await visit.PictureAsync("conflict-merge-request");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Resolve conflicts" }).ClickAsync();
        await Expect(Cards(visit)).ToHaveCountAsync(3);
        await Expect(Cards(visit).Nth(1).Locator("ins").First).ToHaveTextAsync("120");
        await Expect(Cards(visit).Nth(1).GetByText("accuracy 0.83")).ToBeVisibleAsync();
        await visit.PictureAsync("conflicts");
        await visit.LookInTheDarkAsync(Page("churn") + "/conflicts", "conflicts-dark");
        await visit.FitsAsync(Page("churn") + "/conflicts", "conflicts-360");
    }

    private static async Task DecideAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Page("churn") + "/conflicts");
        var count = visit.Page.Locator("[data-choices-count]");
        await Expect(count).ToHaveTextAsync("0 of 3 decided");

        // By keys: the first one takes the source branch, the second both.
        await visit.Page.Keyboard.PressAsync("j");
        await visit.Page.Keyboard.PressAsync("2");
        await visit.Page.Keyboard.PressAsync("j");
        await visit.Page.Keyboard.PressAsync("3");
        await Expect(count).ToHaveTextAsync("2 of 3 decided");
        await Expect(Cards(visit).Nth(0).Locator(".conflict__outcome--source")).ToContainTextAsync("# Churn of contracts");
        await Expect(Cards(visit).Nth(1).Locator(".conflict__outcome--both")).ToContainTextAsync("epochs = 120epochs = 200");
        await Expect(Cards(visit).Nth(1).Locator(".conflict__outcome--target")).ToBeHiddenAsync();
        await Expect(Cards(visit).Nth(2).GetByText("not decided")).ToBeVisibleAsync();

        // By clicking: the removed cell is kept.
        await Cards(visit).Nth(2).GetByText("Keep the cell, as edited in").ClickAsync();
        await Expect(count).ToHaveTextAsync("3 of 3 decided");
        await visit.PictureAsync("conflicts-decided");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Preview the result" }).ClickAsync();
        var preview = visit.Page.Locator("#preview");
        await Expect(preview.GetByRole(AriaRole.Heading, new() { Name = "Churn of contracts" })).ToBeVisibleAsync();
        await Expect(preview).ToContainTextAsync("as it would be");
        await Expect(count).ToHaveTextAsync("3 of 3 decided");
        await visit.PictureAsync("conflicts-preview");
    }

    private static async Task MergeAsync(BrowserVisit visit)
    {
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Merge main into feature" }).ClickAsync();
        await Expect(visit.Page.GetByText("with 3 conflicts decided as you chose")).ToBeVisibleAsync();
        await Expect(visit.Page.GetByText("deciding 3 conflicts in")).ToBeVisibleAsync();
        await Expect(visit.Page.GetByText("This cannot be merged")).ToHaveCountAsync(0);
        await visit.PictureAsync("conflicts-resolved");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Merge", Exact = true }).ClickAsync();
        await Expect(visit.Page.Locator(".head .state")).ToHaveTextAsync(new Regex(@"^\s*merged\s*$"));
        await visit.GoAsync("/ada/churn/-/blob/main/analysis.ipynb");
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Churn of contracts" })).ToBeVisibleAsync();
        await Expect(visit.Page.Locator(".nb-line", new() { HasText = "epochs = 120" })).ToHaveCountAsync(1);
        await Expect(visit.Page.Locator(".nb-line", new() { HasText = "epochs = 200" })).ToHaveCountAsync(1);
    }

    private static async Task DecideWithoutScriptsAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Page("plain") + "/conflicts");
        await Expect(Cards(visit)).ToHaveCountAsync(1);
        await Cards(visit).GetByText("Take main").ClickAsync();
        await Expect(Cards(visit).Locator(".conflict__outcome--target")).ToContainTextAsync("epochs = 120");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Preview the result" }).ClickAsync();
        await Expect(visit.Page.GetByText("1 of 1 decided")).ToBeVisibleAsync();
        await visit.PictureAsync("conflicts-without-scripts");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Merge main into feature" }).ClickAsync();
        await Expect(visit.Page.GetByText("with the conflict decided as you chose")).ToBeVisibleAsync();
    }

    /// <summary>Run again on both sides and edited in different cells: nothing to decide.</summary>
    private static async Task NothingCollidesAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Page("calm"));
        await Expect(visit.Page.GetByText("Both branches changed analysis.ipynb; its cells merge without conflict")).ToBeVisibleAsync();
        await visit.PictureAsync("conflict-none");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Merge", Exact = true }).ClickAsync();
        await Expect(visit.Page.Locator(".head .state")).ToHaveTextAsync(new Regex(@"^\s*merged\s*$"));
    }

    /// <summary>People merged this one by hand: every conflict is decided, and what comes out is a notebook.</summary>
    private static async Task DecideRealOneAsync(BrowserVisit visit, HttpClient http)
    {
        await visit.GoAsync(Page("real") + "/conflicts");
        var cards = await Cards(visit).CountAsync();
        Assert.True(cards > 2, $"{cards} conflicts");
        for (var number = 0; number < cards; number++)
        {
            await visit.Page.Keyboard.PressAsync("j");
            await visit.Page.Keyboard.PressAsync(number % 2 == 0 ? "1" : "2");
        }

        await Expect(visit.Page.Locator("[data-choices-count]")).ToHaveTextAsync($"{cards} of {cards} decided");
        await visit.PictureAsync("conflicts-real");
        await visit.FitsAsync(Page("real") + "/conflicts", "conflicts-real-360");
        await visit.GoAsync(Page("real") + "/conflicts");
        foreach (var card in await Cards(visit).AllAsync())
        {
            await card.Locator("input").First.CheckAsync();
        }

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Merge main into feature" }).ClickAsync();
        await Expect(visit.Page.GetByText($"with {cards} conflicts decided as you chose")).ToBeVisibleAsync();
        var file = JsonDocument.Parse(await http.GetStringAsync("/api/v4/projects/ada%2Freal/repository/files/analysis.ipynb/raw?ref=feature"));
        Assert.True(file.RootElement.GetProperty("cells").GetArrayLength() > 5);
    }

    private static string[]? RealMerge()
    {
        var triple = Path.Combine(SqueroProcess.Root, "..", "shared", "notebooks", "triples", "t018");
        return Directory.Exists(triple) ? [.. new[] { "base", "theirs", "ours" }.Select(name => File.ReadAllText(Path.Combine(triple, name + ".ipynb")))] : null;
    }

    /// <summary>A project whose branches feature and main both changed the notebook, and a merge request.</summary>
    private async Task CollideAsync(HttpClient http, string token, string name, string parted, string ofFeature, string ofMain)
    {
        await PostAsync(http, "/api/v4/projects", new { name });
        var work = Path.Combine(Work, name);
        Directory.CreateDirectory(work);
        await GitAsync(work, "init", "-q", "-b", "main");
        await GitAsync(work, "remote", "add", "origin", $"http://ada:{token}@{new Uri(url).Authority}/ada/{name}.git");
        await WriteAsync(work, parted);
        await GitAsync(work, "checkout", "-q", "-b", "feature");
        await WriteAsync(work, ofFeature);
        await GitAsync(work, "checkout", "-q", "main");
        await WriteAsync(work, ofMain);
        await GitAsync(work, "push", "-q", "origin", "main", "feature");
        await PostAsync(http, $"/api/v4/projects/ada%2F{name}/merge_requests", new { source_branch = "feature", target_branch = "main", title = "Train longer" });
    }

    private static async Task WriteAsync(string work, string notebook)
    {
        await File.WriteAllTextAsync(Path.Combine(work, "analysis.ipynb"), notebook);
        await GitAsync(work, "add", "-A");
        await GitAsync(work, "commit", "-q", "-m", "Change the notebook");
    }

    private static async Task PostAsync(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static string Notebook(int epochs, string title, bool keep, int run = 1)
    {
        var outputs = new object[] { new { output_type = "stream", name = "stdout", text = $"accuracy 0.{(epochs == 50 ? 80 : epochs == 120 ? 82 : 83)}\n" } };
        var plot = new object[] { new { output_type = "display_data", metadata = new { }, data = new Dictionary<string, string> { ["image/png"] = Red } } };
        object[] cells =
        [
            new { cell_type = "markdown", id = "title", metadata = new { }, source = title + "\n\nWe look at who leaves." },
            Code("load", "table = pd.read_csv('data/churn.csv')\ntable = table.dropna()", run, []),
            Code("train", $"epochs = {epochs}\nmodel = LogisticRegression(max_iter=epochs)\nmodel.fit(table[features], table.left)", run + 1, outputs),
            Code("plot", "plot(model)", run + 2, plot),
            .. keep ? [Code("look", $"print('{title}')\ntable.describe()", run + 3, [])] : Array.Empty<object>(),
            new { cell_type = "markdown", id = "end", metadata = new { }, source = "## What we learnt\n\nContract length matters most." },
        ];
        return JsonSerializer.Serialize(new { cells, metadata = new { language_info = new { name = "python" } }, nbformat = 4, nbformat_minor = 5 }, Indented);
    }

    private static object Code(string id, string source, int count, object[] outputs) =>
        new { cell_type = "code", execution_count = count, id, metadata = new { }, outputs, source = source.Split('\n').Select((line, index) => index < source.Count(letter => letter == '\n') ? line + "\n" : line) };

    private static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true };

    private async Task<(string Link, string Token)> PersonAsync(string name)
    {
        var data = Path.Combine(folder, "data");
        var squero = Path.Combine(SqueroProcess.Root, "squero");
        var made = await RunAsync(folder, squero, "user", "create", name, "--admin", "--data", data);
        return (Regex.Match(made, "/-/setup/\\S+").Value, (await RunAsync(folder, squero, "token", "create", name, "--data", data)).Trim());
    }

    private static async Task ChoosePasswordAsync(BrowserVisit visit, string link)
    {
        await visit.GoAsync(link);
        await visit.Page.Locator("input[type=password]").First.FillAsync(Password);
        await visit.SendAsync(visit.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button).First);
        await Expect(visit.Page.GetByText("ada").First).ToBeVisibleAsync();
    }

    private static Task<string> GitAsync(string work, params string[] arguments) =>
        RunAsync(work, "git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false", .. arguments]);

    private static async Task<string> RunAsync(string where, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = where, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {output}{await errors}");
        return output;
    }
}
