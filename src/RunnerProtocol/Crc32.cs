using System.Globalization;

namespace Squero.RunnerProtocol;

/// <summary>CRC-32 (IEEE) of a log, computed as it grows. Start with <c>default</c>.</summary>
public readonly record struct Crc32
{
    private static readonly uint[] Table = MakeTable();

    public uint Value { get; private init; }

    public Crc32 Append(ReadOnlySpan<byte> bytes)
    {
        var register = ~Value;
        foreach (var octet in bytes)
        {
            register = Table[(byte)(register ^ octet)] ^ (register >> 8);
        }

        return new Crc32 { Value = ~register };
    }

    /// <summary>As it travels: <c>crc32:0badf00d</c>.</summary>
    public string ToChecksum() => string.Create(CultureInfo.InvariantCulture, $"crc32:{Value:x8}");

    private static uint[] MakeTable()
    {
        const uint reversedPolynomial = 0xEDB88320;
        var table = new uint[256];
        for (uint entry = 0; entry < 256; entry++)
        {
            var value = entry;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) == 0 ? value >> 1 : reversedPolynomial ^ (value >> 1);
            }

            table[entry] = value;
        }

        return table;
    }
}
