using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Squero.MergeRequests;

namespace Squero.Tests.MergeRequests;

/// <summary>Deciding through the REST API what stands, and the commit that it becomes.</summary>
public sealed class ConflictTests(ReviewWorld world) : IClassFixture<ReviewWorld>
{
    private static readonly (string, string)[] Base = [("load", "rows = load()"), ("fit", "epochs = 50\nfit(rows)"), ("end", "print(1)")];

    [Fact]
    public async Task Deciding_makes_a_merge_commit_on_the_source_branch_and_a_new_version()
    {
        var (bench, request) = await CollideAsync("decide");
        var thread = await world.Reader.PostAsync($"{bench.Api}/1/discussions", new { body = "Why 200?", path = "a.ipynb", anchor = await AnchorAsync(bench, "epochs = 200") });
        var shown = await world.Author.GetAsync($"{bench.Api}/1");
        Assert.Equal(("conflict", "cannot_be_merged", true), (shown.GetProperty("detailed_merge_status").GetString(), shown.GetProperty("merge_status").GetString(), shown.GetProperty("has_conflicts").GetBoolean()));
        var collides = await world.Reader.GetAsync($"{bench.Api}/1/conflicts");
        var conflict = Assert.Single(collides.GetProperty("files")[0].GetProperty("conflicts").EnumerateArray());
        Assert.Equal(("edit_edit", 2), (conflict.GetProperty("kind").GetString(), conflict.GetProperty("cell").GetInt32()));
        Assert.Equal("epochs = 120", conflict.GetProperty("target").GetProperty("lines")[0].GetString());
        Assert.Equal("epochs = 200", conflict.GetProperty("source").GetProperty("lines")[0].GetString());

        var done = await world.Reviewer.PostAsync($"{bench.Api}/1/conflicts", Wish(collides, "source"));

        Assert.Equal(1, done.GetProperty("conflicts").GetInt32());
        await bench.GitAsync("fetch", "-q", "origin");
        Assert.Equal(done.GetProperty("commit_sha").GetString(), await bench.GitAsync("rev-parse", "origin/decide"));
        Assert.Equal($"{request.HeadSha}\n{await bench.GitAsync("rev-parse", "main")}", await bench.GitAsync("rev-parse", "origin/decide^1", "origin/decide^2"));
        Assert.Equal("reviewer", await bench.GitAsync("log", "-1", "--format=%an", "origin/decide"));
        Assert.Equal(
            $"Merge branch 'main' into 'decide'\n\nChanged in both:\n- a.ipynb, merged by cells, 1 conflict decided\n\nSee merge request {bench.Project.FullPath}!1",
            await bench.GitAsync("log", "-1", "--format=%B", "origin/decide"));
        Assert.Equal(["rows = load('main')", "epochs = 200\nfit(rows)", "print('decide')"], ConflictWorld.Sources(await bench.GitAsync("show", "origin/decide:a.ipynb")));

        Assert.Equal(2, (await world.Author.GetAsync($"{bench.Api}/1/versions")).GetArrayLength());
        var page = await world.Author.Http.GetStringAsync(bench.Page(1));
        Assert.Contains("deciding a conflict in", page, StringComparison.Ordinal);
        Assert.Contains("Why 200?", await world.Author.Http.GetStringAsync(bench.Page(1, "changes")), StringComparison.Ordinal);
        Assert.False(thread.GetProperty("notes")[0].GetProperty("resolved").GetBoolean());
        Assert.Equal("mergeable", (await world.Author.GetAsync($"{bench.Api}/1")).GetProperty("detailed_merge_status").GetString());
        Assert.Equal(0, (await world.Author.GetAsync($"{bench.Api}/1/conflicts")).GetProperty("files").GetArrayLength());
        Assert.Equal("merged", (await world.Author.PutAsync($"{bench.Api}/1/merge", new { })).GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("target", "epochs = 120\nfit(rows)")]
    [InlineData("both", "epochs = 120\nepochs = 200\nfit(rows)")]
    public async Task Either_side_or_both_can_stand(string take, string expected)
    {
        var (bench, _) = await CollideAsync("take-" + take);
        await world.Author.PostAsync($"{bench.Api}/1/conflicts", Wish(await world.Author.GetAsync($"{bench.Api}/1/conflicts"), take));
        await bench.GitAsync("fetch", "-q", "origin");
        Assert.Equal(expected, ConflictWorld.Sources(await bench.GitAsync("show", $"origin/take-{take}:a.ipynb"))[1]);
    }

    [Fact]
    public async Task What_is_not_decided_strange_or_stale_changes_nothing()
    {
        var (bench, request) = await CollideAsync("refused");
        var collides = await world.Author.GetAsync($"{bench.Api}/1/conflicts");
        var address = $"{bench.Api}/1/conflicts";
        foreach (var (body, code, words) in new (object, HttpStatusCode, string)[]
        {
            (new { sha = request.HeadSha }, HttpStatusCode.UnprocessableEntity, "not decided"),
            (new { sha = request.HeadSha, decisions = new[] { new { id = "0123456789abcdef", take = "target" } } }, HttpStatusCode.Conflict, "There is no conflict"),
            (new { sha = request.HeadSha, decisions = new[] { new { id = IdOf(collides), take = "ours" } } }, HttpStatusCode.BadRequest, "take"),
            (new { decisions = new[] { new { id = IdOf(collides), take = "target" } } }, HttpStatusCode.BadRequest, "sha is missing"),
            (Wish(collides, "target", sha: new string('1', 40)), HttpStatusCode.Conflict, "moved"),
            (Wish(collides, "target", digest: new string('1', 32)), HttpStatusCode.Conflict, "moved"),
        })
        {
            using var answer = await world.Author.Http.PostAsJsonAsync(address, body);
            Assert.Contains(words, await answer.SentenceAsync(code), StringComparison.Ordinal);
        }

        using var reader = await world.Reader.Http.PostAsJsonAsync(address, Wish(collides, "target"));
        Assert.Equal(HttpStatusCode.Forbidden, reader.StatusCode);
        using var stranger = await world.Stranger.Http.PostAsJsonAsync(address, Wish(collides, "target"));
        Assert.Equal(HttpStatusCode.NotFound, stranger.StatusCode);
        foreach (var path in new[] { address, bench.Page(1, "conflicts") })
        {
            using var hidden = await world.Stranger.Http.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        }

        Assert.Equal(request.HeadSha, (await bench.RequestAsync(1)).HeadSha);
        await world.Author.PutAsync($"{bench.Api}/1", new { state_event = "close" });
        using var closed = await world.Author.Http.PostAsJsonAsync(address, Wish(collides, "target"));
        Assert.Contains("closed", await closed.SentenceAsync(HttpStatusCode.UnprocessableEntity), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_moved_elsewhere_is_taken_in_and_one_that_moved_here_is_asked_about_again()
    {
        var (bench, _) = await CollideAsync("moving");
        var seen = await world.Author.GetAsync($"{bench.Api}/1/conflicts");
        await bench.PushMainAsync(("a.ipynb", ConflictWorld.Run(60, [("load", "rows = load('main')"), ("fit", "epochs = 130\nfit(rows)"), ("end", "print(1)")])));
        using var stale = await world.Author.Http.PostAsJsonAsync($"{bench.Api}/1/conflicts", Wish(seen, "target"));
        Assert.Equal(HttpStatusCode.Conflict, stale.StatusCode);

        var fresh = await world.Author.GetAsync($"{bench.Api}/1/conflicts");
        await bench.PushMainAsync(("far.txt", "far\n"));
        await world.Author.PostAsync($"{bench.Api}/1/conflicts", Wish(fresh, "target"));
        await bench.GitAsync("fetch", "-q", "origin");
        Assert.Equal("far", await bench.GitAsync("show", "origin/moving:far.txt"));
        Assert.Equal("epochs = 130\nfit(rows)", ConflictWorld.Sources(await bench.GitAsync("show", "origin/moving:a.ipynb"))[1]);
    }

    [Fact]
    public async Task Of_ten_who_decide_at_once_exactly_one_does()
    {
        var (bench, _) = await CollideAsync("race");
        var collides = await world.Author.GetAsync($"{bench.Api}/1/conflicts");
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(number => world.Author.Http.PostAsJsonAsync($"{bench.Api}/1/conflicts", Wish(collides, number % 2 == 0 ? "target" : "source"))));
        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.All(answers.Where(answer => answer.StatusCode != HttpStatusCode.Created), answer => Assert.True(answer.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity));
        await bench.GitAsync("fetch", "-q", "origin");
        Assert.Equal("1", await bench.GitAsync("rev-list", "--count", "--merges", "origin/race"));
        Assert.Equal(2, (await world.Author.GetAsync($"{bench.Api}/1/versions")).GetArrayLength());
    }

    [Fact]
    public async Task Lines_of_a_text_file_are_decided_together_with_the_cells()
    {
        const string text = "1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7\r\n8\r\n9";
        var bench = await world.ProjectAsync(("a.ipynb", ConflictWorld.Run(1, Base)), ("a.txt", text));
        await bench.CollideAsync(
            "mixed", [("a.ipynb", Source), ("a.txt", text.Replace("2", "two", StringComparison.Ordinal).Replace("5", "mine", StringComparison.Ordinal).Replace("8\r\n9", "8\r\nnine", StringComparison.Ordinal))],
            [("a.ipynb", Target), ("a.txt", text.Replace("5", "main", StringComparison.Ordinal).Replace("8\r\n9", "8\r\nNINE", StringComparison.Ordinal))]);
        var collides = await world.Author.GetAsync($"{bench.Api}/1/conflicts");
        Assert.True(collides.GetProperty("resolvable").GetBoolean());
        var lines = collides.GetProperty("files")[1].GetProperty("conflicts");
        Assert.Equal(["text", "text"], lines.EnumerateArray().Select(conflict => conflict.GetProperty("kind").GetString()));
        Assert.Equal(("5", "main", "mine"), (LineOf(lines[0], "base"), LineOf(lines[0], "target"), LineOf(lines[0], "source")));
        await world.Author.PostAsync(
            $"{bench.Api}/1/conflicts",
            new
            {
                sha = collides.GetProperty("sha").GetString(),
                digest = collides.GetProperty("digest").GetString(),
                decisions = new[] { (IdOf(collides), "source"), (lines[0].GetProperty("id").GetString()!, "both"), (lines[1].GetProperty("id").GetString()!, "target") }.Select(pair => new { id = pair.Item1, take = pair.Item2 }),
            });
        await bench.GitAsync("fetch", "-q", "origin");
        Assert.Equal("1\r\ntwo\r\n3\r\n4\r\nmain\r\nmine\r\n6\r\n7\r\n8\r\nNINE", (await bench.TryAsync("show", "origin/mixed:a.txt")).Output.TrimEnd('\n', '\r'));
        Assert.Equal("epochs = 200\nfit(rows)", ConflictWorld.Sources(await bench.GitAsync("show", "origin/mixed:a.ipynb"))[1]);
        Assert.Equal("mergeable", (await world.Author.GetAsync($"{bench.Api}/1")).GetProperty("detailed_merge_status").GetString());
    }

    [Fact]
    public async Task What_cannot_be_decided_here_is_named_and_nothing_else_is_committed()
    {
        var bench = await world.ProjectAsync(("a.ipynb", ConflictWorld.Run(1, Base)), ("a.rst", "Title\n=======\n"), ("a.bin", "1\0"));
        await bench.CollideAsync("mixed", [("a.ipynb", Source), ("a.rst", "Mixed\n=======\n"), ("a.bin", "2\0")], [("a.ipynb", Target), ("a.rst", "Main\n=======\n"), ("a.bin", "3\0")]);
        var collides = await world.Author.GetAsync($"{bench.Api}/1/conflicts");
        Assert.False(collides.GetProperty("resolvable").GetBoolean());
        Assert.Equal(["by_hand", "undecided", "by_hand"], collides.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("state").GetString()));
        using var refused = await world.Author.Http.PostAsJsonAsync($"{bench.Api}/1/conflicts", Wish(collides, "source"));
        Assert.Contains("a.bin cannot be settled here", await refused.SentenceAsync(HttpStatusCode.UnprocessableEntity), StringComparison.Ordinal);
        Assert.Equal(1, (await world.Author.GetAsync($"{bench.Api}/1/versions")).GetArrayLength());
    }

    [Fact]
    public async Task Where_nothing_collides_there_is_nothing_to_decide()
    {
        var bench = await world.ProjectAsync();
        var request = await bench.OpenAsync("clear", ("a.txt", "a\n"));
        using var nothing = await world.Author.Http.PostAsJsonAsync($"{bench.Api}/1/conflicts", new { sha = request.HeadSha });
        Assert.Contains("Nothing collides", await nothing.SentenceAsync(HttpStatusCode.UnprocessableEntity), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_commit_leaves_a_choice_for_production_behind_as_a_push_does()
    {
        var (bench, request) = await CollideAsync("chosen");
        var candidate = await bench.CandidateAsync(request.HeadSha, "chosen", 0.9, Workbench.Onnx);
        await world.Author.PutAsync($"{bench.Api}/1/choice", new { candidate_id = candidate.Id });
        Assert.Contains("choose again after it", await world.Author.Http.GetStringAsync(bench.Page(1, "conflicts")), StringComparison.Ordinal);
        await world.Author.PostAsync($"{bench.Api}/1/conflicts", Wish(await world.Author.GetAsync($"{bench.Api}/1/conflicts"), "source"));
        Assert.False((await world.Author.GetAsync($"{bench.Api}/1")).GetProperty("choice").GetProperty("valid").GetBoolean());
    }

    private static string Source => ConflictWorld.Run(20, [("load", "rows = load()"), ("fit", "epochs = 200\nfit(rows)"), ("end", "print('decide')")]);

    private static string Target => ConflictWorld.Run(40, [("load", "rows = load('main')"), ("fit", "epochs = 120\nfit(rows)"), ("end", "print(1)")]);

    private async Task<(Workbench Bench, MergeRequest Request)> CollideAsync(string branch)
    {
        var bench = await world.ProjectAsync(("a.ipynb", ConflictWorld.Run(1, Base)));
        return (bench, await bench.CollideAsync(branch, [("a.ipynb", Source)], [("a.ipynb", Target)]));
    }

    private async Task<string> AnchorAsync(Workbench bench, string line)
    {
        var html = await world.Author.Http.GetStringAsync(bench.Page(1, "changes"));
        var at = html.IndexOf(line, StringComparison.Ordinal) is var plain && plain >= 0 ? plain : html.IndexOf("epochs = <ins>200", StringComparison.Ordinal);
        var anchor = html.LastIndexOf("data-anchor=\"", at, StringComparison.Ordinal) + "data-anchor=\"".Length;
        return html[anchor..html.IndexOf('"', anchor)];
    }

    private static string? LineOf(JsonElement conflict, string side) => conflict.GetProperty(side).GetProperty("lines")[0].GetString();

    private static string IdOf(JsonElement collides) => collides.GetProperty("files")[0].GetProperty("conflicts")[0].GetProperty("id").GetString()!;

    private static object Wish(JsonElement collides, string take, string? sha = null, string? digest = null) =>
        new
        {
            sha = sha ?? collides.GetProperty("sha").GetString(),
            digest = digest ?? collides.GetProperty("digest").GetString(),
            decisions = collides.GetProperty("files").EnumerateArray().SelectMany(file => file.GetProperty("conflicts").EnumerateArray())
                .Select(conflict => new { id = conflict.GetProperty("id").GetString(), take }),
        };
}
