using System.Net;
using System.Text.Json;
using Squero.MergeRequests;

namespace Squero.Tests.MergeRequests;

/// <summary>Merge requests whose branches both changed notebooks.</summary>
internal static class ConflictWorld
{
    /// <summary>Opens a merge request in which both branches changed the files, main last.</summary>
    public static async Task<MergeRequest> CollideAsync(
        this Workbench bench, string branch, (string Path, string Text)[] ofSource, (string Path, string Text)[] ofTarget)
    {
        var request = await bench.OpenAsync(branch, ofSource);
        await bench.PushMainAsync(ofTarget);
        return request;
    }

    public static async Task PushMainAsync(this Workbench bench, params (string Path, string Text)[] files)
    {
        await bench.GitAsync("switch", "-q", "main");
        await bench.CommitAsync("Change main", files);
        await bench.GitAsync("push", "-q", "origin", "main");
    }

    /// <summary>A notebook as its kernel left it: cells with their id, source, execution count and printed output.</summary>
    public static string Run(int count, params (string Id, string Source)[] cells) =>
        JsonSerializer.Serialize(
            new
            {
                cells = cells.Select((cell, index) => new
                {
                    cell_type = "code",
                    execution_count = count + index,
                    id = cell.Id,
                    metadata = new { },
                    outputs = new[] { new { name = "stdout", output_type = "stream", text = new[] { $"out of {cell.Id}\n" } } },
                    source = Lines(cell.Source),
                }),
                metadata = new { language_info = new { name = "python" } },
                nbformat = 4,
                nbformat_minor = 5,
            },
            Indented) + "\n";

    /// <summary>The sources of the cells, in order; fails when the text is no notebook.</summary>
    public static string[] Sources(string text) =>
        [
            .. JsonDocument.Parse(text).RootElement.GetProperty("cells").EnumerateArray()
                .Select(cell => cell.GetProperty("source") is { ValueKind: JsonValueKind.Array } lines
                    ? string.Concat(lines.EnumerateArray().Select(line => line.GetString()))
                    : cell.GetProperty("source").GetString()!),
        ];

    public static async Task<string> SentenceAsync(this HttpResponseMessage answer, HttpStatusCode expected)
    {
        var text = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        Assert.True(answer.StatusCode == expected, $"{(int)answer.StatusCode}: {text[..Math.Min(600, text.Length)]}");
        return text;
    }

    private static string[] Lines(string source)
    {
        var lines = source.Split('\n');
        return [.. lines.Select((line, index) => index == lines.Length - 1 ? line : line + "\n")];
    }

    private static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true };
}
