using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

/// <summary>Small notebooks made in tests.</summary>
internal static class Made
{
    public static JsonObject Code(string source, string? id = null, params JsonObject[] outputs) => Cell("code", source, id, outputs);

    public static JsonObject Prose(string source, string? id = null) => Cell("markdown", source, id, null);

    public static JsonObject Printed(string text) => new() { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = Lines(text) };

    public static JsonObject Shown(string mime, string content, int? count = null)
    {
        var output = new JsonObject { ["output_type"] = count is null ? "display_data" : "execute_result", ["metadata"] = new JsonObject(), ["data"] = new JsonObject { [mime] = content } };
        if (count is { } number)
        {
            output["execution_count"] = number;
        }

        return output;
    }

    public static byte[] Bytes(params JsonObject[] cells) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["cells"] = new JsonArray([.. cells.Select(cell => cell.DeepClone())]),
        ["metadata"] = new JsonObject { ["language_info"] = new JsonObject { ["name"] = "python" } },
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
    }.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));

    public static Notebook Notebook(params JsonObject[] cells) => Squero.Notebooks.Notebook.Parse(Bytes(cells));

    public static NotebookDiff Diff(Notebook before, Notebook after) => NotebookDiff.Between(before, after);

    public static NotebookViewOptions Options(Func<string, string?>? slot = null) => new() { ImageUrl = image => $"/pictures/{image.Sha256}", Slot = slot };

    private static JsonObject Cell(string type, string source, string? id, JsonObject[]? outputs)
    {
        var cell = new JsonObject { ["cell_type"] = type, ["metadata"] = new JsonObject(), ["source"] = Lines(source) };
        if (id is not null)
        {
            cell["id"] = id;
        }

        if (outputs is not null)
        {
            cell["execution_count"] = 1;
            cell["outputs"] = new JsonArray([.. outputs.Select(output => output.DeepClone())]);
        }

        return cell;
    }

    private static JsonArray Lines(string text)
    {
        var lines = text.Split('\n');
        return new JsonArray([.. lines.Select((line, i) => (JsonNode)(i < lines.Length - 1 ? line + "\n" : line)).Where(line => line.GetValue<string>().Length > 0)]);
    }
}
