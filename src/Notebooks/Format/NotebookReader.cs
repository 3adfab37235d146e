using System.Globalization;

namespace Squero.Notebooks;

/// <summary>Reads nbformat 2, 3 and 4 from bytes: whatever makes sense of a damaged file, and a sentence about the rest.</summary>
internal static class NotebookReader
{
    /// <summary>More cells than anybody reads; the rest is left out with a sentence.</summary>
    private const int MaxCells = 50_000;

    public static Notebook Read(ReadOnlyMemory<byte> file)
    {
        var (bytes, conflicted) = ConflictMarkers.Blank(file);
        var json = bytes.Span;
        var start = json.StartsWith("\uFEFF"u8) ? 3 : 0;
        if (json[start..].IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            return new Notebook(bytes, [], NotebookState.Repaired, "The file is empty.");
        }

        var walker = new JsonWalker(json, start);
        if (!walker.Enter((byte)'{'))
        {
            return Unreadable(bytes, "The file is not a notebook: it does not begin with a JSON object.");
        }

        var parts = new Parts(bytes);
        ReadTop(ref walker, parts);
        return Finish(bytes, parts, ref walker, conflicted);
    }

    private static void ReadTop(ref JsonWalker walker, Parts parts)
    {
        var json = parts.Bytes.Span;
        while (walker.NextKey(out var key))
        {
            var name = key.Of(json);
            if (name.SequenceEqual("\"cells\""u8))
            {
                ReadCells(ref walker, parts);
            }
            else if (name.SequenceEqual("\"worksheets\""u8))
            {
                ReadWorksheets(ref walker, parts);
            }
            else if (name.SequenceEqual("\"metadata\""u8))
            {
                parts.Metadata = walker.Value();
            }
            else if (name.SequenceEqual("\"nbformat\""u8))
            {
                parts.Major = Number(json, walker.Value()) ?? parts.Major;
            }
            else if (name.SequenceEqual("\"nbformat_minor\""u8))
            {
                parts.Minor = Number(json, walker.Value()) ?? parts.Minor;
            }
            else
            {
                walker.Value();
            }
        }
    }

    private static void ReadWorksheets(ref JsonWalker walker, Parts parts)
    {
        parts.Upgraded = true;
        parts.HasCells = true;
        if (!walker.Enter((byte)'['))
        {
            walker.Value();
            return;
        }

        while (walker.NextItem())
        {
            if (!walker.Enter((byte)'{'))
            {
                walker.Value();
                continue;
            }

            while (walker.NextKey(out var key))
            {
                if (key.Of(parts.Bytes.Span).SequenceEqual("\"cells\""u8))
                {
                    ReadCells(ref walker, parts);
                }
                else
                {
                    walker.Value();
                }
            }
        }
    }

    private static void ReadCells(ref JsonWalker walker, Parts parts)
    {
        parts.HasCells = true;
        if (!walker.Enter((byte)'['))
        {
            parts.CellsAreNoList = true;
            walker.Value();
            return;
        }

        while (walker.NextItem())
        {
            if (!walker.IsAt((byte)'{') || parts.Cells.Count >= MaxCells)
            {
                parts.LeftOut++;
                walker.Value();
                continue;
            }

            var reader = new CellReader(parts.Bytes, parts.Cells.Count);
            parts.Cells.Add(reader.Read(ref walker));
            parts.Mended |= reader.Mended;
            parts.Upgraded |= reader.Upgraded;
        }
    }

    private static Notebook Finish(ReadOnlyMemory<byte> bytes, Parts parts, ref JsonWalker walker, bool conflicted)
    {
        var broken = walker.IsBroken ? BrokenSentence(bytes.Span, walker.BrokenAt, parts.Cells.Count) : RestSentence(bytes.Span, walker.At);
        if (parts.CellsAreNoList)
        {
            return Unreadable(bytes, "The file is not a notebook: its \"cells\" are not a list.");
        }

        if (!parts.HasCells && parts.Major == 0 || broken is not null && parts.Cells.Count == 0)
        {
            return Unreadable(bytes, broken ?? "The file is not a notebook: it has no \"cells\".");
        }

        var reason = conflicted ? "The file contains conflict markers; the first side of each conflict is shown."
            : !parts.HasCells ? "The notebook has no list of cells."
            : broken ?? (parts.LeftOut > 0 ? $"{parts.LeftOut} entries of the cell list are not cells and are left out." : null);
        var state = reason is not null || parts.Mended ? NotebookState.Repaired
            : parts.Upgraded || parts.Major is 2 or 3 ? NotebookState.Upgraded : NotebookState.Ok;
        return new Notebook(bytes, parts.Cells, state, reason)
        {
            Language = NotebookLanguage.Find(bytes.Span, parts.Metadata),
            FormatMajor = parts.Major == 0 ? 4 : parts.Major,
            FormatMinor = parts.Minor,
            MetadataSlice = parts.Metadata,
        };
    }

    private static string BrokenSentence(ReadOnlySpan<byte> json, int at, int cells)
    {
        var line = new LineMap(json).LineOf(at);
        var what = at >= json.Length ? "The file ends in the middle" : $"The file is no valid JSON from line {line} on";
        return cells == 0 ? what + "." : $"{what}, in or after cell {cells}; what follows is not shown.";
    }

    /// <summary>What stands behind the last bracket makes the file no JSON, and the cells say nothing of it.</summary>
    private static string? RestSentence(ReadOnlySpan<byte> json, int end)
    {
        var rest = json[end..].IndexOfAnyExcept(" \t\r\n"u8);
        return rest < 0 ? null : $"The notebook ends before the file does; what follows, from line {new LineMap(json).LineOf(end + rest)} on, is not shown.";
    }

    private static Notebook Unreadable(ReadOnlyMemory<byte> bytes, string reason) => new(bytes, [], NotebookState.Unreadable, reason);

    internal static int? Number(ReadOnlySpan<byte> json, JsonSlice value) =>
        int.TryParse(value.Of(json), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private sealed class Parts(ReadOnlyMemory<byte> bytes)
    {
        public ReadOnlyMemory<byte> Bytes { get; } = bytes;

        public List<Cell> Cells { get; } = [];

        public JsonSlice Metadata { get; set; }

        public int Major { get; set; }

        public int Minor { get; set; }

        public bool HasCells { get; set; }

        public bool CellsAreNoList { get; set; }

        public bool Upgraded { get; set; }

        public bool Mended { get; set; }

        public int LeftOut { get; set; }
    }
}
