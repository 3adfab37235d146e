using System.Text;
using CsCheck;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

/// <summary>What a suggestion does to the bytes of a file: the line it is about, and nothing else, however the file was written.</summary>
public sealed class EditPropertyTests
{
    private static readonly byte[] Mark = [0xEF, 0xBB, 0xBF];
    private static readonly Gen<string> Word = Gen.OneOf(Gen.Const("x = 1"), Gen.Const("print(\"é <b>\")"), Gen.Const("\ttab \\n 'q'"), Gen.Const("😀 ü \u2028"), Gen.Const("a/b c"), Gen.Const("y\u001b[0m"));

    private static readonly Gen<WrittenNotebook> Notebooks =
        from sources in Word.Array[1, 5].Array[1, 4]
        from style in Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool)
        from indent in Gen.OneOf(Gen.Const(" "), Gen.Const("    "), Gen.Const("\t"), Gen.Const(""))
        from newLine in Gen.OneOf(Gen.Const("\n"), Gen.Const("\r\n"))
        from end in Gen.OneOf(Gen.Const(""), Gen.Const("\n"), Gen.Const("\r\n"), Gen.Const("\n\n"))
        select new WrittenNotebook([.. sources.Select((lines, i) => new WrittenCell($"cell-{i}", i % 2 == 0, string.Join('\n', lines)))])
        {
            Ascii = style.Item1,
            HtmlSafe = style.Item2,
            SourceFirst = style.Item3,
            Indent = indent,
            NewLine = newLine,
            End = end,
        };

    [Fact]
    public void A_replaced_line_is_the_only_line_of_the_file_that_differs() =>
        Gen.Select(Notebooks, Gen.Bool, Gen.Int[0, 100], Gen.Int[0, 100], Word).Sample((notebook, isMarked, where, which, text) =>
        {
            byte[] before = [.. isMarked ? Mark : [], .. notebook.Bytes()];
            var cell = notebook.Cells[where % notebook.Cells.Count];
            var lines = cell.Source.Split('\n');
            var line = which % lines.Length;
            var after = Edited(before, new SourceEdit(line + 1, line + 1, text) { CellId = cell.Id, Was = lines[line] });

            var (old, now) = (Encoding.UTF8.GetString(before).Split('\n'), Encoding.UTF8.GetString(after).Split('\n'));
            Assert.Equal(old.Length, now.Length);
            Assert.Equal(lines[line] == text ? 0 : 1, old.Zip(now).Count(pair => pair.First != pair.Second));
            Assert.Equal(isMarked, after.AsSpan().StartsWith(Mark));
            Assert.EndsWith(notebook.End, Encoding.UTF8.GetString(after), StringComparison.Ordinal);
            Assert.Equal(lines.Select((one, at) => at == line ? text : one), Notebook.Parse(after).Cells.Single(one => one.Id == cell.Id).Lines);
        }, iter: 2_000);

    [Fact]
    public void An_edit_and_its_opposite_give_the_file_back() =>
        Gen.Select(Notebooks, Gen.Int[0, 100], Gen.Int[0, 100], Word).Sample((notebook, where, which, text) =>
        {
            var before = notebook.Bytes();
            var cell = notebook.Cells[where % notebook.Cells.Count];
            var lines = cell.Source.Split('\n');
            var line = which % lines.Length;
            var there = Edited(before, new SourceEdit(line + 1, line + 1, text) { CellId = cell.Id });
            Assert.Equal(before, Edited(there, new SourceEdit(line + 1, line + 1, lines[line]) { CellId = cell.Id, Was = text }));

            var inserted = Edited(before, new SourceEdit(line + 1, line, text + "\n") { CellId = cell.Id });
            Assert.Equal(before, Edited(inserted, new SourceEdit(line + 1, line + 1, "") { CellId = cell.Id, Was = text }));
        }, iter: 1_000);

    [Fact]
    public void A_damaged_file_is_refused_with_a_sentence_or_edited_in_that_cell_alone() =>
        Gen.Select(Notebooks, Gen.Int[0, 1_000_000].Array[1, 6], Gen.Byte.Array[1, 6], Gen.Int[-2, 6], Gen.Int[-2, 7], Gen.Int[-2, 7], Gen.String).Sample((notebook, places, bytes, where, first, last, text) =>
        {
            var file = notebook.Bytes();
            foreach (var (place, value) in places.Zip(bytes))
            {
                file[place % file.Length] = value;
            }

            var (before, outcome) = (Notebook.Parse(file), NotebookEdit.Apply(file, [new SourceEdit(first, last, text) { Cell = where }]));
            if (outcome is EditOutcome.Refused refused)
            {
                Assert.EndsWith(".", refused.Sentence.TrimEnd(), StringComparison.Ordinal);
                return;
            }

            var after = Notebook.Parse(Assert.IsType<EditOutcome.Edited>(outcome).Bytes);
            Assert.Null(after.Reason);
            Assert.Equal(before.Cells.Count, after.Cells.Count);
            Assert.All(before.Cells.Zip(after.Cells).Where(pair => pair.First.Index != where), pair => Assert.Equal(pair.First.Source, pair.Second.Source));
        }, iter: 5_000);

    private static byte[] Edited(byte[] file, SourceEdit edit)
    {
        var outcome = NotebookEdit.Apply(file, [edit]);
        return outcome is EditOutcome.Edited edited ? edited.Bytes : throw new InvalidOperationException(((EditOutcome.Refused)outcome).Sentence);
    }
}
