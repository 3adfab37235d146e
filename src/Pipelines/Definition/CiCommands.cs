using System.Text.Encodings.Web;
using System.Text.Json;

namespace Squero.Pipelines;

/// <summary><c>squero ci check</c>: says what a pipeline file would do, without a server.</summary>
public static class CiCommands
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Checks and plans a file. Returns 0 when it is valid (with or without a pipeline), 1 when not, 2 when the context cannot be read.</summary>
    /// <param name="contextJson">The event; null is a push to main.</param>
    /// <param name="readFile">Text of a file beside it, for <c>include:local</c> paths that the context does not hold; null for none.</param>
    public static int Check(
        string text, string fileName, string? contextJson, bool json, TextWriter output, Func<string, string?>? readFile = null)
    {
        PipelineContext context;
        try
        {
            context = ContextJson.Read(contextJson ?? "{}");
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or FormatException)
        {
            output.WriteLine($"The context is not the JSON of an event: {broken.Message}");
            return 2;
        }

        var given = context.ReadFile;
        context = readFile is null ? context : context with { ReadFile = path => given(path) ?? readFile(path) };
        var outcome = PlanPipeline.Plan(text, fileName, context);
        if (json)
        {
            output.WriteLine(PlanJson.Of(outcome, context).ToJsonString(Readable));
        }
        else
        {
            PlanText.Write(outcome, fileName, output);
        }

        return outcome is PlanOutcome.InvalidDefinition ? 1 : 0;
    }
}
