using System.Net;
using System.Net.Http.Json;
using Squero.MergeRequests;
using Squero.Notebooks;
using Squero.Repositories;

namespace Squero.Tests.MergeRequests;

/// <summary>Notebooks that git cannot merge and whose cells can be.</summary>
public sealed class CellMergeTests(ReviewWorld world) : IClassFixture<ReviewWorld>
{
    private static readonly (string, string)[] Base = [("load", "rows = load()"), ("fit", "epochs = 50\nfit(rows)"), ("end", "print(1)")];
    private static readonly (string, string)[] Left = [("load", "rows = load('a')"), ("fit", "epochs = 50\nfit(rows)"), ("end", "print(1)")];
    private static readonly (string, string)[] Right = [("load", "rows = load()"), ("fit", "epochs = 50\nfit(rows, epochs)"), ("end", "print(1)")];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_ran_it_again_and_edited_other_cells_and_it_is_mergeable_and_says_so()
    {
        var bench = await world.ProjectAsync(("analysis.ipynb", ConflictWorld.Run(1, Base)), ("far.txt", "1\n"));
        var request = await bench.CollideAsync("rerun", [("analysis.ipynb", ConflictWorld.Run(20, Left))], [("analysis.ipynb", ConflictWorld.Run(40, Right)), ("far.txt", "2\n")]);
        Assert.Contains("CONFLICT", (await bench.TryAsync("merge-tree", "--write-tree", "main", "rerun")).Output, StringComparison.Ordinal);

        var shown = await world.Author.GetAsync($"{bench.Api}/1");
        Assert.Equal(("mergeable", "can_be_merged"), (shown.GetProperty("detailed_merge_status").GetString(), shown.GetProperty("merge_status").GetString()));
        Assert.False(shown.GetProperty("has_conflicts").GetBoolean());
        Assert.False((await world.Author.GetAsync(bench.Api))[0].GetProperty("has_conflicts").GetBoolean());
        Assert.Contains("Both branches changed analysis.ipynb; its cells merge without conflict", await world.Author.Http.GetStringAsync(bench.Page(1)), StringComparison.Ordinal);

        await world.Author.PutAsync($"{bench.Api}/1/merge", new { sha = request.HeadSha });
        await bench.GitAsync("fetch", "-q", "origin");
        var merged = await bench.GitAsync("show", "origin/main:analysis.ipynb");
        Assert.Equal(["rows = load('a')", "epochs = 50\nfit(rows, epochs)", "print(1)"], ConflictWorld.Sources(merged));
        Assert.Equal("2", await bench.GitAsync("show", "origin/main:far.txt"));
        Assert.Equal(request.HeadSha, await bench.GitAsync("rev-parse", "origin/main^2"));
        Assert.Empty((await bench.GitAsync("fsck", "--no-dangling")).Trim());
    }

    [Fact]
    public async Task What_nobody_touched_stays_byte_for_byte()
    {
        // A layout that no serializer would write.
        const string odd = "{\"cells\":[\n {\"cell_type\" : \"markdown\", \"id\":\"top\",  \"metadata\":{ }, \"source\":\"caf\\u00e9 \\/ \\ud83d\\ude00\"},\n"
            + " {\"id\":\"a\",\"cell_type\":\"code\",\"execution_count\":COUNT,\"metadata\":{},\"outputs\":[],\"source\":[\"A\"]},\n"
            + " {\"id\":\"b\",\"cell_type\":\"code\",\"execution_count\":COUNT,\"metadata\":{},\"outputs\":[],\"source\":[\"B\"]}\n], \"metadata\":{}, \"nbformat\":4,\"nbformat_minor\":5}";
        string With(string count, string a, string b) => odd.Replace("COUNT", count, StringComparison.Ordinal).Replace("\"A\"", $"\"{a}\"", StringComparison.Ordinal).Replace("\"B\"", $"\"{b}\"", StringComparison.Ordinal);
        var bench = await world.ProjectAsync(("odd.ipynb", With("1", "a = 1", "b = 1")));
        await bench.CollideAsync("bytes", [("odd.ipynb", With("2", "a = 2", "b = 1"))], [("odd.ipynb", With("3", "a = 1", "b = 2"))]);
        await world.Author.PutAsync($"{bench.Api}/1/merge", new { });
        await bench.GitAsync("fetch", "-q", "origin");
        var merged = await bench.GitAsync("show", "origin/main:odd.ipynb");
        Assert.StartsWith(odd[..odd.IndexOf(" {\"id\":\"a\"", StringComparison.Ordinal)], merged, StringComparison.Ordinal);
        Assert.EndsWith("], \"metadata\":{}, \"nbformat\":4,\"nbformat_minor\":5}", merged, StringComparison.Ordinal);
        Assert.Equal(["café / 😀", "a = 2", "b = 2"], ConflictWorld.Sources(merged));
    }

