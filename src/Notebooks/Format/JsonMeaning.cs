using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Squero.Notebooks;

/// <summary>
/// Compares JSON by meaning: white space, key order, escapes and the choice between a text and a list of its lines
/// do not count. Equal bytes are the fast way out; otherwise two 128-bit fingerprints are compared.
/// </summary>
internal static class JsonMeaning
{
    private const int MaxDepth = 200;

    /// <summary>Another one in every process: nobody can prepare two outputs that look alike to it.</summary>
    private static readonly long Seed = BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(8));

    public static bool Same(ReadOnlySpan<byte> a, JsonSlice x, ReadOnlySpan<byte> b, JsonSlice y)
    {
        if (!x.IsPresent || !y.IsPresent)
        {
            return x.IsPresent == y.IsPresent;
        }

        return x.Of(a).SequenceEqual(y.Of(b)) || Fingerprint(a, x) == Fingerprint(b, y);
    }

    public static UInt128 Fingerprint(ReadOnlySpan<byte> json, JsonSlice value)
    {
        if (!value.IsPresent)
        {
            return UInt128.Zero;
        }

        var walker = new JsonWalker(json[..value.End], value.Start);
        return Print(json, ref walker, 0);
    }

    public static UInt128 Fingerprint(ReadOnlySpan<char> text) => Fingerprint(MemoryMarshal.AsBytes(text));

    public static UInt128 Fingerprint(ReadOnlySpan<byte> bytes) => XxHash128.HashToUInt128(bytes, Seed);

    private static UInt128 Print(ReadOnlySpan<byte> json, ref JsonWalker walker, int depth)
    {
        if (depth < MaxDepth && walker.IsAt((byte)'{'))
        {
            return PrintObject(json, ref walker, depth);
        }

        if (depth < MaxDepth && walker.IsAt((byte)'['))
        {
            return PrintArray(json, ref walker, depth);
        }

        var value = walker.Value();
        if (!value.IsPresent)
        {
            return UInt128.Zero;
        }

        return json[value.Start] == '"' ? PrintText(json, value) : Fingerprint(value.Of(json)) + 7;
    }

    private static UInt128 PrintObject(ReadOnlySpan<byte> json, ref JsonWalker walker, int depth)
    {
        var sum = new UInt128(1, 11);
        walker.Enter((byte)'{');
        while (walker.NextKey(out var key))
        {
            sum += Join(PrintText(json, key), Print(json, ref walker, depth + 1));
        }

        return sum;
    }

    private static UInt128 PrintArray(ReadOnlySpan<byte> json, ref JsonWalker walker, int depth)
    {
        var look = walker;
        if (StepOverTexts(ref look))
        {
            var start = walker.At;
            walker = look;
            return PrintText(json, new JsonSlice(start, look.At));
        }

        var chain = new UInt128(3, (ulong)depth + 13);
        walker.Enter((byte)'[');
        while (walker.NextItem())
        {
            chain = Join(chain, Print(json, ref walker, depth + 1));
        }

        return chain;
    }

    // Stops at the first item that is no text, so that nested lists are not walked once for every level above them.
    private static bool StepOverTexts(ref JsonWalker walker)
    {
        walker.Enter((byte)'[');
        var any = false;
        while (walker.NextItem())
        {
            if (!walker.IsAt((byte)'"'))
            {
                return false;
            }

            any = true;
            walker.Value();
        }

        return any && !walker.IsBroken;
    }

    private static UInt128 PrintText(ReadOnlySpan<byte> json, JsonSlice value)
    {
        var room = ArrayPool<char>.Shared.Rent(Math.Max(1, value.Length));
        var print = Fingerprint(room.AsSpan(0, JsonText.Read(json, value, room)));
        ArrayPool<char>.Shared.Return(room);
        return print;
    }

    private static UInt128 Join(UInt128 a, UInt128 b) => new(
        Mix((ulong)(a >> 64) ^ (ulong)b, 0x8EBC6AF09C88C6E3) + (ulong)(b >> 64),
        Mix((ulong)a ^ BitOperations.RotateLeft((ulong)b, 23), 0x589965CC75374CC3) + (ulong)(b >> 64));

    private static ulong Mix(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low ^ BitOperations.RotateLeft(a, 29);
    }
}
