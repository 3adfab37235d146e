using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Squero.Tests.MergeRequests;

/// <summary>Threads on ranges, outputs, regions and whole files, through everything that real pushes do to them.</summary>
public sealed class ThreadPlaceTests(ReviewWorld world) : IClassFixture<ReviewWorld>
{
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    [Fact]
    public async Task A_range_of_lines_is_one_place()
    {
        var bench = await world.ProjectAsync(("a.py", "one\ntwo\nthree\nfour\n"));
        await bench.OpenAsync("range", ("a.py", "one\nTWO\nTHREE\nfour\n"));
        var thread = await AtAsync(bench, "a.py", "t1.n.3", new { line = 2, end_line = 3 });
        Assert.Equal(("t1.n.2-3", "lines 2–3"), (Note(thread).GetProperty("anchor").GetString(), Note(thread).GetProperty("place").GetString()));
        await bench.CommitAsync("Push down", ("a.py", "zero\none\nTWO\nTHREE\nfour\n"));
        await bench.GitAsync("push", "-q", "origin", "range");
        Assert.Contains("lines 3–4", WebUtility.HtmlDecode(await ChangesAsync(bench)), StringComparison.Ordinal);
        await bench.CommitAsync("Change one", ("a.py", "zero\none\nTWO\nTRES\nfour\n"));
        await bench.GitAsync("push", "-q", "origin", "range");
        var page = await ChangesAsync(bench);
        Assert.Contains("outdated", page, StringComparison.Ordinal);
        Assert.Contains("TWO\nTHREE</pre>", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thread_begun_in_the_raw_view_is_one_of_the_cell_and_stands_in_both_views()
    {
        (string, string)[] before = [("fit", "a = 1\nb = 2\nc = 3")];
        (string, string)[] after = [("fit", "a = 1\nb = 20\nc = 30")];
        var text = Workbench.Notebook(after);
        var bench = await world.ProjectAsync(("a.ipynb", Workbench.Notebook(before)));
        await bench.OpenAsync("raw", ("a.ipynb", text));
        var line = Array.FindIndex(text.Split('\n'), one => one.Contains("b = 20", StringComparison.Ordinal)) + 1;

        var thread = await AtAsync(bench, "a.ipynb", $"t1.n.{line}", null, "Why twenty?");
        Assert.Equal("cell 1, line 2", Note(thread).GetProperty("place").GetString());
        var range = await AtAsync(bench, "a.ipynb", $"t1.n.{line + 1}", new { line, end_line = line + 1 }, "Why both?");
        Assert.Equal("cell 1, lines 2–3", Note(range).GetProperty("place").GetString());

        foreach (var view in new[] { "", "?raw=a.ipynb" })
        {
            var page = await ChangesAsync(bench, view);
            Assert.DoesNotContain("request__shelf", page, StringComparison.Ordinal);
            Assert.Contains("Why twenty?", page, StringComparison.Ordinal);
            Assert.Contains("Why both?", page, StringComparison.Ordinal);
        }

        await bench.CommitAsync("Run again", ("a.ipynb", Workbench.Notebook([("begin", "import os"), .. after])));
        await bench.GitAsync("push", "-q", "origin", "raw");
        Assert.DoesNotContain("outdated", await ChangesAsync(bench), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_region_is_kept_as_fractions_outlined_and_taken_to_the_new_picture()
    {
        var bench = await world.ProjectAsync(("a.ipynb", Plots(1)));
        await bench.OpenAsync("region", ("a.ipynb", Plots(2)));
        var anchor = Anchor(await ChangesAsync(bench), "n1\\.n\\.o\\.0\\.0\\.2\\.");
        var thread = await AtAsync(bench, "a.ipynb", anchor, new { region = new { x = 0.1, y = 0.25, width = 0.5, height = 0.333 } });
        var region = Note(thread).GetProperty("region");
        Assert.Equal((0.1, 0.25, 0.5, 0.333), (region.GetProperty("x").GetDouble(), region.GetProperty("y").GetDouble(), region.GetProperty("width").GetDouble(), region.GetProperty("height").GetDouble()));
        const string outline = "x=\"10\" y=\"25\" width=\"50\" height=\"33.3\"";
        Assert.Contains(outline, await ChangesAsync(bench), StringComparison.Ordinal);

        await bench.CommitAsync("Draw anew", ("a.ipynb", Plots(3)));
        await bench.GitAsync("push", "-q", "origin", "region");
        var page = await ChangesAsync(bench);
        Assert.Contains(outline, page, StringComparison.Ordinal);
        Assert.Contains("outdated", page, StringComparison.Ordinal);
        Assert.Contains("thread__picture", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_of_an_output_is_a_place_and_wrong_places_are_refused()
    {
        var bench = await world.ProjectAsync(("a.ipynb", Plots(1)));
        await bench.OpenAsync("output", ("a.ipynb", Plots(2)));
        var printed = Anchor(await ChangesAsync(bench), "n1\\.n\\.o\\.0\\.0\\.1\\.");
        var thread = await AtAsync(bench, "a.ipynb", printed, new { line = 2 });
        Assert.Equal("line 2 of output 1 of cell 1", Note(thread).GetProperty("place").GetString());
        Assert.Contains("<pre class=\"thread__quote\">loss 2</pre>", await ChangesAsync(bench), StringComparison.Ordinal);
        foreach (var wrong in new object[] { new { line = 99 }, new { region = new { x = 0, y = 0, width = 1, height = 1 } }, new { region = new { x = 2, y = 0, width = 1, height = 1 } } })
        {
            using var refused = await TryAsync(bench, "a.ipynb", printed, wrong);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    [Fact]
    public async Task A_notebook_and_a_file_have_threads_of_their_own()
    {
        var bench = await world.ProjectAsync(("a.ipynb", Plots(1)), ("b.txt", "one\n"));
        await bench.OpenAsync("whole", ("a.ipynb", Plots(2)), ("b.txt", "two\n"));
        await AtAsync(bench, "a.ipynb", "n1.n.n.0.0.0.-.-", null, "All of the notebook");
        await AtAsync(bench, "b.txt", "t1.n.0", null, "All of the file");
        var page = await ChangesAsync(bench);
        Assert.Contains("All of the notebook", page, StringComparison.Ordinal);
        Assert.Contains("All of the file", page, StringComparison.Ordinal);
        Assert.DoesNotContain("request__shelf", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_notebook_run_again_under_a_new_name_keeps_its_threads()
    {
        var bench = await world.ProjectAsync(("README.md", "x\n"));
        await bench.OpenAsync("renamed", ("a.ipynb", Plots(1, filler: 40)));
        var anchor = Anchor(await ChangesAsync(bench), "n1\\.n\\.s\\.0\\.1\\.0\\.");
        await AtAsync(bench, "a.ipynb", anchor, null, "Stay with me");
        await bench.GitAsync("rm", "-q", "a.ipynb");
        await bench.CommitAsync("Rename and re-run", ("deep/b.ipynb", Plots(7, filler: 41)));
        await bench.GitAsync("push", "-q", "origin", "renamed");
        var page = await ChangesAsync(bench);
        Assert.Contains("Stay with me", page, StringComparison.Ordinal);
        Assert.DoesNotContain("no part of this version", page, StringComparison.Ordinal);
        Assert.DoesNotContain("request__shelf", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Threads_outlive_forced_pushes_the_collection_of_garbage_and_a_change_that_is_taken_back()
    {
        var bench = await world.ProjectAsync(("a.ipynb", Plots(1)), ("b.txt", "one\n"));
        await bench.OpenAsync("forced", ("a.ipynb", Plots(2)), ("b.txt", "two\n"));
        await AtAsync(bench, "a.ipynb", Anchor(await ChangesAsync(bench), "n1\\.n\\.s\\.0\\.1\\.0\\."), null, "Never lost");
        await bench.GitAsync("reset", "-q", "--hard", "main");
        await bench.CommitAsync("Start over", ("a.ipynb", Plots(5)));
        await bench.GitAsync("push", "-q", "-f", "origin", "forced");
        await bench.GitAsync("reset", "-q", "--hard", "main");
        await bench.CommitAsync("Nothing but this", ("c.txt", "c\n"));
        await bench.GitAsync("push", "-q", "-f", "origin", "forced");
        foreach (var arguments in new[] { "reflog expire --expire=now --all", "gc -q --prune=now" })
        {
            await bench.GitAsync(["--git-dir", RepositoryFolder(bench), .. arguments.Split(' ')]);
        }

        var page = await ChangesAsync(bench);
        Assert.Contains("Never lost", page, StringComparison.Ordinal);
        Assert.Contains("no part of this version any more", page, StringComparison.Ordinal);
        foreach (var version in new[] { 1, 2 })
        {
            page = await ChangesAsync(bench, $"?version={version}");
            Assert.Contains("Never lost", page, StringComparison.Ordinal);
            Assert.DoesNotContain("outdated", page, StringComparison.Ordinal);
        }

        await bench.GitAsync("reset", "-q", "--hard", "main");
        await bench.GitAsync("push", "-q", "-f", "origin", "forced");
        page = await ChangesAsync(bench);
        Assert.Contains("No file differs", page, StringComparison.Ordinal);
        Assert.Contains("Never lost", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kinds_are_told_and_praise_asks_for_nothing()
    {
        var bench = await world.ProjectAsync(("a.py", "one\n"));
        await bench.OpenAsync("kinds", ("a.py", "two\n"));
        foreach (var kind in new[] { "question", "suggestion", "praise", "teaching", "comment" })
        {
            var thread = await AtAsync(bench, "a.py", "t1.n.1", new { kind }, $"It is {kind}");
            Assert.Equal(kind, thread.GetProperty("kind").GetString());
            Assert.Equal(kind is not ("praise" or "teaching"), Note(thread).GetProperty("resolvable").GetBoolean());
            var id = thread.GetProperty("id").GetString();
            await world.Author.PostAsync($"{bench.Api}/1/discussions/{id}/notes", new { body = "Thanks" });
            var now = await world.Author.GetAsync($"{bench.Api}/1/discussions/{id}");
            Assert.Equal(kind is not ("praise" or "teaching"), Note(now).GetProperty("resolvable").GetBoolean());
        }

        using var refused = await TryAsync(bench, "a.py", "t1.n.1", new { kind = "insult" });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Only_unresolved_blocking_threads_stop_the_merge()
    {
        var bench = await world.ProjectAsync(("a.py", "one\n"));
        await bench.OpenAsync("blocks", ("a.py", "two\n"));
        await AtAsync(bench, "a.py", "t1.n.1", null, "Just asking");
        Assert.Equal("mergeable", (await world.Author.GetAsync($"{bench.Api}/1")).GetProperty("detailed_merge_status").GetString());
        var id = (await AtAsync(bench, "a.py", "t1.n.1", new { blocking = true }, "Not like this")).GetProperty("id").GetString();

        var request = await world.Author.GetAsync($"{bench.Api}/1");
        Assert.Equal("discussions_not_resolved", request.GetProperty("detailed_merge_status").GetString());
        Assert.False(request.GetProperty("blocking_discussions_resolved").GetBoolean());
        var page = await world.Author.Http.GetStringAsync(bench.Page(1));
        Assert.Contains("A blocking thread is not resolved.", page, StringComparison.Ordinal);
        Assert.Matches("merge_requests/1#thread-[0-9]+\">Go to it", page);
        using var stopped = await world.Author.Http.PutAsJsonAsync($"{bench.Api}/1/merge", new { });
        Assert.Equal(HttpStatusCode.MethodNotAllowed, stopped.StatusCode);

        await world.Reader.PutAsync($"{bench.Api}/1/discussions/{id}", new { blocking = false });
        Assert.Equal("mergeable", (await world.Author.GetAsync($"{bench.Api}/1")).GetProperty("detailed_merge_status").GetString());
        await world.Reader.PutAsync($"{bench.Api}/1/discussions/{id}", new { blocking = true });
        await world.Author.PutAsync($"{bench.Api}/1/discussions/{id}", new { resolved = true });
        Assert.Equal("mergeable", (await world.Author.GetAsync($"{bench.Api}/1")).GetProperty("detailed_merge_status").GetString());
    }

    [Fact]
    public async Task Guests_comment_but_do_not_block()
    {
        var bench = await world.ProjectAsync(("a.py", "one\n"));
        await bench.OpenAsync("guests", ("a.py", "two\n"));
        var guest = await world.Server.PersonAsync("guest-" + Guid.NewGuid().ToString("N")[..8]);
        await world.Get<Squero.Projects.MemberStore>().SetAsync(bench.Project, guest.Person.Id, Squero.Projects.Role.Guest, CancellationToken.None);
        await world.Author.PutAsync($"/api/v4/projects/{bench.Project.Id}", new { visibility = "public" });
        await guest.PostAsync($"{bench.Api}/1/discussions", new { body = "Hello" });
        using var blocking = await guest.Http.PostAsJsonAsync($"{bench.Api}/1/discussions", new { body = "Stop", blocking = true });
        Assert.Equal(HttpStatusCode.Forbidden, blocking.StatusCode);
    }

    [Theory]
    [InlineData("threads")]
    [InlineData("threads/1/blocking")]
    [InlineData("threads/1/resolved")]
    [InlineData("suggestions")]
    public async Task Forms_of_other_sites_change_nothing(string form)
    {
        var bench = await world.ProjectAsync(("a.py", "one\n"));
        await bench.OpenAsync("forgery", ("a.py", "two\n"));
        using var browser = new Browser(world.Server);
        browser.Cookies.Add(world.Server.Url, new Cookie("squero_session", "x"));
        using var answer = await browser.PostAsync(bench.Page(1, form), ("text", "forged"), ("suggestion", "100"));
        Assert.False(answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.Found && answer.Headers.Location!.ToString().Contains("merge_requests", StringComparison.Ordinal));
        Assert.Equal(0, (await world.Author.GetAsync($"{bench.Api}/1/discussions")).GetArrayLength());
    }

    private string RepositoryFolder(Workbench bench) => world.Get<Squero.Repositories.GitRepositories>().PathOf(bench.Project.Id);

    private static string Plots(int seed, int filler = 0)
    {
        var picture = Convert.ToBase64String([.. Png, (byte)seed, .. Enumerable.Range(0, filler * 100).Select(i => (byte)((i * seed * 31) + (i >> 3)))]);
        var cells = new JsonArray(
            Cell("plot", "plot(rows)\nshow()", new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = $"epoch {seed}\nloss {seed}\n" }, new JsonObject
            {
                ["output_type"] = "display_data",
                ["metadata"] = new JsonObject(),
                ["data"] = new JsonObject { ["image/png"] = picture },
            }),
            Cell("end", "print('all of it is done here')"));
        return new JsonObject { ["cells"] = cells, ["metadata"] = new JsonObject(), ["nbformat"] = 4, ["nbformat_minor"] = 5 }.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
    }

    private static JsonObject Cell(string id, string source, params JsonObject[] outputs) => new()
    {
        ["cell_type"] = "code",
        ["execution_count"] = 1,
        ["id"] = id,
        ["metadata"] = new JsonObject(),
        ["outputs"] = new JsonArray([.. outputs]),
        ["source"] = source,
    };

    private static string Anchor(string page, string pattern)
    {
        var found = System.Text.RegularExpressions.Regex.Match(page, $"data-anchor=\"({pattern}[^\"]+)\"");
        Assert.True(found.Success, $"No anchor like {pattern} on the page.");
        return found.Groups[1].Value;
    }

    private async Task<JsonElement> AtAsync(Workbench bench, string path, string anchor, object? more, string body = "Look")
    {
        using var answer = await TryAsync(bench, path, anchor, more, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    private Task<HttpResponseMessage> TryAsync(Workbench bench, string path, string anchor, object? more, string body = "Look")
    {
        var json = more is null ? [] : JsonSerializer.SerializeToNode(more)!.AsObject();
        (json["path"], json["anchor"], json["body"]) = (path, anchor, body);
        return world.Reader.Http.PostAsJsonAsync($"{bench.Api}/1/discussions", json);
    }

    private Task<string> ChangesAsync(Workbench bench, string query = "") => world.Author.Http.GetStringAsync(bench.Page(1, "changes") + query);

    private static JsonElement Note(JsonElement thread) => thread.GetProperty("notes")[0];
}
