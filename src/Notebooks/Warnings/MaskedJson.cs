using System.Text;

namespace Squero.Notebooks;

/// <summary>A form of an output that is JSON itself, with every credential in it cut: a name and its secret are two values there, so all of it is looked at.</summary>
internal static class MaskedJson
{
    /// <summary>The same value when there is nothing to hide.</summary>
    public static MimeValue Of(MimeValue value)
    {
        var json = Encoding.UTF8.GetString(value.Value.Of(value.Json));
        var masked = Credentials.MaskJson(json);
        if (ReferenceEquals(masked, json))
        {
            return value;
        }

        var bytes = Encoding.UTF8.GetBytes(masked);
        return new MimeValue(value.Mime, bytes, new JsonSlice(0, bytes.Length));
    }
}