    [Fact]
    public async Task A_rename_on_one_side_and_a_file_that_both_added_are_merged_too()
    {
        // Unlike the other one, or git takes it for what was renamed.
        var other = Enumerable.Range(0, 40).Select(index => ($"other{index}", string.Concat(Enumerable.Range(0, 8).Select(line => $"step_{index}_{line}()\n")))).ToArray();
        var bench = await world.ProjectAsync(("old.ipynb", ConflictWorld.Run(1, Base)));
        await bench.GitAsync("switch", "-q", "-c", "moved", "main");
        await bench.GitAsync("mv", "old.ipynb", "new name.ipynb");
        await bench.CommitAsync("Move", ("new name.ipynb", ConflictWorld.Run(20, Left)), ("added.ipynb", ConflictWorld.Run(5, other)));
        await bench.GitAsync("push", "-q", "origin", "moved");
        await bench.PushMainAsync(("old.ipynb", ConflictWorld.Run(40, Right)), ("added.ipynb", ConflictWorld.Run(9, other)));
        await world.Author.PostAsync(bench.Api, new { source_branch = "moved", target_branch = "main", title = "Move" });
        Assert.Equal("mergeable", (await world.Author.GetAsync($"{bench.Api}/1")).GetProperty("detailed_merge_status").GetString());
        await world.Author.PutAsync($"{bench.Api}/1/merge", new { });
        await bench.GitAsync("fetch", "-q", "origin");
        Assert.Equal("added.ipynb\nnew name.ipynb", await bench.GitAsync("ls-tree", "--name-only", "origin/main"));
        Assert.Equal(["rows = load('a')", "epochs = 50\nfit(rows, epochs)", "print(1)"], ConflictWorld.Sources(await bench.GitAsync("show", "origin/main:new name.ipynb")));
        Assert.Equal(other.Length, ConflictWorld.Sources(await bench.GitAsync("show", "origin/main:added.ipynb")).Length);
    }

    [Fact]
    public async Task A_common_ancestor_that_is_itself_a_merge_with_conflicts_is_no_obstacle()
    {
        // Both took the other's first change in and settled it differently: git makes up an ancestor, with markers in it.
        var bench = await world.ProjectAsync(("a.ipynb", ConflictWorld.Run(1, Base)));
        var request = await bench.CollideAsync("cross", [("a.ipynb", ConflictWorld.Run(20, Left))], [("a.ipynb", ConflictWorld.Run(40, Right))]);
        await bench.GitAsync("switch", "-q", "cross");
        await bench.TryAsync("merge", "-q", "main");
        await bench.CommitAsync("Cross", ("a.ipynb", ConflictWorld.Run(50, [Left[0], Right[1], ("end", "print('cross')")])));
        await bench.GitAsync("push", "-q", "origin", "cross");
        await bench.GitAsync("switch", "-q", "main");
        await bench.TryAsync("merge", "-q", request.HeadSha);
        await bench.CommitAsync("Criss", ("a.ipynb", ConflictWorld.Run(70, [Left[0], Right[1], ("end", "print('main')")])));
        await bench.GitAsync("push", "-q", "origin", "main:criss");
        Assert.Equal(2, (await bench.GitAsync("merge-base", "--all", "main", "cross")).Split('\n').Length);
        await world.Author.PostAsync(bench.Api, new { source_branch = "cross", target_branch = "criss", title = "Criss-cross" });

        var collides = await world.Author.GetAsync($"{bench.Api}/2/conflicts");
        Assert.True(collides.GetProperty("resolvable").GetBoolean(), collides.ToString());
        var decisions = collides.GetProperty("files")[0].GetProperty("conflicts").EnumerateArray().Select(conflict => new { id = conflict.GetProperty("id").GetString(), take = "source" }).ToList();
        Assert.NotEmpty(decisions);
        await world.Author.PostAsync($"{bench.Api}/2/conflicts", new { sha = collides.GetProperty("sha").GetString(), decisions });
        await bench.GitAsync("fetch", "-q", "origin");
        Assert.Equal([Left[0].Item2, Right[1].Item2, "print('cross')"], ConflictWorld.Sources(await bench.GitAsync("show", "origin/cross:a.ipynb")));
    }

