using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

public sealed class PatchTests
{
    private static readonly string Picture = Convert.ToBase64String(Enumerable.Range(0, 60_000).Select(i => (byte)(i * i % 251)).ToArray());

    private static readonly JsonObject[] Cells =
    [
        Made.Prose("# Title\nwith \"quotes\" and \\ and ü", "aa"),
        Made.Code("import x\nx.load()", "bb", Made.Printed("1\n2\n")),
        Made.Code("plot()", "cc", Made.Shown("image/png", Picture)),
        Made.Code("x.head()", "dd", Made.Shown("text/html", "<table></table>", 3)),
        Made.Code("", "ee"),
    ];

    private static readonly Gen<byte[]> AnyNotebook = Gen.Select(Gen.Int[0, Cells.Length - 1].Array[0, 7], Gen.Int[0, 9], Gen.Int[0, 3]).Select((chosen, salt, layout) =>
        Written([.. chosen.Select((which, at) => Salted(which, salt == at ? salt : 0))], layout));

    [Fact]
    public void A_patch_rebuilds_the_new_file_byte_for_byte() => Gen.Select(AnyNotebook, AnyNotebook).Sample((before, after) => Rebuilds(before, after), iter: 300);

    [Fact]
    public void A_patch_rebuilds_what_is_no_notebook_too() => Gen.Select(Gen.Byte.Array[0, 300], AnyNotebook).Sample(
        (bytes, notebook) =>
        {
            Rebuilds(bytes, notebook);
            Rebuilds(notebook, bytes);
            Rebuilds(notebook, [.. notebook.AsSpan(0, notebook.Length / 2), .. bytes]);
        },
        iter: 200);

    [Fact]
    public void A_moved_cell_with_a_large_output_is_a_copy()
    {
        var after = Written([Cells[2], Cells[0], Cells[1]], 0);

        Assert.InRange(Patch(Written([Cells[0], Cells[1], Cells[2]], 0), after).Length, 0, 600);
    }

    [Fact]
    public void A_file_laid_out_anew_costs_no_more_than_a_file_without_a_change()
    {
        var before = Written([.. Cells, .. Cells], 0);

        Assert.All([0, 1, 2, 3], layout => Assert.InRange(Patch(before, Written([.. Cells, .. Cells], layout)).Length, 0, 1_024));
    }

    [Theory]
    [InlineData("whole")]
    [InlineData("single")]
    public void Texts_in_another_form_cost_no_more_than_another_layout(string form)
    {
        var cells = Enumerable.Range(0, 60).Select(i => Made.Code($"first_{i} = {i}\nprint(first_{i})\n# end", null, Made.Printed($"{i}\nlines\n"))).ToArray();
        var before = Written(cells, 0);
        var after = Written([.. cells.Select(cell => Formed(cell, form))], 0);

        Assert.InRange(Patch(before, after).Length, 0, 1_024);
        Assert.InRange(Patch(after, before).Length, 0, 1_024);
        Rebuilds(before, after);
        Rebuilds(after, before);
    }

    [Fact]
    public void Letters_as_escapes_or_plain_cost_no_more_than_another_layout()
    {
        var cells = Enumerable.Range(0, 60).Select(i => Made.Code($"größe_{i} = '日本 😀' + '\\u00e9 \\\\ü'", null, Made.Printed($"{i} ✓\n"))).ToArray();
        var relaxed = new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        var plain = JsonNode.Parse(Written(cells, 0))!.ToJsonString(relaxed).Replace("\\uD83D\\uDE00", "😀", StringComparison.Ordinal).Replace("'日本", "'\\ud83d日本", StringComparison.Ordinal);
        var escaped = string.Concat(plain.Select(c => c > '~' ? $"\\u{(int)c:x4}" : c.ToString()));

        Assert.Contains("größe_7 = '\\ud83d日本 😀'", plain, StringComparison.Ordinal);
        foreach (var (before, after) in new[] { (plain, escaped), (escaped, plain), ("\uFEFF" + plain, escaped), (escaped, plain.Replace("größe_7 ", "länge ", StringComparison.Ordinal)) })
        {
            Rebuilds(Encoding.UTF8.GetBytes(before), Encoding.UTF8.GetBytes(after));
            Assert.InRange(Patch(Encoding.UTF8.GetBytes(before), Encoding.UTF8.GetBytes(after)).Length, 0, 1_024);
        }
    }

