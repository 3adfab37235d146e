using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Squero.Notebooks;

/// <summary>Writes a patch as JSON (docs/api/notebook-diff.md). Written by hand, because new bytes pass through untouched.</summary>
internal static class PatchJson
{
    /// <summary>A list of parts this much longer than its new bytes is packed when that is shorter.</summary>
    private const int MaxOverhead = 2_048;

    /// <summary>More new bytes are no longer packed: most are pictures, which packing only slows.</summary>
    private const int MaxPackedNew = 64 * 1024;

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
                ["letters"] = style.Letters!,
            }.Where(member => member.Value is not null).ToDictionary()));
        }

        var news = 0L;
        foreach (var op in ops)
        {
            news += op.IsCopy ? 0 : op.Length;
        }

        var list = List(after, ops, news);
        if (list.WrittenCount > (news * 9 / 8) + MaxOverhead && news <= MaxPackedNew
            && Pack(list.WrittenSpan) is var packed && packed.Length / 3 * 4 < list.WrittenCount)
        {
            Text(to, ",\"packed\":");
            Text(to, $"{{\"bytes\":{list.WrittenCount},\"deflate\":\"{Convert.ToBase64String(packed)}\"}}");
        }
        else
        {
            Text(to, ",\"ops\":");
            to.Write(list.WrittenSpan);
        }

        Text(to, "}");
    }

    private static ArrayBufferWriter<byte> List(ReadOnlySpan<byte> after, List<PatchOp> ops, long news)
    {
        const int PerPart = 10;
        var list = new ArrayBufferWriter<byte>((int)Math.Min(Array.MaxLength, 64 + (news * 9 / 8) + (ops.Count * PerPart)));
        Text(list, "[");
        Ops(list, after, ops);
        Text(list, "]");
        return list;
    }

    private static void Side(IBufferWriter<byte> to, ReadOnlySpan<byte> file) =>
        Text(to, $"{{\"bytes\":{file.Length},\"xxh128\":\"{NotebookPatch.Print(file)}\"}}");

    private static void Ops(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> after, List<PatchOp> ops)
    {
        int at = 0, cursor = 0;
        for (var i = 0; i < ops.Count; i++)
        {
            var op = ops[i];
            Text(to, i == 0 ? "" : ",");
            if (!op.IsCopy)
            {
                New(to, after.Slice(at, op.Length));
            }
            else
            {
                Skip(to, cursor, op.From);
                Number(to, op.Length);
                cursor = op.From + op.Length;
            }

            at += op.Length;
        }
    }

    private static void Skip(ArrayBufferWriter<byte> to, int cursor, int from)
    {
        if (from > cursor)
        {
            Number(to, cursor - from);
            Text(to, ",");
        }
        else if (from < cursor)
        {
            Text(to, "[");
            Number(to, from);
            Text(to, "],");
        }
    }

    private static void New(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> bytes)
    {
        // A stretch may begin or end within a character.
        if (Utf8.IsValid(bytes))
        {
            PatchText.Write(to, bytes);
        }
        else
        {
            Text(to, $"{{\"bytes\":{bytes.Length},\"base64\":\"{Convert.ToBase64String(bytes)}\"}}");
        }
    }

    private static byte[] Pack(ReadOnlySpan<byte> bytes)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, true))
        {
            deflate.Write(bytes);
        }

        return packed.ToArray();
    }

    private static void Number(ArrayBufferWriter<byte> to, int number)
    {
        const int Longest = 11;
        number.TryFormat(to.GetSpan(Longest), out var length, default, CultureInfo.InvariantCulture);
        to.Advance(length);
    }

    private static void Text(IBufferWriter<byte> to, string text) => Encoding.ASCII.GetBytes(text, to);
}
