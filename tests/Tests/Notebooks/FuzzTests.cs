using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

public sealed class FuzzTests
{
    private static readonly byte[] Sample = Made.Bytes(
        Made.Prose("# Title\n\n$x^2$ and [a link](https://example.org) ![pasted](attachment:a.png)"),
        Made.Code("import x\nprint(1)", "aa", Made.Printed("1\n"), Made.Shown("text/html", "<table><tr><td>1</td></tr></table>"), Made.Shown("image/png", "aGVsbG8=")));

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", "\"", "\\", ":", ",", "\"cells\"", "\"source\"", "\"outputs\"", "\"data\"", "\"image/png\"", "1", "null", "\n", "\"cell_type\":\"code\"", "\"text/html\":\"<p\"", "\\u12",
    ];

    [Fact]
    public void Random_bytes_never_throw() => Gen.Byte.Array[0, 400].Sample(Survives);

    [Fact]
    public void Random_text_of_JSON_pieces_never_throws() =>
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 60].Sample(pieces => Survives(Encoding.UTF8.GetBytes("{\"nbformat\":4,\"cells\":[" + string.Concat(pieces))));

    [Fact]
    public void A_notebook_cut_anywhere_never_throws()
    {
        for (var length = 0; length <= Sample.Length; length++)
        {
            Survives(Sample.AsSpan(0, length).ToArray());
        }
    }

    [Fact]
    public void A_notebook_with_a_byte_changed_never_throws() => Gen.Select(Gen.Int[0, Sample.Length - 1], Gen.Byte).Sample((at, value) =>
    {
        var changed = Sample.ToArray();
        changed[at] = value;
        Survives(changed);
    });

    [Fact]
    public void Depth_costs_nothing()
    {
        var deep = new string('[', 200_000) + new string(']', 200_000);
        Survives(Encoding.UTF8.GetBytes(deep));
        Survives(Encoding.UTF8.GetBytes("{\"nbformat\":4,\"metadata\":" + deep + ",\"cells\":[{\"cell_type\":\"code\",\"source\":" + deep + ",\"outputs\":[{\"output_type\":\"display_data\",\"data\":{\"application/json\":" + deep + "}}]}]}"));
        Survives(Encoding.UTF8.GetBytes("{\"cells\":" + string.Concat(Enumerable.Repeat("{\"a\":", 100_000))));
        var quotes = new string('>', 5_000) + " deep " + string.Concat(Enumerable.Repeat("[a](", 3_000)) + new string('*', 4_000);
        Survives(Made.Bytes(Made.Prose(quotes), Made.Code("x", null, Made.Shown("text/html", string.Concat(Enumerable.Repeat("<div><table><td>", 20_000))))));
    }

    [Fact]
    public void Thousands_of_cells_and_lines_end_soon()
    {
        var before = Made.Notebook([.. Enumerable.Range(0, 1_000).Select(i => Made.Code($"value_{i} = load({i})\nprint(value_{i})"))]);
        var after = Made.Notebook([.. Enumerable.Range(0, 1_000).Select(i => Made.Code($"value_{i} = load({i * 7 % 1_000}, again)\nshow(value_{i})")).Reverse()]);
        Assert.Equal(1_000, Made.Diff(before, after).Cells.Count(cell => cell.After is not null));

        var old = Made.Notebook(Made.Code(string.Join('\n', Enumerable.Range(0, 20_000).Select(i => $"line {i % 97}")), "aa"));
        var now = Made.Notebook(Made.Code(string.Join('\n', Enumerable.Range(0, 20_000).Select(i => $"line {i % 89}")), "aa"));
        Assert.Equal(CellChange.Edited, Made.Diff(old, now).Cells[0].Change);
    }

    [Fact]
    public void The_shared_corpus_has_no_failure()
    {
        foreach (var folder in TestData.Shared("notebooks/pairs") is { } pairs ? Directory.GetDirectories(pairs) : [])
        {
            var before = Notebook.Parse(File.ReadAllBytes(Path.Combine(folder, "before.ipynb")));
            var after = Notebook.Parse(File.ReadAllBytes(Path.Combine(folder, "after.ipynb")));
            Everything(NotebookDiff.Between(before, after));
            Everything(NotebookDiff.Between(before, after, new DiffOptions { IgnoreIds = true }));
        }
    }

    private static void Survives(byte[] bytes)
    {
        var broken = Notebook.Parse(bytes);
        var whole = Notebook.Parse(Sample);
        Everything(NotebookDiff.Between(broken, whole));
        Everything(NotebookDiff.Between(whole, broken));
        Assert.NotNull(NotebookView.NotebookHtml(broken, Made.Options()));
        Assert.NotNull(NotebookMarkdown.Write(broken));
        Assert.True(broken.State is NotebookState.Ok or NotebookState.Upgraded || broken.State == NotebookState.Repaired || broken.Reason is not null);
    }

    private static void Everything(NotebookDiff diff)
    {
        var json = new ArrayBufferWriter<byte>();
        diff.WriteJson(json);
        using var parsed = JsonDocument.Parse(json.WrittenMemory);
        Assert.Equal(diff.Cells.Count, parsed.RootElement.GetProperty("cells").GetArrayLength());
        Assert.NotEmpty(NotebookView.DiffHtml(diff, Made.Options(_ => null)));
    }
}
