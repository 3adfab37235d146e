using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Squero.Accounts;

namespace Squero.Tests.MergeRequests;

/// <summary>The page on which people decide what stands, as a browser without JavaScript uses it.</summary>
public sealed partial class ConflictPageTests(ReviewWorld world) : IClassFixture<ReviewWorld>
{
    private const string Password = "correct horse battery staple";
    private const string Hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>";

    private static readonly (string, string)[] Base = [("one", "a = 1"), ("two", "b = 1"), ("three", "c = 1")];

    [Fact]
    public async Task Choices_are_previewed_kept_when_something_is_missing_and_committed()
    {
        var bench = await CollideAsync("walk", "x = 'walk'", "x = 'main'");
        using var browser = await SignInAsync();
        var address = bench.Page(1, "conflicts");
        Assert.Contains("Resolve conflicts", await TextAsync(await browser.GetAsync(bench.Page(1))), StringComparison.Ordinal);
        var page = await TextAsync(await browser.GetAsync(address));
        Assert.Contains("0 of 2 decided", page, StringComparison.Ordinal);
        var names = ChoiceField().Matches(page).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.Equal(2, names.Count);
        var standing = new[] { ("sha", ValueOf(page, "sha")), ("digest", ValueOf(page, "digest")) };

        using var half = await browser.SubmitAsync(address, address, [.. standing, (names[0], "both"), ("act", "commit")]);
        page = await half.SentenceAsync(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("Nothing was committed: one conflict is not decided yet", page, StringComparison.Ordinal);
        Assert.Contains("1 of 2 decided", page, StringComparison.Ordinal);
        Assert.Matches($"name=\"{names[0]}\" value=\"both\"[^>]*checked", page);

        using var preview = await browser.SubmitAsync(address, address, [.. standing, (names[0], "both"), (names[1], "source"), ("act", "preview")]);
        page = await preview.SentenceAsync(HttpStatusCode.OK);
        Assert.Contains("as it would be", page, StringComparison.Ordinal);
        Assert.Equal(1, (await world.Author.GetAsync($"{bench.Api}/1/versions")).GetArrayLength());

        using var done = await browser.SubmitAsync(address, address, [.. standing, (names[0], "both"), (names[1], "source"), ("act", "commit")]);
        Assert.Equal(HttpStatusCode.Redirect, done.StatusCode);
        Assert.Contains("with 2 conflicts decided", await TextAsync(await browser.GetAsync(bench.Page(1))), StringComparison.Ordinal);
        await bench.GitAsync("fetch", "-q", "origin");
        Assert.Equal(["x = 'main'\nx = 'walk'", "b = 1", "x = 'walk'"], ConflictWorld.Sources(await bench.GitAsync("show", "origin/walk:a.ipynb")));
        Assert.Contains("Nothing collides", await TextAsync(await browser.GetAsync(address)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stale_form_is_refused_and_what_still_fits_is_kept()
    {
        var bench = await CollideAsync("stale", "x = 'stale'", "x = 'main'");
        using var browser = await SignInAsync();
        var address = bench.Page(1, "conflicts");
        var page = await TextAsync(await browser.GetAsync(address));
        var names = ChoiceField().Matches(page).Select(match => match.Groups[1].Value).Distinct().ToList();
        var standing = new[] { ("sha", ValueOf(page, "sha")), ("digest", ValueOf(page, "digest")), (names[0], "target"), (names[1], "source"), ("act", "commit") };
        await bench.PushMainAsync(("a.ipynb", ConflictWorld.Run(70, [("one", "x = 'main'"), ("new", "n = 1"), ("two", "b = 1"), ("three", "x = 'later'")])));

        using var refused = await browser.SubmitAsync(address, address, standing);
        page = await refused.SentenceAsync(HttpStatusCode.Conflict);
        Assert.Contains("Nothing was committed: `main` moved while you decided", page, StringComparison.Ordinal);
        Assert.Contains("1 of 2 decided", page, StringComparison.Ordinal);
        Assert.Matches($"name=\"{names[0]}\" value=\"target\"[^>]*checked", page);
        Assert.DoesNotContain(names[1], page, StringComparison.Ordinal);
        Assert.Equal(1, (await world.Author.GetAsync($"{bench.Api}/1/versions")).GetArrayLength());
    }

    [Fact]
    public async Task Other_sites_and_readers_decide_nothing()
    {
        var bench = await CollideAsync("guarded", "x = 'guarded'", "x = 'main'");
        var address = bench.Page(1, "conflicts");
        using var browser = await SignInAsync();
        using var forged = await browser.PostAsync(address, ("act", "commit"), ("sha", (await bench.RequestAsync(1)).HeadSha));
        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
        var page = await world.Reader.Http.GetStringAsync(address);
        Assert.DoesNotContain("type=\"radio\"", page, StringComparison.Ordinal);
        Assert.Contains("Developers of the project decide", page, StringComparison.Ordinal);
        Assert.Contains("See the conflicts", await world.Reader.Http.GetStringAsync(bench.Page(1)), StringComparison.Ordinal);
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("act", "preview")]);
        using var refused = await world.Reader.Http.PostAsync(address, form);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task Hostile_sources_branches_and_paths_are_text()
    {
        const string branch = "a\"'><svg/onload=alert(1)>$(id)`id`";
        const string path = "odd \"dir\"/a<b>&'ü\n<script>alert(1)</script>.ipynb";
        var bench = await world.ProjectAsync((path, ConflictWorld.Run(1, Base)));
        await bench.CollideAsync(branch, [(path, ConflictWorld.Run(20, [("one", Hostile), ("two", "b = 1"), ("three", "c = 1")]))], [(path, ConflictWorld.Run(40, [("one", "'''" + Hostile), ("two", "b = 1"), ("three", "c = 1")]))]);
        using var browser = await SignInAsync();
        var address = bench.Page(1, "conflicts");
        using var answer = await browser.GetAsync(address);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var name = ChoiceField().Match(page).Groups[1].Value;
        using var previewed = await browser.SubmitAsync(address, address, ("act", "preview"), (name, "both"));
        foreach (var html in new[] { page, await previewed.Content.ReadAsStringAsync(), await world.Author.Http.GetStringAsync(bench.Page(1)) })
        {
            Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<svg/onload", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<img src=x", html, StringComparison.Ordinal);
        }

        using var done = await browser.SubmitAsync(address, address, ("sha", ValueOf(page, "sha")), ("digest", ValueOf(page, "digest")), (name, "both"), ("act", "commit"));
        Assert.Equal(HttpStatusCode.Redirect, done.StatusCode);
        await bench.GitAsync("fetch", "-q", "origin");
        Assert.Equal($"'''{Hostile}\n{Hostile}", ConflictWorld.Sources(await bench.GitAsync("show", $"origin/{branch}:{path}"))[0]);
        Assert.DoesNotContain("<script>alert", await world.Author.Http.GetStringAsync(bench.Page(1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_for_which_there_is_no_choice_here_come_with_the_commands_quoted_for_a_shell()
    {
        var bench = await world.ProjectAsync(("a.rst", "Title\n=======\n"), ("a.ipynb", ConflictWorld.Run(1, Base)));
        await bench.CollideAsync(
            "it's;rm", [("a.rst", "Other\n=======\n"), ("a.ipynb", ConflictWorld.Run(9, [("one", "x"), ("two", "b = 1"), ("three", "c = 1")]))],
            [("a.rst", "Third\n=======\n"), ("a.ipynb", ConflictWorld.Run(7, [("one", "y"), ("two", "b = 1"), ("three", "c = 1")]))]);
        var page = WebUtility.HtmlDecode(await world.Author.Http.GetStringAsync(bench.Page(1, "conflicts")));
        Assert.Contains("this cannot be finished here", page, StringComparison.Ordinal);
        Assert.Contains("git switch 'it'\\''s;rm'\ngit fetch origin\ngit merge origin/main\n", page, StringComparison.Ordinal);
        Assert.DoesNotContain("type=\"radio\"", page, StringComparison.Ordinal);
        Assert.Contains("1 of 1", page, StringComparison.Ordinal);
    }

    private async Task<Workbench> CollideAsync(string branch, string source, string target)
    {
        var bench = await world.ProjectAsync(("a.ipynb", ConflictWorld.Run(1, Base)));
        await bench.CollideAsync(
            branch, [("a.ipynb", ConflictWorld.Run(20, [("one", source), ("two", "b = 1"), ("three", source)]))],
            [("a.ipynb", ConflictWorld.Run(40, [("one", target), ("two", "b = 1"), ("three", target)]))]);
        return bench;
    }

    private async Task<Browser> SignInAsync()
    {
        var link = await world.Get<SetupLink>().ForAsync(world.Reviewer.Person, CancellationToken.None);
        var browser = new Browser(world.Server);
        var path = new Uri(link).PathAndQuery;
        using var chosen = await browser.SubmitAsync(path, path, ("password", Password), ("repeat", Password));
        using var signedIn = await browser.SignInAsync(world.Reviewer.Username, Password);
        return browser;
    }

    private static async Task<string> TextAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            return await answer.SentenceAsync(HttpStatusCode.OK);
        }
    }

    private static string ValueOf(string page, string name) => Regex.Match(page, $"name=\"{name}\" value=\"([^\"]*)\"").Groups[1].Value;

    [GeneratedRegex("name=\"(choice-[^\"]+)\"")]
    private static partial Regex ChoiceField();
}
