using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Squero.Notebooks;

/// <summary>A line that knows which line it is, whatever was done to its cell.</summary>
internal sealed record DraftLine(string Text, int Identity);

/// <summary>An output: printed lines, or a picture when there are none.</summary>
internal sealed record DraftOutput(int Identity, IReadOnlyList<string> Lines, int Picture);

/// <summary>A cell that knows of which cells it is made: one, more after a merge; both halves of a split know the same.</summary>
internal sealed record DraftCell(CellKind Kind, string Id, IReadOnlyList<DraftLine> Lines, IReadOnlyList<DraftOutput> Outputs, IReadOnlySet<int> Lineage);

/// <summary>How the file is written: tools differ, and a save by another one rewrites every byte.</summary>
internal sealed record DraftLayout(bool WithIds, bool Indented, bool OneString, int Count);

/// <summary>
/// A notebook whose cells and lines remember what they are while it is edited: what following threads is measured against.
/// </summary>
internal sealed record DraftNotebook(IReadOnlyList<DraftCell> Cells, DraftLayout Layout)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The cells of a real notebook, as many as fit a test.</summary>
    public static DraftNotebook Of(Notebook notebook, DraftIdentities identities, int maxCells) =>
        new(
            [.. notebook.Cells.Take(maxCells).Select(cell => Of(cell, identities))],
            new DraftLayout(true, true, false, 1));

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(
        new JsonObject
        {
            ["cells"] = new JsonArray([.. Cells.Select((cell, index) => (JsonNode)CellJson(cell, index))]),
            ["metadata"] = new JsonObject { ["language_info"] = new JsonObject { ["name"] = "python" } },
            ["nbformat"] = 4,
            ["nbformat_minor"] = Layout.WithIds ? 5 : 4,
        },
        Layout.Indented ? Indented : JsonSerializerOptions.Default);

    private static DraftCell Of(Cell cell, DraftIdentities identities) =>
        new(
            cell.Kind,
            identities.NextId(),
            [.. cell.Lines.Select(line => new DraftLine(line, identities.Next()))],
            [.. cell.Outputs.Take(4).Select(output => new DraftOutput(identities.Next(), [.. OutputLines.Of(output).Take(40)], identities.Next()))],
            new HashSet<int> { identities.Next() });

    private JsonObject CellJson(DraftCell cell, int index)
    {
        var json = new JsonObject { ["cell_type"] = cell.Kind.ToString().ToLowerInvariant() };
        if (cell.Kind == CellKind.Code)
        {
            json["execution_count"] = Layout.Count + index;
        }

        if (Layout.WithIds)
        {
            json["id"] = cell.Id;
        }

        json["metadata"] = new JsonObject();
        if (cell.Kind == CellKind.Code)
        {
            json["outputs"] = new JsonArray([.. cell.Outputs.Select(output => (JsonNode)OutputJson(output))]);
        }

        json["source"] = Text([.. cell.Lines.Select(line => line.Text)]);
        return json;
    }

    private JsonObject OutputJson(DraftOutput output) => output.Lines.Count > 0
        ? new JsonObject { ["name"] = "stdout", ["output_type"] = "stream", ["text"] = Text(output.Lines) }
        : new JsonObject
        {
            ["data"] = new JsonObject { ["image/png"] = Convert.ToBase64String(BitConverter.GetBytes((long)output.Picture)) },
            ["metadata"] = new JsonObject(),
            ["output_type"] = "display_data",
        };

    private JsonNode Text(IReadOnlyList<string> lines) => Layout.OneString
        ? JsonValue.Create(string.Join('\n', lines))
        : new JsonArray([.. lines.Select((line, i) => (JsonNode)JsonValue.Create(i < lines.Count - 1 ? line + "\n" : line))]);
}

/// <summary>Numbers that no two things share.</summary>
internal sealed class DraftIdentities(Random random)
{
    private int _last;

    public int Next() => ++_last;

    public string NextId() => random.NextInt64().ToString("x16", System.Globalization.CultureInfo.InvariantCulture)[^8..];
}
