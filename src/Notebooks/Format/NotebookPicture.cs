using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Squero.Notebooks;

/// <summary>A picture out of a notebook, decoded. The media type is one of the few that browsers draw in an img.</summary>
public sealed record NotebookPicture(byte[] Bytes, string MediaType)
{
    /// <summary>What the picture of an output is called in URLs and anchors; null when it has none.</summary>
    public static string? HashOf(CellOutput output) => output.Picture() is { } picture ? Sha256Of(picture) : null;

    internal static bool IsPicture(string mime) =>
        mime is "image/png" or "image/jpeg" or "image/gif" or "image/webp" or "image/svg+xml";

    /// <summary>64 lower-case hexadecimal digits of the decoded bytes: the picture's name in URLs and anchors.</summary>
    internal static string Sha256Of(MimeValue value) => Convert.ToHexStringLower(SHA256.HashData(Decode(value)));

    /// <summary>The same for the same picture, however its base64 is cut into lines. Nothing is decoded.</summary>
    internal static UInt128 Fingerprint(MimeValue value)
    {
        if (value.Mime == "image/svg+xml")
        {
            return JsonMeaning.Fingerprint(value.Json, value.Value);
        }

        var plain = PlainBase64(value);
        return plain.IsEmpty ? CutFingerprint(value) : JsonMeaning.Fingerprint(plain);
    }

    private static UInt128 CutFingerprint(MimeValue value)
    {
        var text = ArrayPool<char>.Shared.Rent(Math.Max(1, value.RawLength));
        var signs = ArrayPool<byte>.Shared.Rent(text.Length);
        var length = 0;
        foreach (var sign in text.AsSpan(0, JsonText.Read(value.Json, value.Value, text)))
        {
            signs[length] = (byte)sign;
            length += sign > ' ' ? 1 : 0;
        }

        var print = JsonMeaning.Fingerprint(signs.AsSpan(0, length));
        ArrayPool<char>.Shared.Return(text);
        ArrayPool<byte>.Shared.Return(signs);
        return print;
    }

    // Nearly always one string without escapes, perhaps ended by a line break: no need to make text of it.
    private static ReadOnlySpan<byte> PlainBase64(MimeValue value)
    {
        var raw = value.IsPlainString ? value.Value.Of(value.Json)[1..^1] : default;
        raw = raw.EndsWith("\\n"u8) ? raw[..^2] : raw;
        return raw.IndexOf((byte)'\\') < 0 ? raw : default;
    }

    /// <summary>The bytes themselves; what is no base64 gives the text's own bytes, so that it still has a name.</summary>
    internal static byte[] Decode(MimeValue value)
    {
        if (value.Mime == "image/svg+xml")
        {
            return Encoding.UTF8.GetBytes(value.Text());
        }

        var raw = PlainBase64(value);
        if (!raw.IsEmpty)
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
