using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Squero.Notebooks;

/// <summary>Writes the diff as JSON, schema version 1 (docs/api/notebook-diff.md).</summary>
internal static class NotebookDiffJson
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>About what an unchanged cell takes.</summary>
    private const int CellBytes = 110;
    private const int MostCells = 50_000;

    public static void Write(NotebookDiff diff, IBufferWriter<byte> to)
    {
        // A buffer that doubles its way to megabytes costs more collections than the diff itself.
        to.GetSpan(Math.Min(diff.Cells.Count, MostCells) * CellBytes);
        using (var json = new Utf8JsonWriter(to, Plain))
        {
            WriteMembers(json, diff);
        }

        // Written behind the writer: a patch may be as long as the file, and passes through untouched.
        to.Write(",\"patch\":"u8);
        diff.WritePatch(to);
        to.Write("}"u8);
    }

    /// <summary>All but the patch, which ends the object.</summary>
    private static void WriteMembers(Utf8JsonWriter json, NotebookDiff diff)
    {
        json.WriteStartObject();
        json.WriteNumber("version", 1);
        WriteSide(json, "before", diff.Before);
        WriteSide(json, "after", diff.After);
        json.WriteStartArray("cells");
        foreach (var cell in diff.Cells)
        {
            WriteCell(json, cell);
        }

        json.WriteEndArray();
        WriteCounts(json, diff);
        WriteWarnings(json, NotebookWarnings.Of(diff));
    }

    private static void WriteWarnings(Utf8JsonWriter json, IReadOnlyList<NotebookWarning> warnings)
    {
        json.WriteStartArray("warnings");
        foreach (var warning in warnings)
        {
            json.WriteStartObject();
            json.WriteNumber("cell", warning.Cell);
            json.WriteNumber("output", warning.Output);
            json.WriteString("kind", warning.Kind switch
            {
                WarningKind.Credential => "credential",
                WarningKind.EmailList => "email_list",
                WarningKind.LargeOutput => "large_output",
                _ => "home_path",
            });
            json.WriteString("excerpt", WellFormed(warning.Excerpt));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSide(Utf8JsonWriter json, string name, Notebook notebook)
    {
        json.WriteStartObject(name);
        json.WriteString("state", notebook.State switch
        {
            NotebookState.Ok => "ok",
            NotebookState.Upgraded => "upgraded",
            NotebookState.Repaired => "repaired",
            _ => "unreadable",
        });
        json.WriteNumber("cells", notebook.Cells.Count);
        if (notebook.Reason is { } reason)
        {
            json.WriteString("reason", reason);
        }

        json.WriteEndObject();
    }

    private static void WriteCell(Utf8JsonWriter json, CellDiff cell)
    {
        json.WriteStartObject();
        WriteIndex(json, Names.Before, cell.Before?.Index);
        WriteIndex(json, Names.After, cell.After?.Index);
        json.WriteString(Names.Change, Word(cell.Reencoded ? CellChange.Metadata : cell.Change));
        json.WriteBoolean(Names.Moved, cell.Moved);
        if (cell.KindChanged)
        {
            json.WriteString("type", $"{cell.Before!.Kind} to {cell.After!.Kind}".ToLowerInvariant());
        }

        if (cell.SplitFrom is { } split)
        {
            json.WriteNumber("split_from", split);
        }

        if (cell.MergedInto is { } merged)
        {
            json.WriteNumber("merged_into", merged);
        }

        json.WriteStartArray(Names.Source);
        WriteSource(json, cell);
        json.WriteEndArray();
        json.WriteStartArray(Names.Outputs);
        foreach (var output in cell.Outputs)
        {
            WriteOutput(json, output);
        }

        json.WriteEndArray();
        if (cell.Reencoded)
        {
            json.WriteBoolean("reencoded", true);
        }

        WriteNames(json, "attachments", cell.Attachments);
        WriteNames(json, "metadata", cell.MetadataKeys);
        json.WriteEndObject();
    }

    private static void WriteSource(Utf8JsonWriter json, CellDiff cell)
    {
        if (cell is { Before: { } old, After: { } now })
        {
            foreach (var hunk in cell.Source)
            {
                WriteHunk(json, hunk, old.Lines, now.Lines);
            }
        }
        else if (cell.Shown.Lines is { Count: > 0 } lines)
        {
            var added = cell.Change == CellChange.Added;
            WriteHunk(json, new LineHunk(0, added ? 0 : lines.Count, 0, added ? lines.Count : 0), lines, lines);
        }
    }

    private static void WriteHunk(Utf8JsonWriter json, LineHunk hunk, IReadOnlyList<string> old, IReadOnlyList<string> now)
    {
        json.WriteStartObject();
        json.WriteNumber(Names.Before, hunk.Before + 1);
        json.WriteNumber(Names.After, hunk.After + 1);
        WriteLines(json, Names.Removed, old, hunk.Before, hunk.RemovedCount);
        WriteLines(json, Names.Added, now, hunk.After, hunk.AddedCount);
        json.WriteEndObject();
    }

    private static void WriteLines(Utf8JsonWriter json, JsonEncodedText name, IReadOnlyList<string> lines, int from, int count)
    {
        json.WriteStartArray(name);
        for (var i = from; i < from + count; i++)
        {
            json.WriteStringValue(WellFormed(lines[i]));
        }

        json.WriteEndArray();
    }

    // The writer refuses half of a surrogate pair, which notebooks do contain, and texts beyond some hundred megabytes.
    private static string WellFormed(string text)
    {
        text = LongLine.Cut(text);
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (!char.IsSurrogatePair(text, i))
            {
                return System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
            }

            i++;
        }

        return text;
    }

    private static void WriteOutput(Utf8JsonWriter json, OutputDiff output)
    {
        if (output.Change == OutputChange.Unchanged)
        {
            return;
        }

        json.WriteStartObject();
        WriteIndex(json, Names.Before, output.Before?.Index);
        WriteIndex(json, Names.After, output.After?.Index);
        json.WriteString("change", output.Change switch
        {
            OutputChange.Added => "added",
            OutputChange.Removed => "removed",
            _ => "changed",
        });
        json.WriteString("kind", (output.After ?? output.Before)!.Kind.ToString().ToLowerInvariant());
        WriteNames(json, "mimes", output.Mimes.Count > 0 ? output.Mimes : (output.After ?? output.Before)!.Data.Select(value => value.Mime));
        json.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        if (!values.Any())
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(WellFormed(value));
        }

        json.WriteEndArray();
    }

    private static void WriteIndex(Utf8JsonWriter json, JsonEncodedText name, int? index)
    {
        if (index is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteCounts(Utf8JsonWriter json, NotebookDiff diff)
    {
        var counts = diff.Counts;
        json.WriteStartObject("counts");
        json.WriteNumber("added", counts.Added);
        json.WriteNumber("removed", counts.Removed);
        json.WriteNumber("edited", counts.Edited);
        json.WriteNumber("moved", counts.Moved);
        json.WriteNumber("outputs", counts.Outputs);
        json.WriteNumber("metadata", counts.Metadata + counts.Reencoded);
        json.WriteNumber("unchanged", counts.Unchanged - counts.Reencoded);
        json.WriteStartObject("noise");
        json.WriteNumber("execution_count", counts.NoiseExecutionCounts);
        json.WriteNumber("metadata", counts.NoiseMetadata);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("lines");
        json.WriteNumber("added", diff.LinesAdded);
        json.WriteNumber("removed", diff.LinesRemoved);
        json.WriteEndObject();
    }

    private static JsonEncodedText Word(CellChange change) => change switch
    {
        CellChange.Unchanged => Names.Unchanged,
        CellChange.Edited => Names.Edited,
        CellChange.Outputs => Names.Outputs,
        CellChange.Metadata => Names.Metadata,
        CellChange.Added => Names.Added,
        _ => Names.Removed,
    };

    /// <summary>What every cell repeats, encoded once.</summary>
    private static class Names
    {
        public static readonly JsonEncodedText Before = JsonEncodedText.Encode("before");
        public static readonly JsonEncodedText After = JsonEncodedText.Encode("after");
        public static readonly JsonEncodedText Change = JsonEncodedText.Encode("change");
        public static readonly JsonEncodedText Moved = JsonEncodedText.Encode("moved");
        public static readonly JsonEncodedText Source = JsonEncodedText.Encode("source");
        public static readonly JsonEncodedText Outputs = JsonEncodedText.Encode("outputs");
        public static readonly JsonEncodedText Metadata = JsonEncodedText.Encode("metadata");
        public static readonly JsonEncodedText Unchanged = JsonEncodedText.Encode("unchanged");
        public static readonly JsonEncodedText Edited = JsonEncodedText.Encode("edited");
        public static readonly JsonEncodedText Added = JsonEncodedText.Encode("added");
        public static readonly JsonEncodedText Removed = JsonEncodedText.Encode("removed");
    }
}
