using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Squero.Mlflow;

/// <summary>JSON that travels in texts: read, put in order, described. Pure.</summary>
internal static class EvaluationJson
{
    public static JsonObject Object(string text, string field) => Parse(text, field) as JsonObject ?? throw Wrong(field, "an object");

    public static JsonArray Array(string text, string field) => Parse(text, field) as JsonArray ?? throw Wrong(field, "a list");

    /// <summary>The same for equal values, in whatever order their fields stand.</summary>
    public static string Hash(JsonNode? value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sorted(value)?.ToJsonString() ?? "null")));

    /// <summary>The fields of the second on top of those of the first.</summary>
    public static string? Merge(string? known, JsonNode? more)
    {
        if (more is not JsonObject { Count: > 0 } fields)
        {
            return known;
        }

        var merged = known is null ? [] : (JsonObject)JsonNode.Parse(known)!;
        foreach (var (name, value) in fields)
        {
            merged[name] = value?.DeepClone();
        }

        return PythonJson.Spaced(merged);
    }

    /// <summary>Which fields records have, and of what type; what is known of a field stays.</summary>
    public static string? Schema(string? known, IEnumerable<JsonObject> records)
    {
        var schema = known is null
            ? new JsonObject { ["inputs"] = new JsonObject(), ["outputs"] = new JsonObject(), ["expectations"] = new JsonObject(), ["version"] = "1.0" }
            : (JsonObject)JsonNode.Parse(known)!;
        foreach (var record in records)
        {
            foreach (var part in (string[])["inputs", "outputs", "expectations"])
            {
                if (schema[part] is JsonObject types && record[part] is JsonObject fields)
                {
                    foreach (var (name, value) in fields.Where(field => !types.ContainsKey(field.Key)).ToList())
                    {
                        types[name] = TypeOf(value);
                    }
                }
                else if (part == "outputs" && record[part] is { } plain and not JsonObject && schema[part] is JsonObject { Count: 0 })
                {
                    schema[part] = TypeOf(plain);
                }
            }
        }

        return PythonJson.Spaced(schema);
    }

    private static string TypeOf(JsonNode? value) =>
        value switch
        {
            null => "null",
            JsonArray => "array",
            JsonObject => "object",
            _ => value.GetValueKind() switch
            {
                JsonValueKind.True or JsonValueKind.False => "boolean",
                JsonValueKind.String => "string",
                _ => value.ToJsonString().AsSpan().IndexOfAny(".eE") < 0 ? "integer" : "float",
            },
        };

    private static JsonNode? Sorted(JsonNode? value) =>
        value switch
        {
            JsonObject fields => new JsonObject(fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => KeyValuePair.Create(field.Key, Sorted(field.Value)))),
            JsonArray entries => new JsonArray([.. entries.Select(Sorted)]),
            _ => value?.DeepClone(),
        };

    private static JsonNode? Parse(string text, string field)
    {
        JsonTexts.Check(text);
        try
        {
            // NUL is no text that a database keeps; escaped it would come back as one.
            return JsonNode.Parse(text.Replace("\\u0000", "\\ufffd", StringComparison.Ordinal));
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw Wrong(field, "valid JSON");
        }
    }

    private static MlflowError Wrong(string field, string what) => MlflowError.Invalid($"The text of parameter '{field}' is not {what}.");
}
