using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Squero.Tests.MergeRequests;

/// <summary>Suggestions: what they would change, who may apply them, and the commit that they become.</summary>
public sealed class SuggestionTests(ReviewWorld world) : IClassFixture<ReviewWorld>
{
    private static readonly (string, string)[] Before = [("load", "import csv\nrows = load()"), ("fit", "epochs = 100\nmodel = fit(rows, epochs)\nprint(model)")];
    private static readonly (string, string)[] After = [("load", "import csv\nrows = load()"), ("fit", "epochs = 150\nmodel = fit(rows, epochs)\nprint(model)")];

    [Fact]
    public async Task A_suggestion_on_a_notebook_line_becomes_a_commit_that_differs_in_that_line_alone()
    {
        var bench = await OpenNotebookAsync("apply");
        var thread = await SuggestAsync(bench, world.Reader, "epochs = 150", "Less does:\n```suggestion\nepochs = 120\n```");
        Assert.Equal("suggestion", thread.GetProperty("kind").GetString());
        var suggestion = Note(thread).GetProperty("suggestions")[0];
        Assert.Equal(("epochs = 150\n", "epochs = 120\n", true), (suggestion.GetProperty("from_content").GetString()!, suggestion.GetProperty("to_content").GetString()!, suggestion.GetProperty("appliable").GetBoolean()));

        var applied = await world.Author.PutAsync($"/api/v4/suggestions/{suggestion.GetProperty("id").GetInt64()}/apply", new { });

        Assert.True(applied.GetProperty("applied").GetBoolean());
        await bench.GitAsync("fetch", "-q", "origin");
        Assert.Equal(Workbench.Notebook(After).Replace("epochs = 150", "epochs = 120", StringComparison.Ordinal), await bench.GitAsync("show", "origin/apply:a.ipynb") + "\n");
        Assert.Contains($"Co-authored-by: {world.Reader.Username}", await bench.GitAsync("log", "-1", "--format=%B", "origin/apply"), StringComparison.Ordinal);
        var now = (await world.Author.GetAsync($"{bench.Api}/1/discussions"))[0];
        Assert.True(Note(now).GetProperty("resolved").GetBoolean());
        Assert.Equal(2, (await world.Author.GetAsync($"{bench.Api}/1/versions")).GetArrayLength());
        Assert.Contains("applied", await ChangesAsync(bench), StringComparison.Ordinal);

        using var again = await world.Author.Http.PutAsJsonAsync($"/api/v4/suggestions/{suggestion.GetProperty("id").GetInt64()}/apply", new { });
        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
        Assert.Contains("applied already", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_are_applied_in_one_commit_and_those_that_overlap_not_at_all()
    {
        var bench = await world.ProjectAsync(("a.py", "one\ntwo\nthree\n"));
        await bench.OpenAsync("batch", ("a.py", "ONE\nTWO\nTHREE\n"), ("b.py", "x\r\ny\r\n"));
        var first = IdOf(await world.Reviewer.PostAsync($"{bench.Api}/1/discussions", new { body = "```suggestion\nuno\n```", path = "a.py", anchor = "t1.n.1" }));
        var both = IdOf(await world.Reviewer.PostAsync($"{bench.Api}/1/discussions", new { body = "```suggestion:-1+0\nboth\n```", path = "a.py", anchor = "t1.n.2" }));
        var third = IdOf(await world.Reader.PostAsync($"{bench.Api}/1/discussions", new { body = "```suggestion\n```", path = "a.py", anchor = "t1.n.3" }));
        var other = IdOf(await world.Reader.PostAsync($"{bench.Api}/1/discussions", new { body = "```suggestion\nY\nZ\n```", path = "b.py", anchor = "t1.n.2" }));

        using var overlapping = await world.Author.Http.PutAsJsonAsync("/api/v4/suggestions/batch_apply", new { ids = new[] { first, both } });
        Assert.Equal(HttpStatusCode.BadRequest, overlapping.StatusCode);
        Assert.Contains("Two suggestions change line 1", await overlapping.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await world.Author.PutAsync("/api/v4/suggestions/batch_apply", new { ids = new[] { first, third, other }, commit_message = "Take three" });

        await bench.GitAsync("fetch", "-q", "origin");
        Assert.Equal("uno\nTWO", await bench.GitAsync("show", "origin/batch:a.py"));
        Assert.Equal("x\r\nY\r\nZ", await bench.GitAsync("show", "origin/batch:b.py"));
        Assert.Equal("1", await bench.GitAsync("rev-list", "--count", "main..origin/batch~1"));
        Assert.StartsWith("Take three", await bench.GitAsync("log", "-1", "--format=%B", "origin/batch"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outdated_one_says_so_and_is_refused()
    {
        var bench = await OpenNotebookAsync("late");
        var id = IdOf(await SuggestAsync(bench, world.Reviewer, "epochs = 150", "```suggestion\nepochs = 120\n```"));
        await bench.CommitAsync("Edit", ("a.ipynb", Workbench.Notebook([After[0], ("fit", "rounds = 7\nmodel = fit(rows, epochs)\nprint(model)")])));
        await bench.GitAsync("push", "-q", "origin", "late");

        using var refused = await world.Author.Http.PutAsJsonAsync($"/api/v4/suggestions/{id}/apply", new { });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("have changed", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("The lines have changed since it was made.", await ChangesAsync(bench), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_whose_line_moved_on_is_applied_where_the_line_is_now()
    {
        var bench = await OpenNotebookAsync("moved");
        var id = IdOf(await SuggestAsync(bench, world.Reviewer, "epochs = 150", "```suggestion\nepochs = 120\n```"));
        await bench.GitAsync("switch", "-q", "moved");
        await bench.CommitAsync("Move", ("a.ipynb", Workbench.Notebook([("note", "# first"), ("fit2", "# now here\n" + After[1].Item2), After[0]])));
        await bench.GitAsync("push", "-q", "origin", "moved");

        await world.Author.PutAsync($"/api/v4/suggestions/{id}/apply", new { });

        await bench.GitAsync("fetch", "-q", "origin");
        var changed = await bench.GitAsync("diff", "--numstat", "origin/moved~1", "origin/moved");
        Assert.Equal("1\t1\ta.ipynb", changed);
    }

    [Fact]
    public async Task Only_who_may_push_applies_and_strangers_learn_nothing()
    {
        var bench = await OpenNotebookAsync("rights");
        var id = IdOf(await SuggestAsync(bench, world.Reader, "epochs = 150", "```suggestion\nepochs = 120\n```"));
        using var reporter = await world.Reader.Http.PutAsJsonAsync($"/api/v4/suggestions/{id}/apply", new { });
        using var stranger = await world.Stranger.Http.PutAsJsonAsync($"/api/v4/suggestions/{id}/apply", new { });
        using var nobody = await world.Server.Anonymous().PutAsJsonAsync($"/api/v4/suggestions/{id}/apply", new { });
        using var absent = await world.Author.Http.PutAsJsonAsync("/api/v4/suggestions/99999999/apply", new { });
        Assert.Equal(
            [HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.Unauthorized, HttpStatusCode.NotFound],
            [reporter.StatusCode, stranger.StatusCode, nobody.StatusCode, absent.StatusCode]);
        Assert.Contains("Suggested change", await world.Reader.Http.GetStringAsync(bench.Page(1, "changes")), StringComparison.Ordinal);
        Assert.DoesNotContain(">Apply</button>", await world.Reader.Http.GetStringAsync(bench.Page(1, "changes")), StringComparison.Ordinal);
        Assert.Contains(">Apply</button>", await ChangesAsync(bench), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_who_apply_at_once_one_does_and_an_old_head_is_refused()
    {
        var bench = await OpenNotebookAsync("race");
        var one = IdOf(await SuggestAsync(bench, world.Reader, "epochs = 150", "```suggestion\nepochs = 120\n```"));
        var two = IdOf(await SuggestAsync(bench, world.Reader, "epochs = 150", "```suggestion\nepochs = 130\n```"));
        using var old = await world.Author.Http.PutAsJsonAsync($"/api/v4/suggestions/{one}/apply", new { sha = new string('0', 40) });
        Assert.Equal(HttpStatusCode.Conflict, old.StatusCode);

        var answers = await Task.WhenAll(
            world.Author.Http.PutAsJsonAsync($"/api/v4/suggestions/{one}/apply", new { }),
            world.Reviewer.Http.PutAsJsonAsync($"/api/v4/suggestions/{two}/apply", new { }));

        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.BadRequest);
        await bench.GitAsync("fetch", "-q", "origin");
        Assert.Equal("2", await bench.GitAsync("rev-list", "--count", "main..origin/race"));
    }

    [Theory]
    [InlineData("t1.o.1", "```suggestion\nx\n```", "new side")]
    [InlineData("t1.n.1", "```suggestion:-1+0\nx\n```", "reaches beyond")]
    [InlineData("t1.n.1", "```suggestion\nnew\n```", "changes nothing")]
    public async Task What_cannot_be_applied_says_why(string anchor, string body, string reason)
    {
        var bench = await world.ProjectAsync(("a.py", "old\nsame\n"));
        await bench.OpenAsync("unfit", ("a.py", "new\nsame\n"));
        var thread = await world.Reviewer.PostAsync($"{bench.Api}/1/discussions", new { body, path = "a.py", anchor });
        var suggestion = Note(thread).GetProperty("suggestions")[0];
        Assert.Contains(reason, suggestion.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.False(suggestion.GetProperty("appliable").GetBoolean());
    }

    [Fact]
    public async Task Hostile_lines_in_a_suggestion_stay_text()
    {
        var bench = await world.ProjectAsync(("a.py", "old\n"));
        await bench.OpenAsync("hostile", ("a.py", "<img src=x onerror=alert(1)>\n"));
        await world.Reviewer.PostAsync($"{bench.Api}/1/discussions", new { body = "```suggestion\n<script>alert(1)</script>\n```", path = "a.py", anchor = "t1.n.1" });
        foreach (var tab in new[] { "", "changes", "threads/new" })
        {
            var page = await world.Author.Http.GetStringAsync(bench.Page(1, tab) + "?file=a.py&comment=t1.n.1&suggest=1");
            Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<img src=x", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_form_begins_with_the_lines_as_a_suggestion()
    {
        var bench = await OpenNotebookAsync("fills");
        var page = await ChangesAsync(bench);
        var anchor = System.Text.RegularExpressions.Regex.Match(page, "data-anchor=\"(n1\\.n\\.s\\.1\\.2\\.[^\"]+)\"").Groups[1].Value;
        var form = WebUtility.HtmlDecode(await world.Author.Http.GetStringAsync(bench.Page(1, "threads/new") + $"?file=a.ipynb&comment={anchor}&line=1&end_line=2&suggest=1"));
        Assert.Contains("```suggestion:-1+0\nepochs = 150\nmodel = fit(rows, epochs)\n```", form, StringComparison.Ordinal);
        Assert.Contains("on cell 2, lines 1–2", form, StringComparison.Ordinal);
    }

    private async Task<Workbench> OpenNotebookAsync(string branch)
    {
        var bench = await world.ProjectAsync(("a.ipynb", Workbench.Notebook(Before)));
        await bench.OpenAsync(branch, ("a.ipynb", Workbench.Notebook(After)));
        return bench;
    }

    private static async Task<JsonElement> SuggestAsync(Workbench bench, TestPerson who, string line, string body)
    {
        var raw = Array.FindIndex(Workbench.Notebook(After).Split('\n'), text => text.Contains(line, StringComparison.Ordinal)) + 1;
        return await who.PostAsync($"{bench.Api}/1/discussions", new { body, position = new { position_type = "text", old_path = "a.ipynb", new_path = "a.ipynb", new_line = raw } });
    }

    private Task<string> ChangesAsync(Workbench bench) => world.Author.Http.GetStringAsync(bench.Page(1, "changes"));

    private static long IdOf(JsonElement thread) => Note(thread).GetProperty("suggestions")[0].GetProperty("id").GetInt64();

    private static JsonElement Note(JsonElement thread) => thread.GetProperty("notes")[0];
}
