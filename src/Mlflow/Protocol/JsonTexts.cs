using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Squero.Mlflow;

/// <summary>
/// JSON may spell half of a letter (<c>"\ud800"</c>), which no database keeps and no answer can repeat. Such a body is refused
/// as a whole, before anything looks at its texts.
/// </summary>
internal static class JsonTexts
{
    /// <summary>Refuses JSON with a text that is none. What is no JSON at all is left to who reads it.</summary>
    public static void Check(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            throw MlflowError.Invalid("The body is not valid UTF-8.");
        }

        if (json.IndexOf("\\u"u8) >= 0)
        {
            CheckEscapes(json);
        }
    }

    public static void Check(string json) => Check(Encoding.UTF8.GetBytes(json));

    private static void CheckEscapes(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1000 });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    _ = reader.GetString();
                }
            }
        }
        catch (InvalidOperationException)
        {
            throw MlflowError.Invalid("A text of the body holds half of a letter: a surrogate without its other half.");
        }
        catch (JsonException)
        {
            // No JSON: whoever reads it says so.
        }
    }
}
