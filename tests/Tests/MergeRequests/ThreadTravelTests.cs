using System.Net.Http.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Squero.Tests.MergeRequests;

/// <summary>Threads on cells of notebooks that change places, lend their content, or come apart.</summary>
public sealed class ThreadTravelTests(ReviewWorld world) : IClassFixture<ReviewWorld>
{
    private static readonly (string, string)[] Sales = [("s1", "sales = load('sales')"), ("s2", "total = sales.sum()\nmean = sales.mean()\nprint(total)\nprint(mean)"), ("s3", "plot(sales)")];
    private static readonly (string, string)[] Costs = [("k1", "costs = load('costs')"), ("k2", "spent = costs.sum()\nprint(spent)"), ("k3", "plot(costs)")];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_thread_goes_with_its_notebook_when_two_change_places(bool isEditedToo)
    {
        var bench = await TwoAsync("swap" + isEditedToo);
        await StartAsync(bench, "a.ipynb", "total = sales.sum()", "Which total?");
        var sales = isEditedToo ? [.. Touched(Sales), ("s4", "done()")] : Touched(Sales);
        await PushAsync(bench, ("a.ipynb", Workbench.Notebook(Touched(Costs))), ("b.ipynb", Workbench.Notebook(sales)));

        var thread = await ThreadAsync(bench);
        Assert.Equal("b.ipynb", FileOf(thread));
        Assert.Contains("total = sales.sum()", CellOf(thread)!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("outdated", thread.TextContent, StringComparison.Ordinal);

        await PushAsync(bench, ("a.ipynb", Workbench.Notebook(Touched(Sales))), ("b.ipynb", Workbench.Notebook(Touched(Costs))));
        Assert.Equal("a.ipynb", FileOf(await ThreadAsync(bench)));
    }

    [Fact]
    public async Task A_thread_stays_with_the_name_when_its_content_is_copied_over_another_notebook()
    {
        var bench = await TwoAsync("copy");
        await StartAsync(bench, "a.ipynb", "total = sales.sum()", "Which total?");
        var edited = Touched(Sales);
        edited[2] = ("s3", "plot(sales, colour)");
        await PushAsync(bench, ("a.ipynb", Workbench.Notebook(edited)), ("b.ipynb", Workbench.Notebook(Touched(Sales))));

        var thread = await ThreadAsync(bench);
        Assert.Equal("a.ipynb", FileOf(thread));
        Assert.DoesNotContain("outdated", thread.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Threads_on_a_cell_that_is_split_stand_with_their_lines()
    {
        var bench = await TwoAsync("split");
        await StartAsync(bench, "a.ipynb", "total = sales.sum()", "Above");
        await StartAsync(bench, "a.ipynb", "print(mean)", "Below");
        await PushAsync(bench, ("a.ipynb", Workbench.Notebook(("s1", "sales = load('sales') # again"), ("s2", "total = sales.sum()\nmean = sales.mean()"), ("n", "print(total)\nprint(mean)"), ("s3", "plot(sales)"))));

        var (above, below) = (await ThreadAsync(bench, "Above"), await ThreadAsync(bench, "Below"));
        Assert.EndsWith("-n1", CellOf(above)!.Id, StringComparison.Ordinal);
        Assert.EndsWith("-n2", CellOf(below)!.Id, StringComparison.Ordinal);
        Assert.DoesNotContain("outdated", above.TextContent + below.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forced_push_under_a_new_name_that_swaps_and_splits_loses_nothing()
    {
        var bench = await TwoAsync("all");
        await StartAsync(bench, "a.ipynb", "print(mean)", "Line");
        await StartAsync(bench, "b.ipynb", "print(spent)", "Other");
        await bench.GitAsync("reset", "-q", "--hard", "main");
        await bench.GitAsync("mv", "a.ipynb", "c.ipynb");
        await bench.CommitAsync("All at once", ("c.ipynb", Workbench.Notebook(Touched(Costs))), ("b.ipynb", Workbench.Notebook(Touched(Sales))));
        await bench.GitAsync("push", "-q", "--force", "origin", "all");

        Assert.Equal("b.ipynb", FileOf(await ThreadAsync(bench, "Line")));
        Assert.Equal("c.ipynb", FileOf(await ThreadAsync(bench, "Other")));
        foreach (var version in new[] { 1, 2 })
        {
            var page = await world.Author.Http.GetStringAsync(bench.Page(1, $"changes?version={version}"));
            Assert.Contains("Line</p>", page, StringComparison.Ordinal);
            Assert.Contains("Other</p>", page, StringComparison.Ordinal);
        }
    }

    /// <summary>The first cell says something else, so that each notebook is part of the change.</summary>
    private static (string, string)[] Touched((string Id, string Source)[] cells) => [(cells[0].Id, cells[0].Source + " # again"), .. cells[1..]];

    private async Task<Workbench> TwoAsync(string branch)
    {
        var bench = await world.ProjectAsync(("a.ipynb", Workbench.Notebook(Sales)), ("b.ipynb", Workbench.Notebook(Costs)));
        await bench.OpenAsync(branch, ("a.ipynb", Workbench.Notebook(Touched(Sales))), ("b.ipynb", Workbench.Notebook(Touched(Costs))));
        return bench;
    }

    private static async Task PushAsync(Workbench bench, params (string Path, string Text)[] files)
    {
        await bench.CommitAsync("Go on", files);
        await bench.GitAsync("push", "-q", "origin", "HEAD");
    }

    private async Task StartAsync(Workbench bench, string path, string line, string body)
    {
        var raw = Array.FindIndex((await world.Author.Http.GetStringAsync(bench.Project.Area($"raw/{await BranchAsync(bench)}/{path}"))).Split('\n'), one => one.Contains(line, StringComparison.Ordinal)) + 1;
        using var answer = await world.Reviewer.Http.PostAsJsonAsync(
            $"{bench.Api}/1/discussions", new { body, position = new { position_type = "text", old_path = path, new_path = path, new_line = raw } });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<string> BranchAsync(Workbench bench) => (await bench.GitAsync("branch", "--show-current")).Trim();

    private async Task<IElement> ThreadAsync(Workbench bench, string words = "Which total?")
    {
        var page = new HtmlParser().ParseDocument(await world.Author.Http.GetStringAsync(bench.Page(1, "changes")));
        return page.QuerySelectorAll("[data-thread]").Single(thread => thread.TextContent.Contains(words, StringComparison.Ordinal));
    }

    private static string FileOf(IElement thread) => thread.Closest(".request__file")!.QuerySelector(".diff-file__head")!.TextContent is var head && head.Contains("b.ipynb", StringComparison.Ordinal)
        ? "b.ipynb"
        : head.Contains("c.ipynb", StringComparison.Ordinal) ? "c.ipynb" : "a.ipynb";

    private static IElement? CellOf(IElement thread) => thread.Closest("[data-cell]");
}