    [Fact]
    public async Task Notebooks_that_are_none_removals_and_links_stay_conflicts_with_their_words()
    {
        var bench = await world.ProjectAsync(
            ("broken.ipynb", "{\"cells\": ["), ("gone.ipynb", ConflictWorld.Run(1, Base)), ("link.ipynb", ConflictWorld.Run(1, Base)), ("good.ipynb", ConflictWorld.Run(1, Base)));
        await bench.GitAsync("switch", "-q", "-c", "shapes", "main");
        await bench.GitAsync("rm", "-q", "gone.ipynb", "link.ipynb");
        await bench.GitAsync("update-index", "--add", "--cacheinfo", $"120000,{await bench.GitAsync("rev-parse", "HEAD:good.ipynb")},link.ipynb");
        await bench.GitAsync("commit", "-q", "-m", "Shapes");
        await bench.GitAsync("checkout", "-q", "-f", "shapes");
        await bench.CommitAsync("More", ("broken.ipynb", "{\"cells\": [1"), ("good.ipynb", ConflictWorld.Run(20, Left)));
        await bench.GitAsync("push", "-q", "origin", "shapes");
        await bench.PushMainAsync(("broken.ipynb", "{\"cells\": [2"), ("gone.ipynb", ConflictWorld.Run(3, Right)), ("link.ipynb", ConflictWorld.Run(3, Right)), ("good.ipynb", ConflictWorld.Run(40, Right)));
        await world.Author.PostAsync(bench.Api, new { source_branch = "shapes", target_branch = "main", title = "Shapes" });

        var collides = await world.Author.GetAsync($"{bench.Api}/1/conflicts");
        var states = collides.GetProperty("files").EnumerateArray().ToDictionary(file => file.GetProperty("path").GetString()!, file => (file.GetProperty("state").GetString(), file.GetProperty("message").GetString()));
        Assert.Equal("merged", states["good.ipynb"].Item1);
        Assert.Equal("by_hand", states["broken.ipynb"].Item1);
        Assert.Contains("cannot be merged cell by cell", states["broken.ipynb"].Item2, StringComparison.Ordinal);
        Assert.Equal(("by_hand", "One branch changed it, the other removed it."), states["gone.ipynb"]);
        Assert.Contains(states, file => file.Key.StartsWith("link.ipynb", StringComparison.Ordinal) && file.Value.Item1 == "by_hand");
        Assert.False(collides.GetProperty("resolvable").GetBoolean());
        Assert.Equal("conflict", (await world.Author.GetAsync($"{bench.Api}/1")).GetProperty("detailed_merge_status").GetString());
        using var refused = await world.Author.Http.PutAsJsonAsync($"{bench.Api}/1/merge", new { });
        Assert.Contains("broken.ipynb", await refused.SentenceAsync(HttpStatusCode.UnprocessableEntity), StringComparison.Ordinal);
        Assert.DoesNotContain("good.ipynb", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_notebook_that_takes_long_is_waited_for_shortly_and_found_later()
    {
        var many = Enumerable.Range(0, 4000).Select(index => ($"c{index}", $"value_{index} = {index}\nprint(value_{index})")).ToArray();
        var bench = await world.ProjectAsync(("large.ipynb", ConflictWorld.Run(1, many)));
        await bench.CollideAsync(
            "large", [("large.ipynb", ConflictWorld.Run(9000, [("c0", "first"), .. many[1..]]))], [("large.ipynb", ConflictWorld.Run(20_000, [.. many[..^1], ("c3999", "last")]))]);
        using var draft = await world.Get<GitRepositories>().Open(bench.Project).DraftMergeAsync("main", "large", Cancel);
        var judge = new JudgeConflicts(new NotebookMerges(TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<NotebookMerges>.Instance), new SuspectNotebooks(), TimeProvider.System);
        var labels = new MergeLabels("main", "large");

        var first = await judge.LookAsync(draft, labels, TimeSpan.Zero, Cancel);
        Assert.Equal((ConflictState.Pending, true, false), (Assert.Single(first.Files).State, first.IsPending, first.IsClean));
        var later = await TestServer.EventuallyAsync(() => judge.LookAsync(draft, labels, TimeSpan.Zero, Cancel), look => !look.IsPending);
        Assert.True(later.IsClean);
    }

    [Fact]
    public async Task What_git_merges_without_conflict_is_merged_by_cells_when_it_would_be_no_sound_notebook()
    {
        // Each side moves one cell to the other end, far from all other changes: git's lines hold it twice.
        var cells = Enumerable.Range(0, 12).Select(index => ($"c{index}", string.Join('\n', Enumerable.Range(0, 12).Select(line => $"value_{index}_{line} = {line}")))).ToArray();
        static string Still(params (string Id, string Source)[] cells) => Workbench.Notebook(cells);
        var bench = await world.ProjectAsync(("twice.ipynb", Still(cells)));
        var request = await bench.CollideAsync(
            "twice", [("twice.ipynb", Still([cells[6], .. cells[..6], .. cells[7..]]))], [("twice.ipynb", Still([.. cells[..6], .. cells[7..9], cells[6], .. cells[9..]]))]);
        var tried = await bench.TryAsync("merge-tree", "--write-tree", "main", "twice");
        Assert.Equal(0, tried.Code);
        Assert.Equal(13, ConflictWorld.Sources(await bench.GitAsync("show", $"{tried.Output.Split('\n')[0]}:twice.ipynb")).Length);

        Assert.Contains("its cells merge without conflict", await world.Author.Http.GetStringAsync(bench.Page(1)), StringComparison.Ordinal);
        await world.Author.PutAsync($"{bench.Api}/1/merge", new { sha = request.HeadSha });
        await bench.GitAsync("fetch", "-q", "origin");
        var sources = ConflictWorld.Sources(await bench.GitAsync("show", "origin/main:twice.ipynb"));
        Assert.Equal(cells.Select(cell => cell.Item2).Order(StringComparer.Ordinal), sources.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_choice_for_production_stays_when_the_cells_merge_by_themselves()
    {
        var bench = await world.ProjectAsync(("analysis.ipynb", ConflictWorld.Run(1, Base)));
        var request = await bench.CollideAsync("chosen", [("analysis.ipynb", ConflictWorld.Run(20, Left))], [("analysis.ipynb", ConflictWorld.Run(40, Right))]);
        var candidate = await bench.CandidateAsync(request.HeadSha, "chosen", 0.9, Workbench.Onnx);
        await world.Author.PutAsync($"{bench.Api}/1/choice", new { candidate_id = candidate.Id });
        Assert.Equal("merged", (await world.Author.PutAsync($"{bench.Api}/1/merge", new { })).GetProperty("state").GetString());
        Assert.True((await world.Author.GetAsync($"{bench.Api}/1")).GetProperty("choice").GetProperty("valid").GetBoolean());
    }
}
