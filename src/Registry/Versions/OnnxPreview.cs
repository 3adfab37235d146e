using System.Globalization;
using Squero.Experiments;

namespace Squero.Registry;

/// <summary>What stands in an ONNX file among a candidate's artifacts, from its outline alone.</summary>
internal sealed class OnnxPreview : IFileSummary
{
    private const int MaxNames = 20;
    private const int MaxRows = 100;

    public bool Reads(string fileName) => fileName.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);

    public FileSummary? Summarize(Stream content, out string? reason)
    {
        if (OnnxFile.Read(content, out reason) is not { } model)
        {
            return null;
        }

        var operations = model.Operations.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        return new FileSummary(
            [
                new("Inputs", Names(model.Inputs, model)),
                new("Outputs", Names(model.Outputs, model)),
                new("Operations", Number(operations.Sum(pair => pair.Value))),
                new("Weights", Number(model.Weights)),
                new("Operator set", Number(model.OpsetVersion)),
                new("Made by", model.Producer.Length > 0 ? model.Producer : "not said"),
                new("ONNX version", Number(model.IrVersion)),
            ],
            "Operations of the graph",
            [["Operation", "How often"], .. operations.Take(MaxRows).Select(pair => (IReadOnlyList<string>)[pair.Key, Number(pair.Value)])]);
    }

    private static string Names(IReadOnlyList<string> names, OnnxSummary model) =>
        names.Count == 0 ? "none" : string.Join(", ", names.Take(MaxNames).Select(name => model.Shapes.TryGetValue(name, out var shape) ? $"{name} {shape}" : name)) + (names.Count > MaxNames ? $" and {names.Count - MaxNames} more" : "");

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
