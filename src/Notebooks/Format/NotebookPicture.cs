using System.Security.Cryptography;
using System.Text;

namespace Squero.Notebooks;

/// <summary>A picture out of a notebook, decoded. The media type is one of the few that browsers draw in an img.</summary>
public sealed record NotebookPicture(byte[] Bytes, string MediaType)
{
    internal static bool IsPicture(string mime) =>
        mime is "image/png" or "image/jpeg" or "image/gif" or "image/webp" or "image/svg+xml";

    /// <summary>64 lower-case hexadecimal digits of the decoded bytes: the picture's name in URLs and anchors.</summary>
    internal static string Sha256Of(MimeValue value) => Convert.ToHexStringLower(SHA256.HashData(Decode(value)));

    /// <summary>The bytes themselves; what is no base64 gives the text's own bytes, so that it still has a name.</summary>
    internal static byte[] Decode(MimeValue value)
    {
        var text = value.Text();
        if (value.Mime == "image/svg+xml")
        {
            return Encoding.UTF8.GetBytes(text);
        }

        var room = new byte[(text.Length * 3 / 4) + 3];
        if (Convert.TryFromBase64String(text, room, out var length))
        {
            return room.AsSpan(0, length).ToArray();
        }

        return Encoding.UTF8.GetBytes(text);
    }
}
