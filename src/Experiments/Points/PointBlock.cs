using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Squero.Experiments;

/// <summary>
/// Points of one series in few bytes: steps as differences, times as differences of differences (both zigzag varints, since
/// trainings log at an even pace), values as they are. A regular series takes about ten bytes a point.
/// </summary>
/// <remarks>Layout: format (1 byte), count (varint), all steps, all times, all values (64 bits each, little end first).</remarks>
internal static class PointBlock
{
    /// <summary>The most points of a block: large enough that a series is few rows, small enough to rewrite.</summary>
    public const int MaxPoints = 4096;

    private const byte Format = 1;
    private const int LongestVarint = 10;

    public static byte[] Write(ReadOnlySpan<MetricPoint> points)
    {
        var longest = 1 + LongestVarint + (points.Length * ((2 * LongestVarint) + sizeof(double)));
        var bytes = ArrayPool<byte>.Shared.Rent(longest);
        try
        {
            return bytes[..Write(points, bytes)];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Adds the block's points to a list. What is no block throws: the store has written every one of them itself.</summary>
    public static void Read(ReadOnlySpan<byte> bytes, List<MetricPoint> into)
    {
        if (bytes.IsEmpty || bytes[0] != Format)
        {
            throw new InvalidDataException("A block of points has an unknown format.");
        }

        var at = 1;
        var count = (int)ReadVarint(bytes, ref at);
        if (count is < 0 || (long)count * sizeof(double) > bytes.Length)
        {
            throw new InvalidDataException("A block of points is cut off.");
        }

        var old = into.Count;
        CollectionsMarshal.SetCount(into, old + count);
        var points = CollectionsMarshal.AsSpan(into)[old..];
        var values = bytes[^(count * sizeof(double))..];
        var step = 0L;
        foreach (ref var point in points)
        {
            step = unchecked(step + Unzigzag(ReadVarint(bytes, ref at)));
            point = new MetricPoint(step, 0, 0);
        }

        var (time, pace) = (0L, 0L);
        for (var index = 0; index < points.Length; index++)
        {
            pace = unchecked(pace + Unzigzag(ReadVarint(bytes, ref at)));
            time = unchecked(time + pace);
            points[index] = new MetricPoint(points[index].Step, time, BinaryPrimitives.ReadDoubleLittleEndian(values[(index * sizeof(double))..]));
        }
    }

    private static int Write(ReadOnlySpan<MetricPoint> points, byte[] bytes)
    {
        bytes[0] = Format;
        var at = 1 + WriteVarint(bytes.AsSpan(1), (ulong)points.Length);
        var previous = 0L;
        foreach (var point in points)
        {
            at += WriteVarint(bytes.AsSpan(at), Zigzag(unchecked(point.Step - previous)));
            previous = point.Step;
        }

        var (time, pace) = (0L, 0L);
        foreach (var point in points)
        {
            var difference = unchecked(point.AtMs - time);
            at += WriteVarint(bytes.AsSpan(at), Zigzag(unchecked(difference - pace)));
            (time, pace) = (point.AtMs, difference);
        }

        foreach (var point in points)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(at), point.Value);
            at += sizeof(double);
        }

        return at;
    }

    private static ulong Zigzag(long value) => unchecked(((ulong)value << 1) ^ (ulong)(value >> 63));

    private static long Unzigzag(ulong value) => unchecked((long)(value >> 1) ^ -(long)(value & 1));

    private static int WriteVarint(Span<byte> bytes, ulong value)
    {
        var at = 0;
        for (; value >= 0x80; value >>= 7)
        {
            bytes[at++] = (byte)(value | 0x80);
        }

        bytes[at] = (byte)value;
        return at + 1;
    }

    private static ulong ReadVarint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = bytes[at++];
        if (value < 0x80)
        {
            return value;
        }

        value &= 0x7F;
        for (var shift = 7; shift < 64; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                break;
            }
        }

        return value;
    }
}