    [Fact]
    public void Many_small_changes_are_packed_together()
    {
        var cells = Enumerable.Range(0, 800).Select(i => Made.Code($"a_long_enough_name_{i * 7919} = another_name({i})\nprint(a_long_enough_name_{i})")).ToArray();
        var after = cells.Select((cell, i) => Made.Code($"a_long_enough_name_{i * 7919} = another_name({i + 1})\nprint(a_long_enough_name_{i}, 1)")).ToArray();
        var patch = Patch(Written(cells, 0), Written(after, 0));

        Assert.Contains("\"packed\":", Encoding.UTF8.GetString(patch), StringComparison.Ordinal);
        Assert.InRange(patch.Length, 0, 12_000);
        Rebuilds(Written(cells, 0), Written(after, 0));
    }

    [Fact]
    public void An_output_that_went_to_another_cell_is_a_copy()
    {
        var before = Written([Made.Code("one()", null, Made.Shown("image/png", Picture)), Made.Code("two()")], 0);
        var after = Written([Made.Code("one()"), Made.Code("two()", null, Made.Shown("image/png", Picture))], 0);

        Assert.InRange(Patch(before, after).Length, 0, 1_500);
    }

    [Fact]
    public void A_patch_of_new_text_is_hardly_larger_than_the_text()
    {
        var cells = Enumerable.Range(0, 200).Select(i => Made.Code($"value_{i} = \"{i}\"\nprint(\"{i}\")")).ToArray();
        var after = Written(cells, 0);

        Assert.InRange(Patch(Written([], 0), after).Length, 0, (after.Length * 6 / 5) + 4_096);
    }

    [Fact]
    public void The_whole_JSON_diff_applies_like_the_patch()
    {
        var (before, after) = (Written([Cells[0]], 0), Written([Cells[1], Cells[0]], 1));
        using var json = new MemoryStream();
        NotebookCommands.Diff(before, after, DiffFormat.Json, false, json);
        using var output = new MemoryStream();

        Assert.Equal(0, NotebookCommands.Apply(before, json.ToArray(), output, TextWriter.Null));
        Assert.Equal(after, output.ToArray());
    }

