using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Squero.Mlflow;

/// <summary>
/// The JSON of Python's <c>json.dumps</c>, which writes <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c> bare. Clients that
/// speak the protocol by hand send it, and the original reads it.
/// </summary>
internal static class PythonJson
{
    /// <summary>The same with these three in quotes, as the protocol has them; null when there is none of them.</summary>
    public static byte[]? Quoted(ReadOnlySequence<byte> body)
    {
        var text = body.ToArray();
        var quoted = new ArrayBufferWriter<byte>(text.Length + 64);
        var found = false;
        for (var at = 0; at < text.Length;)
        {
            var length = text[at] == (byte)'"' ? StringLength(text.AsSpan(at)) : WordLength(text.AsSpan(at));
            if (length > 0 && text[at] != (byte)'"')
            {
                found = true;
                quoted.Write("\""u8);
                quoted.Write(text.AsSpan(at, length));
                quoted.Write("\""u8);
            }
            else
            {
                length = Math.Max(length, 1);
                quoted.Write(text.AsSpan(at, length));
            }

            at += length;
        }

        return found ? quoted.WrittenSpan.ToArray() : null;
    }

    /// <summary>As Python prints it: a space after every comma and colon.</summary>
    public static string Spaced(JsonNode node) =>
        node switch
        {
            JsonObject fields => "{" + string.Join(", ", fields.Select(field => $"{JsonSerializer.Serialize(field.Key, Plain)}: {(field.Value is null ? "null" : Spaced(field.Value))}")) + "}",
            JsonArray entries => "[" + string.Join(", ", entries.Select(entry => entry is null ? "null" : Spaced(entry))) + "]",
            _ => node.ToJsonString(Plain),
        };

    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static int WordLength(ReadOnlySpan<byte> rest) =>
        rest.StartsWith("NaN"u8) ? 3 : rest.StartsWith("Infinity"u8) ? 8 : rest.StartsWith("-Infinity"u8) ? 9 : 0;

    /// <summary>Up to and with the closing quote; all of the rest when there is none.</summary>
    private static int StringLength(ReadOnlySpan<byte> rest)
    {
        for (var at = 1; at < rest.Length; at++)
        {
            if (rest[at] == (byte)'\\')
            {
                at++;
            }
            else if (rest[at] == (byte)'"')
            {
                return at + 1;
            }
        }

        return rest.Length;
    }
}
