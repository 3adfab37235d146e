using System.Text;
using CsCheck;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

public sealed class SourceEditTests
{
    private static readonly Gen<string> Line = Gen.OneOf(Gen.Const(""), Gen.Const("x = 1"), Gen.Const("print(\"é <b>\")"), Gen.Const("\ttab \\n"), Gen.Const("😀 ü"), Gen.Const("y\u001b[0m"));

    private static readonly Gen<WrittenNotebook> Notebooks =
        from sources in Line.Array[0, 6].Array[1, 4]
        from code in Gen.Bool
        from style in Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool)
        from indent in Gen.OneOf(Gen.Const(" "), Gen.Const("  "), Gen.Const("\t"))
        from newLine in Gen.OneOf(Gen.Const("\n"), Gen.Const("\r\n"))
        from end in Gen.OneOf(Gen.Const(""), Gen.Const("\n"))
        select new WrittenNotebook([.. sources.Select((lines, i) => new WrittenCell($"cell-{i}", code, string.Join('\n', lines)))])
        {
            Compact = style.Item1,
            SourceAsText = style.Item2,
            Ascii = style.Item3,
            HtmlSafe = style.Item4,
            SourceFirst = style.Item5,
            Indent = indent,
            NewLine = newLine,
            End = end,
        };

    [Fact]
    public void An_edited_file_is_what_its_own_writer_would_have_written() =>
        Gen.Select(Notebooks, Gen.Int[0, 100], Gen.Int[0, 100], Gen.Int[0, 100], Line.Array[0, 3]).Sample((notebook, where, first, count, text) =>
        {
            var at = where % notebook.Cells.Count;
            var cell = notebook.Cells[at];
            var lines = cell.Source.Length == 0 ? [] : cell.Source.Split('\n').ToList();
            var from = first % (lines.Count + 1);
            var taken = count % (lines.Count - from + 1);
            var edit = new SourceEdit(from + 1, from + taken, string.Concat(text.Select(line => line + "\n"))) { CellId = cell.Id };
            lines.RemoveRange(from, taken);
            lines.InsertRange(from, text);
            var expected = notebook with { Cells = [.. notebook.Cells.Select((one, i) => i == at ? one with { Source = string.Join('\n', lines) } : one)] };

            Assert.Equal(Encoding.UTF8.GetString(expected.Bytes()), Encoding.UTF8.GetString(Apply(notebook.Bytes(), edit)));
        }, iter: 1_500);

    [Fact]
    public void A_batch_is_the_same_as_its_edits_one_after_the_other_from_the_end() =>
        Gen.Select(Notebooks, Line.Array[0, 2], Line.Array[0, 2]).Sample((notebook, one, other) =>
        {
            var cell = notebook.Cells.FirstOrDefault(cell => cell.Source.Count(c => c == '\n') >= 2);
            if (cell is null)
            {
                return;
            }

            var count = cell.Source.Split('\n').Length;
            var early = new SourceEdit(1, 1, string.Concat(one.Select(line => line + "\n"))) { CellId = cell.Id };
            var late = new SourceEdit(count, count, string.Concat(other.Select(line => line + "\n"))) { CellId = cell.Id };

            var source = (byte[] bytes) => Notebook.Parse(bytes).Cells.Single(one => one.Id == cell.Id).Source;
            Assert.Equal(source(Apply(Apply(notebook.Bytes(), late), early)), source(Apply(notebook.Bytes(), early, late)));
            Assert.Equal(Apply(notebook.Bytes(), early, late), Apply(notebook.Bytes(), late, early));
        });

    [Fact]
    public void In_the_shared_corpus_a_replaced_line_changes_that_line_alone()
    {
        foreach (var folder in TestData.Shared("notebooks/pairs") is { } pairs ? Directory.GetDirectories(pairs) : [])
        {
            var bytes = File.ReadAllBytes(Path.Combine(folder, "after.ipynb"));
            foreach (var cell in Notebook.Parse(bytes).Cells.Where(cell => cell.Lines.Count > 0).Take(4))
            {
                if (NotebookEdit.Apply(bytes, [new SourceEdit(1, 1, "a new line ü\n") { Cell = cell.Index }]) is not EditOutcome.Edited { Bytes: var edited })
                {
                    continue;
                }

                var now = Notebook.Parse(edited);
                Assert.Equal("a new line ü", now.Cells[cell.Index].Lines[0].TrimEnd('\r'));
                Assert.Equal(cell.Lines.Skip(1), now.Cells[cell.Index].Lines.Skip(1));
                Assert.Equal(bytes.AsSpan(cell.SourceSlice.End), edited.AsSpan(now.Cells[cell.Index].SourceSlice.End));
                Assert.Equal(bytes.AsSpan(0, cell.SourceSlice.Start), edited.AsSpan(0, cell.SourceSlice.Start));
                if (Lines(bytes).Length == Lines(edited).Length)
                {
                    Assert.Equal(1, Lines(bytes).Zip(Lines(edited)).Count(pair => pair.First != pair.Second));
                }
            }
        }
    }

    [Fact]
    public void Text_that_is_one_item_with_many_lines_stays_one_item()
    {
        var bytes = Raw("""{"cell_type":"raw","metadata":{},"source":["one\ntwo \u00e9\n", "three"]}""");

        Assert.Equal(Raw("""{"cell_type":"raw","metadata":{},"source":["one\nzwei\n", "three"]}"""), Apply(bytes, new SourceEdit(2, 2, "zwei")));
        Assert.Equal(Raw("""{"cell_type":"raw","metadata":{},"source":["two \u00e9\n", "three"]}"""), Apply(bytes, new SourceEdit(1, 1, "")));
    }

    [Fact]
    public void Lines_that_end_in_carriage_returns_keep_them()
    {
        var bytes = Raw("""{"cell_type":"raw","metadata":{},"source":["one\r\n", "two\r\n", "three"]}""");

        Assert.Equal(Raw("""{"cell_type":"raw","metadata":{},"source":["one\r\n", "a\r\n", "b\r\n", "three"]}"""), Apply(bytes, new SourceEdit(2, 2, "a\nb")));
        Assert.Equal(Raw("""{"cell_type":"raw","metadata":{},"source":["one\r\n", "two\r\n", "a\r\n", "b"]}"""), Apply(bytes, new SourceEdit(3, 3, "a\r\nb\r\n")));
    }

    [Fact]
    public void Edits_that_overlap_are_refused_with_a_sentence()
    {
        var file = Made.Bytes(Made.Code("a\nb\nc\nd", "x"));
        Assert.Equal("Two edits change line 2 of cell 1; apply one of them, then look again.", Refused(file, new SourceEdit(1, 2, "1") { Cell = 0 }, new SourceEdit(2, 3, "2") { CellId = "x" }));
        Assert.Equal("Two edits change line 2 of cell 1; apply one of them, then look again.", Refused(file, new SourceEdit(2, 1, "1") { Cell = 0 }, new SourceEdit(2, 1, "2") { Cell = 0 }));
    }

    [Fact]
    public void What_does_not_fit_the_file_is_refused_with_a_sentence()
    {
        var file = Made.Bytes(Made.Code("a\nb", "x"), Made.Prose("p", "y"), Made.Prose("q", "y"));
        Assert.Equal("The notebook has no cell 4; it has 3.", Refused(file, new SourceEdit(1, 1, "") { Cell = 3 }));
        Assert.Equal("The notebook has no cell with the id `z`.", Refused(file, new SourceEdit(1, 1, "") { CellId = "z" }));
        Assert.Equal("Several cells have the id `y`; name the cell by its number.", Refused(file, new SourceEdit(1, 1, "") { CellId = "y" }));
        Assert.Equal("Cell 1 has 2 lines, so lines 2 to 3 cannot be replaced.", Refused(file, new SourceEdit(2, 3, "") { Cell = 0 }));
        Assert.Equal("Cell 1, line 2 says something else by now.", Refused(file, new SourceEdit(2, 2, "") { Cell = 0, Was = "c" }));
        Assert.Contains("cannot be edited here", Refused(file[..^9], new SourceEdit(2, 2, "") { Cell = 0 }), StringComparison.Ordinal);
        Assert.Contains("cannot be edited here", Refused("text"u8.ToArray(), new SourceEdit(2, 2, "") { Cell = 0 }), StringComparison.Ordinal);
        Assert.Contains("save the notebook with Jupyter first", Refused(Raw("""{"cell_type":"heading","level":2,"source":"Title"}"""), new SourceEdit(1, 1, "x") { Cell = 0 }), StringComparison.Ordinal);
        Assert.IsType<EditOutcome.Edited>(NotebookEdit.Apply(file, [new SourceEdit(2, 2, "") { Cell = 0, Was = "b\n" }]));
    }

    private static byte[] Apply(byte[] file, params SourceEdit[] edits)
    {
        var outcome = NotebookEdit.Apply(file, [.. edits.Select(edit => edit.CellId is null && edit.Cell < 0 ? edit with { Cell = 0 } : edit)]);
        return Assert.IsType<EditOutcome.Edited>(outcome).Bytes;
    }

    private static string Refused(byte[] file, params SourceEdit[] edits) => Assert.IsType<EditOutcome.Refused>(NotebookEdit.Apply(file, edits)).Sentence;

    private static byte[] Raw(string cell) => Encoding.UTF8.GetBytes($$"""{"cells":[{{cell}}],"metadata":{},"nbformat":4,"nbformat_minor":2}""");

    private static string[] Lines(byte[] file) => Encoding.UTF8.GetString(file).Split('\n');
}
