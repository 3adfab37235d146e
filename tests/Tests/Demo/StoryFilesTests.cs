using System.Text.Json.Nodes;

namespace Squero.Tests.Demo;

public sealed class StoryFilesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void The_change_only_changes_files_that_main_has()
    {
        Assert.Equal(
            [".squero-ci.yml", "README.md", "analysis.ipynb", "features.py", "onnx_writer.py", "test_churn.py"],
            StoryFolder.PathsOf("change"));
        Assert.Subset(StoryFolder.PathsOf("main").ToHashSet(), StoryFolder.PathsOf("change").ToHashSet());
    }

    [Fact]
    public async Task The_check_job_passes_on_main_and_on_the_branch()
    {
        foreach (var side in new[] { StoryFolder.OfMain, (Func<StoryFolder>)StoryFolder.OfBranch })
        {
            using var story = side();
            var sources = Directory.GetFiles(story.Root, "*.py").Append("tools/make_data.py");
            (await story.Python(Cancel, ["-m", "py_compile", .. sources])).ShouldSucceed();
            (await story.Python(Cancel, "-m", "unittest")).ShouldSucceed();
        }
    }

    [Fact]
    public void The_branch_moves_a_cell_edits_one_adds_one_and_draws_one_again()
    {
        using var main = StoryFolder.OfMain();
        using var branch = StoryFolder.OfBranch();
        var (before, after) = (CellsOf(main), CellsOf(branch));

        Assert.Equal(
            ["intro", "imports", "customers", "load", "calls-by-contract", "tenure", "model", "fit", "roc", "formula", "typo", "conclusions"],
            before.Select(IdOf));
        Assert.Equal(
            ["intro", "imports", "customers", "load", "tenure", "model", "calls-by-contract", "why-products", "fit", "roc", "formula", "typo", "conclusions"],
            after.Select(IdOf));
        Assert.Equal(["fit"], Differing(before, after, cell => cell["source"]!));
        Assert.Equal(["fit", "roc", "formula"], Differing(before, after, cell => cell["execution_count"]));
        Assert.Equal(["roc"], Differing(before, after, cell => cell["outputs"]?[0]?["data"]?["image/png"]));
    }

    [Fact]
    public void The_notebooks_show_every_kind_of_output()
    {
        using var story = StoryFolder.OfMain();
        var outputs = CellsOf(story).SelectMany(cell => cell["outputs"]?.AsArray() ?? []).ToList();
        var kinds = outputs.SelectMany(output => output!["data"]?.AsObject().Select(part => part.Key) ?? []).ToHashSet();
        Assert.Superset(new HashSet<string> { "image/png", "text/html", "text/latex", "text/plain" }, kinds);

        var error = outputs.Single(output => (string)output!["output_type"]! == "error")!;
        Assert.Equal("KeyError", (string)error["ename"]!);
        Assert.Contains("\u001b[0;31m", (string)error["traceback"]![0]!, StringComparison.Ordinal);
        Assert.True(new FileInfo(story.Path("analysis.ipynb")).Length < 250_000);
    }

    private static List<JsonNode> CellsOf(StoryFolder story) =>
        [.. JsonNode.Parse(story.Read("analysis.ipynb"))!["cells"]!.AsArray().Select(cell => cell!)];

    private static string IdOf(JsonNode cell) => (string)cell["id"]!;

    /// <summary>The cells of both sides whose <paramref name="part"/> is not the same.</summary>
    private static IEnumerable<string> Differing(
        List<JsonNode> before, List<JsonNode> after, Func<JsonNode, JsonNode?> part) =>
        from old in before
        join cell in after on IdOf(old) equals IdOf(cell)
        where !JsonNode.DeepEquals(part(old), part(cell))
        select IdOf(old);
}
