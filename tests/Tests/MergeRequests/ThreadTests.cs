using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Html.Parser;

namespace Squero.Tests.MergeRequests;

/// <summary>Threads on lines and cells: where they stand, and where they go when the file changes below them.</summary>
public sealed class ThreadTests(ReviewWorld world) : IClassFixture<ReviewWorld>
{
    private static readonly (string, string)[] Before = [("load", "import csv\nrows = load()"), ("fit", "epochs = 100\nmodel = fit(rows, epochs)\nprint(model)")];
    private static readonly (string, string)[] After = [("load", "import csv\nrows = load()"), ("fit", "epochs = 150\nmodel = fit(rows, epochs)\nprint(model)")];

    [Fact]
    public async Task A_position_on_an_added_line_becomes_a_thread_on_the_page()
    {
        var bench = await world.ProjectAsync(("a.py", "one\ntwo\nthree\n"));
        await bench.OpenAsync("lines", ("a.py", "one\nTWO\nthree\n"));
        var thread = await StartAsync(bench, "a.py", newLine: 2, "Why so **loud**?");
        Assert.Equal("DiffNote", Note(thread).GetProperty("type").GetString());
        Assert.Equal(2, Note(thread).GetProperty("position").GetProperty("new_line").GetInt32());
        var page = await ChangesAsync(bench);
        Assert.Contains("Why so <strong>loud</strong>?", page, StringComparison.Ordinal);
        Assert.DoesNotContain("outdated", page, StringComparison.Ordinal);
        Assert.Contains("a.py</code>, line 2", await world.Author.Http.GetStringAsync(bench.Page(1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Positions_that_fit_no_line_are_refused()
    {
        var bench = await world.ProjectAsync(("a.py", "one\ntwo\nthree\n"));
        await bench.OpenAsync("misfit", ("a.py", "one\nTWO\nthree\n"));
        foreach (var (path, line) in new[] { ("a.py", 99), ("b.py", 1) })
        {
            using var answer = await world.Reviewer.Http.PostAsJsonAsync(
                $"{bench.Api}/1/discussions", new { body = "?", position = new { position_type = "text", new_path = path, old_path = path, new_line = line } });
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_thread_on_a_notebook_line_names_the_cell_and_follows_it_when_it_moves()
    {
        var bench = await world.ProjectAsync(("a.ipynb", Workbench.Notebook(Before)));
        await bench.OpenAsync("cells", ("a.ipynb", Workbench.Notebook(After)));
        var raw = Array.FindIndex(Workbench.Notebook(After).Split('\n'), line => line.Contains("epochs = 150", StringComparison.Ordinal)) + 1;
        var thread = await StartAsync(bench, "a.ipynb", raw, "Enough?");
        Assert.Equal("cell 2, line 1", Note(thread).GetProperty("place").GetString());
        Assert.Equal(raw, Note(thread).GetProperty("position").GetProperty("new_line").GetInt32());
        Assert.Contains("Enough?", await ChangesAsync(bench), StringComparison.Ordinal);

        await bench.CommitAsync("Move and re-run", ("a.ipynb", Workbench.Notebook([("note", "# first"), After[1], After[0]])));
        await bench.GitAsync("push", "-q", "origin", "cells");
        var page = await ChangesAsync(bench);
        Assert.Contains("Enough?", page, StringComparison.Ordinal);
        Assert.DoesNotContain("outdated", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_line_leaves_its_thread_on_the_cell_with_the_old_text()
    {
        var bench = await world.ProjectAsync(("a.ipynb", Workbench.Notebook(Before)));
        await bench.OpenAsync("edits", ("a.ipynb", Workbench.Notebook(After)));
        var raw = Array.FindIndex(Workbench.Notebook(After).Split('\n'), line => line.Contains("epochs = 150", StringComparison.Ordinal)) + 1;
        await StartAsync(bench, "a.ipynb", raw, "Enough?");
        await bench.CommitAsync("Edit", ("a.ipynb", Workbench.Notebook([Before[0], ("fit", "rounds = int('seven')\nmodel = fit(rows, epochs)\nprint(model)")])));
        await bench.GitAsync("push", "-q", "origin", "edits");
        var page = await ChangesAsync(bench);
        Assert.Contains("Enough?", page, StringComparison.Ordinal);
        Assert.Contains("outdated", page, StringComparison.Ordinal);
        Assert.Contains("epochs = 150", page, StringComparison.Ordinal);
        Assert.DoesNotContain("outdated", await ChangesAsync(bench, "?version=1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Threads_survive_a_forced_push_and_a_new_name_of_the_file()
    {
        var bench = await world.ProjectAsync(("a.py", string.Concat(Enumerable.Range(1, 30).Select(line => $"line {line}\n"))));
        var changed = string.Concat(Enumerable.Range(1, 30).Select(line => line == 20 ? "changed\n" : $"line {line}\n"));
        await bench.OpenAsync("renames", ("a.py", changed));
        await StartAsync(bench, "a.py", 20, "Look here");
        await bench.GitAsync("reset", "-q", "--hard", "main");
        await bench.GitAsync("mv", "a.py", "b.py");
        await bench.CommitAsync("Rename", ("b.py", "a new first line\n" + changed));
        await bench.GitAsync("push", "-q", "-f", "origin", "renames");
        var page = await ChangesAsync(bench);
        Assert.Contains("Look here", page, StringComparison.Ordinal);
        Assert.DoesNotContain("outdated", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thread_whose_file_left_the_change_stays_on_the_shelf()
    {
        var bench = await world.ProjectAsync(("a.py", "one\n"), ("b.py", "one\n"));
        await bench.OpenAsync("leaves", ("a.py", "two\n"), ("b.py", "two\n"));
        await StartAsync(bench, "a.py", 1, "Not lost");
        await bench.CommitAsync("Back", ("a.py", "one\n"));
        await bench.GitAsync("push", "-q", "origin", "leaves");
        var page = await ChangesAsync(bench);
        Assert.Contains("no part of this version any more", page, StringComparison.Ordinal);
        Assert.Contains("Not lost", page, StringComparison.Ordinal);
        Assert.Contains("<pre class=\"thread__quote\">two</pre>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anchors_of_the_page_start_threads_and_wrong_ones_are_refused()
    {
        var bench = await world.ProjectAsync(("a.py", "one\n"));
        await bench.OpenAsync("anchors", ("a.py", "two\n"));
        var thread = await world.Reviewer.PostAsync($"{bench.Api}/1/discussions", new { body = "Here", path = "a.py", anchor = "t1.n.1" });
        Assert.Equal("t1.n.1", Note(thread).GetProperty("anchor").GetString());
        foreach (var anchor in new[] { "t1.n.99", "n1.nonsense", "<script>", "t1.x.1" })
        {
            using var refused = await world.Reviewer.Http.PostAsJsonAsync($"{bench.Api}/1/discussions", new { body = "Here", path = "a.py", anchor });
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    [Fact]
    public async Task The_form_for_a_comment_is_there_without_scripts()
    {
        var bench = await world.ProjectAsync(("a.py", "one\n"));
        await bench.OpenAsync("plain", ("a.py", "two\n"));
        var page = await ChangesAsync(bench, "?comment=t1.n.1&file=a.py");
        Assert.Contains("name=\"anchor\" value=\"t1.n.1\"", page, StringComparison.Ordinal);
        using var reader = await world.Stranger.Http.GetAsync(bench.Page(1, "changes"));
        Assert.Equal(HttpStatusCode.NotFound, reader.StatusCode);
    }

    [Fact]
    public async Task Threads_are_answered_resolved_and_opened_again()
    {
        var bench = await world.ProjectAsync(("a.py", "one\n"));
        await bench.OpenAsync("talk", ("a.py", "two\n"));
        var id = (await StartAsync(bench, "a.py", 1, "Why?")).GetProperty("id").GetString();
        var note = await world.Author.PostAsync($"{bench.Api}/1/discussions/{id}/notes", new { body = "Because." });
        Assert.Equal("Because.", note.GetProperty("body").GetString());
        using var foreign = await world.Reader.Http.PutAsJsonAsync($"{bench.Api}/1/discussions/{id}", new { resolved = true });
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);

        var resolved = await world.Author.PutAsync($"{bench.Api}/1/discussions/{id}?resolved=true", new { });
        Assert.True(Note(resolved).GetProperty("resolved").GetBoolean());
        Assert.Equal("author", Note(resolved).GetProperty("resolved_by").GetProperty("username").GetString());
        Assert.True((await world.Author.GetAsync($"{bench.Api}/1")).GetProperty("blocking_discussions_resolved").GetBoolean());
        Assert.Contains("Resolved by", await ChangesAsync(bench), StringComparison.Ordinal);
        var opened = await world.Reviewer.PutAsync($"{bench.Api}/1/discussions/{id}", new { resolved = false });
        Assert.False(Note(opened).GetProperty("resolved").GetBoolean());
    }

    [Fact]
    public async Task Notes_are_listed_edited_by_their_writer_and_deleted()
    {
        var bench = await world.ProjectAsync();
        await bench.OpenAsync("notes", ("a.py", "two\n"));
        var note = await world.Reader.PostAsync($"{bench.Api}/1/notes", new { body = "Nice" });
        var id = note.GetProperty("id").GetInt64();
        Assert.Equal(JsonValueKind.Null, note.GetProperty("type").ValueKind);
        using var foreign = await world.Author.Http.PutAsJsonAsync($"{bench.Api}/1/notes/{id}", new { body = "Bad" });
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        Assert.Equal("Nicer", (await world.Reader.PutAsync($"{bench.Api}/1/notes/{id}", new { body = "Nicer" })).GetProperty("body").GetString());
        Assert.Equal(1, (await world.Reader.GetAsync($"{bench.Api}/1/notes")).GetArrayLength());
        using var gone = await world.Reader.Http.DeleteAsync($"{bench.Api}/1/notes/{id}");
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        Assert.Equal(0, (await world.Reader.GetAsync($"{bench.Api}/1/discussions")).GetArrayLength());
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("[x](javascript:alert(1))")]
    [InlineData("<svg onload=alert(1)>")]
    [InlineData("' onmouseover='alert(1)")]
    public async Task Hostile_texts_stay_texts_on_every_page(string text)
    {
        var bench = await world.ProjectAsync(("a.py", "one\n"));
        var branch = "x\"><img/src=x/onerror=alert(1)>";
        await bench.GitAsync("switch", "-q", "-c", branch);
        await bench.CommitAsync(text, ("a.py", "two\n"), ("<b>.py", text + "\n"));
        await bench.GitAsync("push", "-q", "origin", branch);
        await world.Author.PostAsync(bench.Api, new { source_branch = branch, target_branch = "main", title = text, description = text });
        await StartAsync(bench, "a.py", 1, text);
        foreach (var tab in new[] { "", "changes", "commits", "candidates", "pipelines" })
        {
            var page = await world.Author.Http.GetStringAsync(bench.Page(1, tab));
            Assert.Empty(Dangers(page));
        }
    }

    /// <summary>What a browser would run: handlers, scripts in the page, addresses that are code.</summary>
    private static IEnumerable<string> Dangers(string page) =>
        new HtmlParser().ParseDocument(page).All
            .Where(element => element.Attributes.Any(attribute =>
                    attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase)
                    || attribute.Value.TrimStart().StartsWith("javascript:", StringComparison.OrdinalIgnoreCase))
                || (element.LocalName == "script" && element.GetAttribute("src") is null)
                || (element.LocalName == "img" && element.GetAttribute("src") == "x"))
            .Select(element => element.OuterHtml);

    private async Task<JsonElement> StartAsync(Workbench bench, string path, int newLine, string body) =>
        await world.Reviewer.PostAsync(
            $"{bench.Api}/1/discussions", new { body, position = new { position_type = "text", old_path = path, new_path = path, new_line = newLine } });

    private Task<string> ChangesAsync(Workbench bench, string query = "") => world.Author.Http.GetStringAsync(bench.Page(1, "changes") + query);

    private static JsonElement Note(JsonElement thread) => thread.GetProperty("notes")[0];
}
