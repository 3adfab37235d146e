using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Squero.Notebooks;

/// <summary>What applying a patch came to: the new file, or a sentence on why not.</summary>
public sealed record PatchOutcome(byte[]? After, string? Reason);

/// <summary>Rebuilds the new file from the old one and a patch, or a whole JSON diff that holds one. Trusts neither.</summary>
internal static class PatchApply
{
    private const int MaxBytes = 0x7FFFFFC7;
    private const int MaxList = 64 * 1024 * 1024;

    public static PatchOutcome Apply(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> diff)
    {
        try
        {
            using var document = JsonDocument.Parse(diff);
            return new PatchOutcome(Rebuild(before, Find(document.RootElement)), null);
        }
        catch (JsonException error)
        {
            return Refused($"The diff is damaged: it is no JSON from line {error.LineNumber + 1} on.");
        }
        catch (DamagedPatchException damaged)
        {
            return Refused(damaged.Message);
        }
    }

    private static PatchOutcome Refused(string reason) => new(null, reason);

    private static JsonElement Find(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("patch", out var inner))
        {
            root = inner;
        }

        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("ops", out _) && !root.TryGetProperty("packed", out _))
        {
            throw new DamagedPatchException("The diff holds no patch: make it with --format json or --format patch.");
        }

        var version = Number(root, "version");
        return version == NotebookPatch.Version ? root
            : throw new DamagedPatchException($"The patch is of version {version}; this program reads version {NotebookPatch.Version}.");
    }

    private static byte[] Rebuild(ReadOnlyMemory<byte> before, JsonElement patch)
    {
        if (!IsFile(before.Span, Member(patch, "before")))
        {
            throw new DamagedPatchException("The notebook is not the one that the diff was made from: its length or content differs.");
        }

        var old = patch.TryGetProperty("style", out var style) ? Restyled(before.Span, style) : before;
        var size = Number(Member(patch, "after"), "bytes");
        var ops = Parts(patch);
        if (size is < 0 or > MaxBytes || Told(ops) != size)
        {
            throw new DamagedPatchException("The diff is damaged: its parts do not add up to the length it names.");
        }

        var after = new byte[size];
        Fill(after, old.Span, ops);
        return IsFile(after, Member(patch, "after")) ? after : throw new DamagedPatchException("The diff is damaged: what it makes is not what it names.");
    }

    /// <summary>The parts as they stand in the patch, or packed.</summary>
    private static JsonElement Parts(JsonElement patch)
    {
        var parts = patch.TryGetProperty("packed", out var packed) ? Unpacked(packed) : patch.GetProperty("ops");
        return parts.ValueKind == JsonValueKind.Array ? parts : throw new DamagedPatchException("The diff is damaged: its parts are no list.");
    }

    private static JsonElement Unpacked(JsonElement packed)
    {
        var list = new byte[Number(packed, "bytes") is >= 0 and <= MaxList and var bytes ? bytes : throw new DamagedPatchException("The diff is damaged: its list of parts is too long.")];
        Unpack(packed, list);
        using var parts = JsonDocument.Parse(list);
        return parts.RootElement.Clone();
    }

    /// <summary>The length that the parts come to, before any memory is taken for it.</summary>
    private static long Told(JsonElement ops)
    {
        var sum = 0L;
        foreach (var op in ops.EnumerateArray())
        {
            sum += op.ValueKind switch
            {
                JsonValueKind.Number => Math.Max(0, Int(op)),
                JsonValueKind.String => Encoding.UTF8.GetByteCount(Text(op)),
                JsonValueKind.Object => Number(op, "bytes"),
                _ => 0,
            };
        }

        return sum;
    }

    private static void Fill(Span<byte> after, ReadOnlySpan<byte> old, JsonElement ops)
    {
        long cursor = 0;
        foreach (var op in ops.EnumerateArray())
        {
            switch (op.ValueKind)
            {
                case JsonValueKind.Number when Int(op) < 0:
                    cursor -= Int(op);
                    break;
                case JsonValueKind.Array when op.GetArrayLength() == 1:
                    cursor = Int(op[0]);
                    break;
                case JsonValueKind.Number:
                    var length = Int(op);
                    if (cursor < 0 || cursor + length > old.Length)
                    {
                        throw new DamagedPatchException("The diff is damaged: it copies from beyond the end of the notebook.");
                    }

                    old.Slice((int)cursor, length).CopyTo(after);
                    after = after[length..];
                    cursor += length;
                    break;
                case JsonValueKind.String:
                    var written = Encoding.UTF8.GetBytes(Text(op), after);
                    PatchText.Restore(after[..written]);
                    after = after[written..];
                    break;
                case JsonValueKind.Object:
                    after = after[Bytes(op, after)..];
                    break;
                default:
                    throw new DamagedPatchException("The diff is damaged: it has a part of an unknown kind.");
            }
        }
    }

    private static int Bytes(JsonElement op, Span<byte> to)
    {
        if (!IsBase64(Member(op, "base64"), out var bytes) || bytes.Length != Number(op, "bytes"))
        {
            throw new DamagedPatchException("The diff is damaged: a part in base64 is not what it says.");
        }

        bytes.CopyTo(to);
        return bytes.Length;
    }

    private static bool IsBase64(JsonElement text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        return text.ValueKind == JsonValueKind.String && text.TryGetBytesFromBase64(out bytes);
    }

    private static void Unpack(JsonElement list, Span<byte> to)
    {
        if (!IsBase64(Member(list, "deflate"), out var packed))
        {
            throw new DamagedPatchException("The diff is damaged: its packed list is no base64.");
        }

        using var inflate = new DeflateStream(new MemoryStream(packed), CompressionMode.Decompress);
        try
        {
            inflate.ReadExactly(to);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw new DamagedPatchException("The diff is damaged: its packed list cannot be unpacked.");
        }
    }

    private static byte[] Restyled(ReadOnlySpan<byte> before, JsonElement style)
    {
        var wanted = new PatchStyle(
            Text(Member(style, "newline")), Text(Member(style, "indent")), Text(Member(style, "colon")), Text(Member(style, "comma")), Member(style, "sorted").ValueKind == JsonValueKind.True)
        {
            Texts = style.TryGetProperty("texts", out var texts) ? Text(texts) : null,
            Letters = style.TryGetProperty("letters", out var letters) ? Text(letters) : null,
        };
        return (wanted.IsPlausible ? JsonRestyle.Rewrite(before, wanted) : null) ?? throw new DamagedPatchException("The diff is damaged: its layout cannot be applied.");
    }

    private static bool IsFile(ReadOnlySpan<byte> file, JsonElement side) => Number(side, "bytes") == file.Length
        && string.Equals(Text(Member(side, "xxh128")), NotebookPatch.Print(file), StringComparison.OrdinalIgnoreCase);

    private static JsonElement Member(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) ? member
        : throw new DamagedPatchException($"The diff is damaged: it lacks \"{name}\".");

    private static long Number(JsonElement value, string name) =>
        Member(value, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var result) && result is >= int.MinValue and <= int.MaxValue ? result
        : throw new DamagedPatchException($"The diff is damaged: \"{name}\" is no number it can be.");

    private static int Int(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number != int.MinValue ? number
        : throw new DamagedPatchException("The diff is damaged: it has a number that no length can be.");

    private static string Text(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new DamagedPatchException("The diff is damaged: it has a text that is none.");
        }
    }

    /// <summary>Carries the sentence for people out of the depth of a patch.</summary>
    private sealed class DamagedPatchException(string message) : Exception(message);
}
