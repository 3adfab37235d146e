using System.Text;
using System.Text.Json;

namespace Squero.Mlflow;

/// <summary>
/// Texts of keys, each made once: a batch names the same few metrics a hundred times over, mostly in the same order.
/// </summary>
internal sealed class KeyTexts
{
    private const int MaxKept = 64;
    private readonly List<(byte[] Utf8, string Text)> kept = [];
    private int last = -1;

    /// <summary>The text on which the reader stands.</summary>
    public string Of(ref Utf8JsonReader reader)
    {
        for (int tried = 0, at = last + 1; tried < kept.Count; tried++, at++)
        {
            at = at < kept.Count ? at : 0;
            if (reader.ValueTextEquals(kept[at].Utf8))
            {
                last = at;
                return kept[at].Text;
            }
        }

        var text = Read(ref reader);
        if (kept.Count < MaxKept)
        {
            last = kept.Count;
            kept.Add((Encoding.UTF8.GetBytes(text), text));
        }

        return text;
    }

    /// <summary>A text without NUL characters, which not every engine keeps.</summary>
    public static string Read(ref Utf8JsonReader reader)
    {
        var text = reader.GetString()!;
        return text.Contains('\0', StringComparison.Ordinal) ? throw MlflowError.Invalid("A text must not contain NUL characters.") : text;
    }
}
