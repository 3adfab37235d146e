using System.Text;
using System.Text.Json;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

public sealed class CommandTests
{
    private static readonly byte[] Before = File.ReadAllBytes(TestData.Path("notebooks/rerun/before.ipynb"));
    private static readonly byte[] After = File.ReadAllBytes(TestData.Path("notebooks/rerun/after.ipynb"));

    [Fact]
    public void The_text_diff_names_every_changed_cell_once()
    {
        var text = Written(output => NotebookCommands.Diff(Before, After, DiffFormat.Text, false, output), 0);

        Assert.Equal(
            """
            @@ cell 1 markdown edited @@
            - Who leaves, and $p$.
            + Who leaves, when, and $p$.
            @@ cell 2 code edited @@
            - rows = list(csv.reader(open('churn.csv')))
            + rows = list(csv.reader(open('churn.csv', newline='')))
              output 1 changed: text/plain
            @@ cell 3 code unchanged, moved from 5 @@
            @@ cell 4 code outputs @@
              output 1 changed: image/png
            @@ cell 5 code outputs @@
              output 1 changed: text/html, text/plain
            @@ cell 6 code edited @@
            - rows['tenure']
            + rows[0]
              output 1 removed: text/plain
              output 1 added: text/plain
              1 unchanged cell
            0 added, 0 removed, 3 edited, 1 moved, 5 outputs changed; 5 execution counts and metadata of 1 cells regenerated

            """,
            text);
    }

    [Fact]
    public void Both_plots_of_a_rerun_stand_side_by_side()
    {
        var html = NotebookView.DiffHtml(NotebookDiff.Between(Notebook.Parse(Before), Notebook.Parse(After)), Made.Options());

        Assert.Contains("nb-pair", html, StringComparison.Ordinal);
        Assert.Contains("data-image-compare", html, StringComparison.Ordinal);
        Assert.True(html.Split("<img ").Length > 2);
        Assert.Contains("<td class=\"nb-differs\">0.21</td>", html, StringComparison.Ordinal);
        Assert.Contains("<td class=\"nb-differs\">0.23</td>", html, StringComparison.Ordinal);
        Assert.Contains("<ins>when, </ins>", html, StringComparison.Ordinal);
        Assert.Contains("5 execution counts", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_notebook_shows_prose_formulas_and_errors()
    {
        var html = NotebookView.NotebookHtml(Notebook.Parse(Before), Made.Options());

        Assert.Contains("<h1>Churn</h1>", html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"math\" data-math=\"inline\" data-tex=\"p\">p</span>", html, StringComparison.Ordinal);
        Assert.Contains("data-tex=\"p = \\frac{1}{1 + e^{-x}}\"", html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"ansi-red\">KeyError</span>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_fences_code_with_its_language()
    {
        var text = Written(output => NotebookCommands.Markdown(Before, false, output), 0);

        Assert.Contains("```python\nplot(rows)\n```", text, StringComparison.Ordinal);
        Assert.Contains("```output\n1200\n```", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_map_names_the_line_of_the_file_for_every_line_of_Markdown()
    {
        var raw = Encoding.UTF8.GetString(Before).Split('\n');
        var text = Written(output => NotebookCommands.Markdown(Before, false, output), 0);
        var map = Written(output => NotebookCommands.Markdown(Before, true, output), 0)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();

        Assert.Equal(text, string.Concat(map.Select(line => line.GetProperty("text").GetString() + "\n")));
        var sources = map.Where(line => line.GetProperty("part").GetString() == "source").ToList();
        Assert.NotEmpty(sources);
        Assert.All(sources, line => Assert.Contains(JsonSerializer.Serialize(line.GetProperty("text").GetString())[1..^1], raw[line.GetProperty("line").GetInt32() - 1].Replace("'", "\\u0027", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_no_notebook_ends_with_1_and_the_reason()
    {
        Assert.Contains("not a notebook", Written(output => NotebookCommands.Diff("plain text"u8.ToArray(), After, DiffFormat.Text, false, output), 1), StringComparison.Ordinal);
        Assert.Contains("not a notebook", Written(output => NotebookCommands.Markdown("plain text"u8.ToArray(), false, output), 1), StringComparison.Ordinal);
    }

    [Fact]
    public void The_benchmark_prints_one_JSON_line_a_pair()
    {
        using var output = new StringWriter();

        Assert.Equal(0, NotebookCommands.Bench([new NotebookPair("rerun", Before, After), new NotebookPair("broken", [1, 2], After)], TimeProvider.System, Peak, output));

        long Peak(Action act)
        {
            act();
            return 4_711;
        }

        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.All(lines, line => Assert.Equal(4_711, line.GetProperty("peak_bytes").GetInt64()));
        Assert.Equal(["ok", "fallback"], lines.Select(line => line.GetProperty("result").GetString()));
    }

    private static string Written(Func<Stream, int> command, int exitCode)
    {
        using var output = new MemoryStream();
        Assert.Equal(exitCode, command(output));
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
