using System.Text.Json.Nodes;

namespace Squero.Mlflow;

/// <summary>A line that says what a trace was asked and what it answered: the last message of a chat, or the beginning of the value.</summary>
internal static class TracePreview
{
    private const int MaxLength = 1000;

    /// <summary>Null when there is no value.</summary>
    public static string? Of(AnyValue? value, string role)
    {
        if (value is null)
        {
            return null;
        }

        var text = (value.Plain() is JsonObject fields ? Message(fields, role) : null) ?? value.ToString();
        return text.Length <= MaxLength ? text : text[..(MaxLength - 3)] + "...";
    }

    private static string? Message(JsonObject fields, string role)
    {
        var messages = fields["messages"] as JsonArray
            ?? (fields["choices"] is JsonArray choices && choices.FirstOrDefault() is JsonObject choice && choice["message"] is JsonObject message ? [message.DeepClone()] : null);
        return messages?.OfType<JsonObject>().LastOrDefault(entry => entry["role"] is JsonValue said && said.TryGetValue<string>(out var word) && word == role)?["content"]
            is JsonValue content && content.TryGetValue<string>(out var text) ? text : null;
    }
}
