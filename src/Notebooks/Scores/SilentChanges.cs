using System.Text.Json;

namespace Squero.Notebooks;

/// <summary>
/// Cells that changed and look unchanged. Judged by another reader than the engine's own (System.Text.Json), on the
/// values themselves: source, type, attachments, and outputs but for counts and metadata.
/// </summary>
internal static class SilentChanges
{
    /// <summary>Null when that reader refuses a side or finds other cells in it.</summary>
    public static int? Count(NotebookDiff diff, ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after)
    {
        using var old = Parse(before);
        using var now = Parse(after);
        if (CellsOf(old) is not { } was || CellsOf(now) is not { } isNow || was.Count != diff.Before.Cells.Count || isNow.Count != diff.After.Cells.Count)
        {
            return null;
        }

        try
        {
            return diff.Cells.Count(cell => cell is { Before: { } i, After: { } j, Change: CellChange.Unchanged or CellChange.Metadata, Reencoded: false } && Say(was[i.Index]) != Say(isNow[j.Index]));
        }
        catch (InvalidOperationException)
        {
            // A name with half a surrogate pair, or with bytes that are no UTF-8, is none to that reader.
            return null;
        }
    }

    private static JsonDocument? Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 1_000 });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<JsonElement>? CellsOf(JsonDocument? document) =>
        document?.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("cells", out var cells)
            && cells.ValueKind == JsonValueKind.Array && cells.EnumerateArray().All(cell => cell.ValueKind == JsonValueKind.Object)
            ? [.. cells.EnumerateArray()] : null;

    /// <summary>Everything that a cell says, in an order that does not depend on the file's.</summary>
    private static string Say(JsonElement cell)
    {
        using var text = new StringWriter();
        foreach (var member in cell.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
        {
            if (member.Name == "outputs" && member.Value.ValueKind == JsonValueKind.Array)
            {
                SayOutputs(text, member.Value);
            }
            else if (member.Name is "source" or "cell_type" || member.Name == "attachments" && member.Value.ToString() != "{}")
            {
                Say(text, member.Name, member.Value);
            }
        }

        return text.ToString();
    }

    // A kernel cuts one stream into pieces by time: neighbouring pieces are one text.
    private static void SayOutputs(StringWriter text, JsonElement outputs)
    {
        string? stream = null;
        foreach (var output in outputs.EnumerateArray().Where(output => output.ValueKind == JsonValueKind.Object))
        {
            var name = output.TryGetProperty("output_type", out var type) && type.ValueEquals("stream") && output.TryGetProperty("name", out var value) ? value.ToString() : null;
            if (name is null || name != stream)
            {
                text.Write($"\n{(name is null ? type.ToString() : name)}:");
            }

            stream = name;
            foreach (var member in output.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
            {
                if (member.Name is "text" or "data" or "ename" or "evalue" or "traceback")
                {
                    Say(text, name is null ? member.Name : "", member.Value);
                }
            }
        }
    }

    private static void Say(StringWriter text, string name, JsonElement value)
    {
        text.Write(name);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    Say(text, $"<{member.Name}>", member.Value);
                    text.Write("</>");
                }

                break;
            case JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String):
                foreach (var item in value.EnumerateArray())
                {
                    text.Write(Text(item));
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Say(text, "[", item);
                }

                break;
            case JsonValueKind.String:
                text.Write(Text(value));
                break;
            default:
                text.Write(value.GetRawText());
                break;
        }
    }

    // Half of a surrogate pair has no text; its escape speaks for it.
    private static string Text(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return value.GetRawText();
        }
    }
}
