using System.Globalization;
using System.Text;

namespace Squero.Repositories;

/// <summary>
/// Git's framing: four hex digits of length (counting themselves), then the bytes. 0000 is a flush, which ends a list.
/// </summary>
internal static class PktLine
{
    public const int MaxLength = 65520;
    public static readonly byte[] Flush = "0000"u8.ToArray();

    /// <summary>The next packet with its header, its payload from index 4 on; four bytes for flush and delimiters; null at the end of the stream.</summary>
    public static async Task<byte[]?> ReadAsync(Stream from, CancellationToken cancel)
    {
        var head = new byte[4];
        var got = await from.ReadAtLeastAsync(head, 4, throwOnEndOfStream: false, cancel);
        if (got == 0)
        {
            return null;
        }

        if (got < 4 || !TryLength(head, out var length))
        {
            throw new InvalidDataException("This is not git's packet format.");
        }

        if (length <= 4)
        {
            return head;
        }

        var packet = new byte[length];
        head.CopyTo(packet, 0);
        await from.ReadExactlyAsync(packet.AsMemory(4), cancel);
        return packet;
    }

    public static bool IsFlush(byte[] packet) => packet.AsSpan().SequenceEqual("0000"u8);

    public static byte[] Text(string text) => Write([], Encoding.UTF8.GetBytes(text));

    /// <summary>One packet of a side band: 1 data, 2 for the person's eyes, 3 a fatal error.</summary>
    public static byte[] Band(byte band, ReadOnlySpan<byte> bytes) => Write([band], bytes);

    private static byte[] Write(ReadOnlySpan<byte> before, ReadOnlySpan<byte> bytes)
    {
        var length = 4 + before.Length + bytes.Length;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength);
        var packet = new byte[length];
        Encoding.ASCII.GetBytes(length.ToString("x4", CultureInfo.InvariantCulture), packet);
        before.CopyTo(packet.AsSpan(4));
        bytes.CopyTo(packet.AsSpan(4 + before.Length));
        return packet;
    }

    private static bool TryLength(ReadOnlySpan<byte> head, out int length) =>
        int.TryParse(head, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out length) && length <= MaxLength && length != 3;
}
