using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Squero.Server;

/// <summary>What a benchmark found: a readable table as it goes, and the figures as one JSON object.</summary>
internal sealed class BenchReport(TextWriter output)
{
    private readonly Dictionary<string, double> figures = new(StringComparer.Ordinal);

    public string Name { get; private set; } = "";

    public TextWriter Output => output;

    public void Begin(string name, string method)
    {
        Name = name;
        output.WriteLine($"\nbench {name}\n  {method}");
    }

    public void Note(string key, double value, string unit)
    {
        figures[key] = value;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {key,-26} {value,12:0.###} {unit}"));
    }

    /// <summary>Takes over figures that were printed already.</summary>
    public void Take(IReadOnlyDictionary<string, double> found)
    {
        foreach (var (key, value) in found)
        {
            figures[key] = value;
        }
    }

    /// <summary>One object for one benchmark, a list for several.</summary>
    public static string ToJson(IReadOnlyList<BenchReport> reports)
    {
        var objects = reports.Select(report => (JsonNode)new JsonObject
        {
            ["name"] = report.Name,
            ["machine"] = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}"),
            ["figures"] = new JsonObject(report.figures.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value)))),
        }).ToArray();
        var options = new JsonSerializerOptions { WriteIndented = true };
        return (objects.Length == 1 ? objects[0].ToJsonString(options) : new JsonArray(objects).ToJsonString(options)) + "\n";
    }
}
