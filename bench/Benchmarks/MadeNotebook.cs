using System.Text.Json.Nodes;

namespace Squero.Benchmarks;

/// <summary>A notebook of some size and what people do to it.</summary>
internal static class MadeNotebook
{
    private const int PictureBytes = 20_000;

    /// <summary>A third prose, two thirds code; every code cell prints a number, every tenth draws a picture.</summary>
    public static byte[] Of(int cells, int run = 1, int edited = 0, bool moved = false)
    {
        var made = Enumerable.Range(0, cells).Select(index => index % 3 == 0 ? Prose(index) : Code(index, run, index % 7 == 2 && index / 7 < edited)).ToList();
        if (moved)
        {
            made.Insert(1, Take(made, cells / 2));
        }

        return new JsonObject
        {
            ["cells"] = new JsonArray([.. made]),
            ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["name"] = "python3", ["language"] = "python" } },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        }.ToJsonString(new() { WriteIndented = true, IndentSize = 1 }) is var text ? System.Text.Encoding.UTF8.GetBytes(text + "\n") : [];
    }

    private static JsonObject Take(List<JsonObject> cells, int index)
    {
        var cell = cells[index];
        cells.RemoveAt(index);
        return cell;
    }

    private static JsonObject Prose(int index) => new()
    {
        ["cell_type"] = "markdown",
        ["id"] = $"cell{index}",
        ["metadata"] = new JsonObject(),
        ["source"] = new JsonArray($"## Step {index}\n", "\n", $"What \"{index}\" shows, and why it matters to $x_{{{index}}}$."),
    };

    private static JsonObject Code(int index, int run, bool edited) => new()
    {
        ["cell_type"] = "code",
        ["execution_count"] = index + (run * 100),
        ["id"] = $"cell{index}",
        ["metadata"] = new JsonObject(),
        ["outputs"] = index % 10 == 1 ? new JsonArray(Printed(index), Drawn(index)) : new JsonArray(Printed(index)),
        ["source"] = new JsonArray($"rows_{index} = load(\"part-{index}.csv\")\n", $"print(len(rows_{index}){(edited ? ", \"rows\"" : "")})"),
    };

    private static JsonObject Printed(int index) => new() { ["name"] = "stdout", ["output_type"] = "stream", ["text"] = new JsonArray($"{index * 31}\n") };

    private static JsonObject Drawn(int index)
    {
        var picture = new byte[PictureBytes];
        new Random(index).NextBytes(picture);
        return new JsonObject { ["data"] = new JsonObject { ["image/png"] = Convert.ToBase64String(picture) }, ["metadata"] = new JsonObject(), ["output_type"] = "display_data" };
    }
}
