using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Squero.Notebooks;

/// <summary>Writes a patch as JSON (docs/api/notebook-diff.md). Written by hand, because new bytes pass through untouched.</summary>
internal static class PatchJson
{
    /// <summary>Longer new text is told packed when that is shorter.</summary>
    private const int MaxPlain = 256;

    /// <summary>More new bytes are no longer packed together: most are pictures, which packing only slows.</summary>
    private const int MaxPackedNew = 64 * 1024;

    /// <summary>More parts than this are much alike, and are packed together when that is shorter.</summary>
    private const int Many = 12;
    private const int MinPacked = 1_024;

    private static readonly SearchValues<byte> Special = SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    public static void Write(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, PatchStyle? style, List<PatchOp> ops, IBufferWriter<byte> to)
    {
        Text(to, $"{{\"version\":{NotebookPatch.Version},\"before\":");
        Side(to, before);
        Text(to, ",\"after\":");
        Side(to, after);
        if (style is not null)
        {
            Text(to, ",\"style\":" + JsonSerializer.Serialize(new Dictionary<string, object>
            {
                ["newline"] = style.NewLine,
                ["indent"] = style.Indent,
                ["colon"] = style.Colon,
                ["comma"] = style.Comma,
                ["sorted"] = style.Sorted,
                ["texts"] = style.Texts!,
            }.Where(member => member.Value is not null).ToDictionary()));
        }

        var list = List(after, ops, packs: true);
        if (list.WrittenCount > MinPacked && ops.Count > Many && ops.Sum(op => op.IsCopy ? 0L : op.Length) <= MaxPackedNew
            && List(after, ops, packs: false) is var plain && Pack(plain.WrittenSpan, CompressionLevel.Optimal) is var packed && packed.Length / 3 * 4 < list.WrittenCount)
        {
            Text(to, ",\"packed\":");
            Packed(to, plain.WrittenCount, packed);
        }
        else
        {
            Text(to, ",\"ops\":");
            to.Write(list.WrittenSpan);
        }

        Text(to, "}");
    }

    private static ArrayBufferWriter<byte> List(ReadOnlySpan<byte> after, List<PatchOp> ops, bool packs)
    {
        var list = new ArrayBufferWriter<byte>(1024);
        Text(list, "[");
        Ops(list, after, ops, packs);
        Text(list, "]");
        return list;
    }

    private static void Side(IBufferWriter<byte> to, ReadOnlySpan<byte> file) =>
        Text(to, $"{{\"bytes\":{file.Length},\"sha256\":\"{Convert.ToHexStringLower(SHA256.HashData(file))}\"}}");

    private static void Ops(IBufferWriter<byte> to, ReadOnlySpan<byte> after, List<PatchOp> ops, bool packs)
    {
        int at = 0, cursor = 0;
        for (var i = 0; i < ops.Count; i++)
        {
            var op = ops[i];
            Text(to, i == 0 ? "" : ",");
            if (!op.IsCopy)
            {
                New(to, after.Slice(at, op.Length), packs);
            }
            else
            {
                var skip = op.From - cursor;
                Text(to, skip == 0 ? "" : skip > 0 ? string.Create(CultureInfo.InvariantCulture, $"-{skip},") : $"[{op.From}],");
                Text(to, op.Length.ToString(CultureInfo.InvariantCulture));
                cursor = op.From + op.Length;
            }

            at += op.Length;
        }
    }

    private static void New(IBufferWriter<byte> to, ReadOnlySpan<byte> bytes, bool packs)
    {
        var valid = Utf8.IsValid(bytes);
        if (valid && (!packs || bytes.Length <= MaxPlain || Escapes(bytes) * 16 < bytes.Length))
        {
            Quoted(to, bytes);
            return;
        }

        var packed = Pack(bytes, CompressionLevel.Fastest);
        if (valid && packed.Length / 3 * 4 > bytes.Length)
        {
            Quoted(to, bytes);
            return;
        }

        Packed(to, bytes.Length, packed);
    }

    private static void Packed(IBufferWriter<byte> to, int bytes, byte[] packed) =>
        Text(to, $"{{\"bytes\":{bytes},\"deflate\":\"{Convert.ToBase64String(packed)}\"}}");

    private static int Escapes(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        while (bytes.IndexOfAny(Special) is >= 0 and var at)
        {
            count++;
            bytes = bytes[(at + 1)..];
        }

        return count;
    }

    private static byte[] Pack(ReadOnlySpan<byte> bytes, CompressionLevel level)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, level, true))
        {
            deflate.Write(bytes);
        }

        return packed.ToArray();
    }

    private static void Quoted(IBufferWriter<byte> to, ReadOnlySpan<byte> bytes)
    {
        to.Write("\""u8);
        while (bytes.IndexOfAny(Special) is >= 0 and var at)
        {
            to.Write(bytes[..at]);
            switch (bytes[at])
            {
                case (byte)'"':
                    to.Write("\\\""u8);
                    break;
                case (byte)'\\':
                    to.Write("\\\\"u8);
                    break;
                case (byte)'\n':
                    to.Write("\\n"u8);
                    break;
                default:
                    Text(to, $"\\u{bytes[at]:x4}");
                    break;
            }

            bytes = bytes[(at + 1)..];
        }

        to.Write(bytes);
        to.Write("\""u8);
    }

    private static void Text(IBufferWriter<byte> to, string text) => Encoding.ASCII.GetBytes(text, to);
}
