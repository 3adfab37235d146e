using System.Buffers.Text;
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
        if (value.Mime == "image/svg+xml")
        {
            return Encoding.UTF8.GetBytes(value.Text());
        }

        // Nearly always one string without escapes, perhaps ended by a line break: no need to make text of it first.
        var raw = value.IsPlainString ? value.Value.Of(value.Json)[1..^1] : default;
        raw = raw.EndsWith("\\n"u8) ? raw[..^2] : raw;
        if (!raw.IsEmpty && raw.IndexOf((byte)'\\') < 0)
        {
            var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(raw.Length)];
            if (Base64.DecodeFromUtf8(raw, bytes, out _, out var decoded) == System.Buffers.OperationStatus.Done)
            {
                Array.Resize(ref bytes, decoded);
                return bytes;
            }
        }

        var text = value.Text();
        var room = new byte[(text.Length * 3 / 4) + 3];
        if (Convert.TryFromBase64String(text, room, out var length))
        {
            return room.AsSpan(0, length).ToArray();
        }

        return Encoding.UTF8.GetBytes(text);
    }
}
