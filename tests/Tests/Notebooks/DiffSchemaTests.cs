using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsCheck;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

/// <summary>What docs/api/notebook-diff.md promises to programs: members, their kinds and words, and lines of the .ipynb.</summary>
public sealed class DiffSchemaTests
{
    private static readonly Gen<(DraftNotebook Before, DraftNotebook After)> AnyHistory = Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[1, 8], Gen.Int[1, 4]).Select((seed, cells, changes) =>
    {
        var edits = new DraftEdits(new Random(seed), new DraftIdentities(new Random(seed)));
        var first = edits.Begin(cells);
        return (first, Enumerable.Range(0, changes).Aggregate(first, (draft, _) => edits.Change(draft)));
    });

    [Fact]
    public void Every_diff_has_the_documented_members() => AnyHistory.Sample(history => CheckDiff(history.Before.ToBytes(), history.After.ToBytes()), iter: 200);

    [Fact]
    public void Diffs_of_what_is_no_notebook_have_them_too()
    {
        foreach (var odd in (string[])["", "{", "[1]", "{\"cells\":3}", "{\"nbformat\":2,\"worksheets\":[{\"cells\":[{\"cell_type\":\"code\",\"input\":\"x\"}]}]}", "<<<<<<< a\n{}\n=======\n{}\n>>>>>>> b\n"])
        {
            CheckDiff(Encoding.UTF8.GetBytes(odd), Made.Bytes(Made.Code("x", "aa")));
            CheckDiff(Made.Bytes(Made.Code("x", "aa")), Encoding.UTF8.GetBytes(odd));
        }
    }

    [Fact]
    public void Every_pair_of_the_shared_corpus_has_them()
    {
        foreach (var folder in TestData.Shared("notebooks/pairs") is { } pairs ? Directory.GetDirectories(pairs) : [])
        {
            CheckDiff(File.ReadAllBytes(Path.Combine(folder, "before.ipynb")), File.ReadAllBytes(Path.Combine(folder, "after.ipynb")));
        }
    }

    [Fact]
    public void A_line_of_Markdown_names_the_line_of_the_file_that_holds_it() => AnyHistory.Sample(
        history =>
        {
            var file = history.After.ToBytes();
            var raw = Encoding.UTF8.GetString(file).Split('\n');
            using var map = new MemoryStream();
            Assert.Equal(0, NotebookCommands.Markdown(file, true, map));
            foreach (var row in Encoding.UTF8.GetString(map.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                using var line = JsonDocument.Parse(row);
                var (text, part, cell) = (line.RootElement.GetProperty("text").GetString()!, line.RootElement.GetProperty("part").GetString(), line.RootElement.GetProperty("cell").GetInt32());
                Assert.InRange(cell, 0, history.After.Cells.Count - 1);
                Assert.Equal(part is "source" or "output", line.RootElement.TryGetProperty("line", out var number));

                // Pieces of one stream may meet within a line; such a line stands where its first piece does.
                var isWhole = part == "source" || part == "output" && history.After.Cells[cell].Outputs.Count == 1;
                if (isWhole && !text.StartsWith("*(picture", StringComparison.Ordinal))
                {
                    var there = raw[number.GetInt32() - 1];
                    Assert.True(
                        there.Contains(JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(), StringComparison.Ordinal)
                        || there.Contains(JsonEncodedText.Encode(text).ToString(), StringComparison.Ordinal),
                        $"line {number} is {there}, not {text}");
                }
            }
        },
        iter: 200);

    private static void CheckDiff(byte[] before, byte[] after)
    {
        var diff = NotebookDiff.Between(Notebook.Parse(before), Notebook.Parse(after));
        var written = new ArrayBufferWriter<byte>();
        diff.WriteJson(written);
        using var document = JsonDocument.Parse(written.WrittenMemory);
        var json = document.RootElement;
        Assert.Equal(1, json.GetProperty("version").GetInt32());
        Assert.Equal(diff.Before.Cells.Count, Side(json.GetProperty("before")));
        Assert.Equal(diff.After.Cells.Count, Side(json.GetProperty("after")));
        var cells = json.GetProperty("cells").EnumerateArray().ToList();
        cells.ForEach(CheckCell);
        Assert.Equal(Enumerable.Range(0, diff.After.Cells.Count), Indexes(cells, "after"));
        Assert.Equal(Enumerable.Range(0, diff.Before.Cells.Count), Indexes(cells, "before").Order());
        CheckCounts(json, cells);
    }

    private static int Side(JsonElement side)
    {
        Assert.Contains(side.GetProperty("state").GetString(), new[] { "ok", "upgraded", "repaired", "unreadable" });
        return side.GetProperty("cells").GetInt32();
    }

    private static List<int> Indexes(List<JsonElement> cells, string side) =>
        cells.ConvertAll(cell => cell.GetProperty(side)).FindAll(index => index.ValueKind != JsonValueKind.Null).ConvertAll(index => index.GetInt32());

    private static void CheckCell(JsonElement cell)
    {
        var change = cell.GetProperty("change").GetString();
        Assert.Contains(change, new[] { "unchanged", "edited", "outputs", "metadata", "added", "removed" });
        Assert.Equal(change == "added", cell.GetProperty("before").ValueKind == JsonValueKind.Null);
        Assert.Equal(change == "removed", cell.GetProperty("after").ValueKind == JsonValueKind.Null);
        Assert.Contains(cell.GetProperty("moved").ValueKind, new[] { JsonValueKind.True, JsonValueKind.False });
        foreach (var hunk in cell.GetProperty("source").EnumerateArray())
        {
            Assert.True(hunk.GetProperty("before").GetInt32() > 0 && hunk.GetProperty("after").GetInt32() > 0);
            Assert.True(hunk.GetProperty("removed").GetArrayLength() + hunk.GetProperty("added").GetArrayLength() > 0);
        }

        foreach (var output in cell.GetProperty("outputs").EnumerateArray())
        {
            Assert.Contains(output.GetProperty("change").GetString(), new[] { "changed", "added", "removed" });
            Assert.Contains(output.GetProperty("kind").GetString(), new[] { "stream", "display", "result", "error", "unknown" });
        }
    }

    [Fact]
    public void A_line_that_nobody_reads_is_cut_and_says_how_long_it_is()
    {
        var (before, after) = (WithSource("x = 1"), WithSource(new string('x', 180_000_000)));
        using var written = new MemoryStream();
        NotebookCommands.Diff(before, after, DiffFormat.Json, false, written);
        using var json = JsonDocument.Parse(written.ToArray());

        var line = json.RootElement.GetProperty("cells")[0].GetProperty("source")[0].GetProperty("added")[0].GetString();
        Assert.EndsWith("x… (180000000 characters in all)", line, StringComparison.Ordinal);
        Assert.InRange(line!.Length, 1_000_000, 1_000_100);

        static byte[] WithSource(string source) => Encoding.UTF8.GetBytes($$"""{"cells":[{"cell_type":"code","metadata":{},"outputs":[],"source":"{{source}}"}],"metadata":{},"nbformat":4}""");
    }

    private static void CheckCounts(JsonElement json, List<JsonElement> cells)
    {
        var counts = json.GetProperty("counts");
        foreach (var change in (string[])["added", "removed", "edited"])
        {
            Assert.Equal(cells.Count(cell => cell.GetProperty("change").GetString() == change), counts.GetProperty(change).GetInt32());
        }

        Assert.Equal(cells.Count(cell => cell.GetProperty("moved").GetBoolean()), counts.GetProperty("moved").GetInt32());
        Assert.Equal(cells.Sum(cell => cell.GetProperty("outputs").GetArrayLength()), counts.GetProperty("outputs").GetInt32());
        Assert.True(counts.GetProperty("noise").GetProperty("execution_count").GetInt32() >= 0 && counts.GetProperty("noise").GetProperty("metadata").GetInt32() >= 0);
        Assert.True(json.GetProperty("lines").GetProperty("added").GetInt32() >= 0 && json.GetProperty("lines").GetProperty("removed").GetInt32() >= 0);
        Assert.Equal(2, json.GetProperty("patch").GetProperty("version").GetInt32());
    }
}