    [Fact]
    public void Another_notebook_than_the_one_it_was_made_from_is_refused()
    {
        var before = Written([Cells[0], Cells[1]], 0);
        var patch = Patch(before, Written([Cells[1]], 0));
        before[40] ^= 1;
        using var errors = new StringWriter();

        Assert.Equal(1, NotebookCommands.Apply(before, patch, Stream.Null, errors));
        Assert.Contains("not the one that the diff was made from", errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"version":2}""", "holds no patch")]
    [InlineData("""{"version":9,"ops":[]}""", "version 9")]
    [InlineData("""{"version":2,"ops":[]}""", "lacks \"before\"")]
    [InlineData("""[1,2""", "no JSON")]
    [InlineData("""{"ops":[{}],"version":2,"before":{"bytes":0,"xxh128":"99aa06d3014798d86001c324468d497f"},"after":{"bytes":9}}""", "lacks \"bytes\"")]
    [InlineData("""{"ops":[5],"version":2,"before":{"bytes":0,"xxh128":"99aa06d3014798d86001c324468d497f"},"after":{"bytes":5}}""", "beyond the end")]
    [InlineData("""{"ops":[2147483647,2147483647],"version":2,"before":{"bytes":0,"xxh128":"99aa06d3014798d86001c324468d497f"},"after":{"bytes":5}}""", "do not add up")]
    [InlineData("""{"packed":{"bytes":99999999,"deflate":"AAAA"},"version":2,"before":{"bytes":0,"xxh128":"99aa06d3014798d86001c324468d497f"},"after":{"bytes":5}}""", "too long")]
    [InlineData("""{"packed":{"bytes":2,"deflate":"q64FAA=="},"version":2,"before":{"bytes":0,"xxh128":"99aa06d3014798d86001c324468d497f"},"after":{"bytes":5}}""", "parts are no list")]
    [InlineData("""{"packed":{"bytes":5,"deflate":"AAAA"},"version":2,"before":{"bytes":0,"xxh128":"99aa06d3014798d86001c324468d497f"},"after":{"bytes":5}}""", "cannot be unpacked")]
    [InlineData("""{"ops":[{"bytes":5,"base64":"AAAA"}],"version":2,"before":{"bytes":0,"xxh128":"99aa06d3014798d86001c324468d497f"},"after":{"bytes":5}}""", "not what it says")]
    [InlineData("""{"ops":[{"bytes":5,"base64":7}],"version":2,"before":{"bytes":0,"xxh128":"99aa06d3014798d86001c324468d497f"},"after":{"bytes":5}}""", "not what it says")]
    public void A_damaged_diff_is_refused_with_a_sentence(string diff, string sentence)
    {
        using var errors = new StringWriter();

        Assert.Equal(1, NotebookCommands.Apply(default, Encoding.UTF8.GetBytes(diff), Stream.Null, errors));
        Assert.Contains(sentence, errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_patch_with_a_byte_changed_makes_the_same_file_or_none()
    {
        var (before, after) = (Written(Cells, 0), Written([Cells[1], Cells[3], Salted(0, 7)], 1));
        var patch = Patch(before, after);
        Gen.Select(Gen.Int[0, patch.Length - 1], Gen.Byte).Sample(
            (at, value) =>
            {
                var changed = patch.ToArray();
                changed[at] = value;
                var outcome = PatchApply.Apply(before, changed);
                Assert.True(outcome.After is null ? outcome.Reason!.EndsWith('.') : outcome.After.AsSpan().SequenceEqual(after));
            },
            iter: 2_000);
    }

    [Fact]
    public void The_shared_corpus_is_rebuilt_in_both_directions()
    {
        foreach (var folder in TestData.Shared("notebooks/pairs") is { } pairs ? Directory.GetDirectories(pairs) : [])
        {
            var before = File.ReadAllBytes(Path.Combine(folder, "before.ipynb"));
            var after = File.ReadAllBytes(Path.Combine(folder, "after.ipynb"));
            Rebuilds(before, after);
            Rebuilds(after, before);
        }
    }

    private static void Rebuilds(byte[] before, byte[] after)
    {
        var outcome = PatchApply.Apply(before, Patch(before, after));
        Assert.Null(outcome.Reason);
        Assert.Equal(after, outcome.After);
    }

    private static byte[] Patch(byte[] before, byte[] after)
    {
        var patch = new ArrayBufferWriter<byte>();
        NotebookDiff.Between(Notebook.Parse(before), Notebook.Parse(after)).WritePatch(patch);
        return patch.WrittenSpan.ToArray();
    }

    private static JsonObject Salted(int which, int salt)
    {
        var cell = Cells[which].DeepClone().AsObject();
        if (salt > 0)
        {
            cell["source"] = $"changed {salt}\n" + string.Concat(cell["source"]!.AsArray().Select(line => line!.GetValue<string>()));
        }

        return cell;
    }

    /// <summary>The same cell with its texts as strings, or each as a list of one.</summary>
    private static JsonObject Formed(JsonObject cell, string form)
    {
        JsonNode Form(JsonNode lines) => string.Concat(lines.AsArray().Select(line => line!.GetValue<string>())) is var text && form == "whole" ? text : new JsonArray(text);
        var formed = cell.DeepClone().AsObject();
        formed["source"] = Form(formed["source"]!);
        foreach (var output in formed["outputs"]!.AsArray())
        {
            output!["text"] = Form(output["text"]!);
        }

        return formed;
    }

    /// <summary>As written, on one line, with carriage returns, or with keys in order.</summary>
    private static byte[] Written(JsonObject[] cells, int layout)
    {
        var plain = Encoding.UTF8.GetString(Made.Bytes(cells));
        return Encoding.UTF8.GetBytes(layout switch
        {
            1 => JsonNode.Parse(plain)!.ToJsonString(),
            2 => plain.Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\n",
            3 => Sorted(JsonNode.Parse(plain)!).ToJsonString(new JsonSerializerOptions { WriteIndented = true, IndentSize = 1 }) + "\n",
            _ => plain,
        });
    }

    private static JsonNode Sorted(JsonNode node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, member.Value is { } value ? Sorted(value) : null))),
        JsonArray items => new JsonArray([.. items.Select(item => item is { } value ? Sorted(value) : null)]),
        _ => node.DeepClone(),
    };
}
