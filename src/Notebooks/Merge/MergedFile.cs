using System.Buffers;
using System.Globalization;
using System.Text;

namespace Squero.Notebooks;

/// <summary>Puts the cells of the result into ours' file. Everything outside its cells, and all layout, stays ours'.</summary>
internal static class MergedFile
{
    public static ReadOnlyMemory<byte> Write(MergeSides sides, IReadOnlyList<(MergedCell Cell, JsonPart Written)> cells, JsonPart metadata)
    {
        var splice = new ByteSplice(sides.Ours.Bytes);
        splice.Replace(sides.OursList.Where, List(sides, cells));
        var whole = CellList.Whole(sides.Ours);
        var now = CellPartOf(sides.Ours);
        if (now.IsPresent && !metadata.Same(now))
        {
            splice.Replace(now.Where, metadata.Bytes);
        }

        if (whole.Member("nbformat_minor") is { IsPresent: true } minor && sides.FormatMinor != sides.Ours.FormatMinor)
        {
            splice.Replace(minor.Where, Number(sides.FormatMinor).Bytes);
        }

        return Completed(splice.ToArray(), sides, metadata);
    }

    private static JsonPart CellPartOf(Notebook notebook) => new(notebook.Bytes, notebook.MetadataSlice);

    private static byte[] List(MergeSides sides, IReadOnlyList<(MergedCell Cell, JsonPart Written)> cells)
    {
        if (cells.Count == 0)
        {
            return "[]"u8.ToArray();
        }

        var json = sides.Ours.Json;
        var (list, own) = (sides.OursList.Where, sides.Ours.Cells);
        var lead = Encoding.ASCII.GetBytes(sides.Style.Break(sides.CellIndent));
        var open = own.Count > 0 ? json[(list.Start + 1)..own[0].Whole.Start].ToArray() : lead;
        var close = own.Count > 0 ? json[own[^1].Whole.End..(list.End - 1)].ToArray() : Encoding.ASCII.GetBytes(sides.Style.Break(JsonStyle.IndentAt(json, list.Start)));
        byte[] between = own.Count > 1 ? json[own[0].Whole.End..own[1].Whole.Start].ToArray()
            : sides.Style.IsIndented ? [(byte)',', .. open] : Encoding.ASCII.GetBytes(sides.Style.Comma);
        var to = new ArrayBufferWriter<byte>(list.Length + cells.Sum(cell => cell.Written.File.Equals(sides.Ours.Bytes) ? 0 : cell.Written.Where.Length) + 64);
        to.Write("["u8);
        to.Write(open);
        for (var i = 0; i < cells.Count; i++)
        {
            to.Write(i > 0 ? between : []);
            to.Write(cells[i].Written.Bytes.Span);
        }

        to.Write(close);
        to.Write("]"u8);
        return to.WrittenSpan.ToArray();
    }

    /// <summary>A file that lacks what the format demands at the top gets it.</summary>
    private static byte[] Completed(byte[] file, MergeSides sides, JsonPart metadata)
    {
        var start = file.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        var walker = new JsonWalker(file, start);
        var whole = new JsonPart(file, walker.Value());
        var edit = new JsonObjectEdit(whole, sides.Style, "");
        foreach (var (name, value) in new[] { ("metadata", metadata.IsPresent ? metadata : JsonPart.Of("{}"u8.ToArray())), ("nbformat", Number(sides.FormatMajor)), ("nbformat_minor", Number(sides.FormatMinor)) })
        {
            if (!edit.Has(name))
            {
                edit.Set(name, value);
            }
        }

        return edit.IsChanged ? [.. file[..whole.Where.Start], .. edit.ToArray(), .. file[whole.Where.End..]] : file;
    }

    private static JsonPart Number(int number) => JsonPart.Of(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
}
