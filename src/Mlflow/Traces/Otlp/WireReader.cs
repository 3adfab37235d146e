using System.Buffers.Binary;
using System.Text;

namespace Squero.Mlflow;

/// <summary>
/// Reads one message of protocol buffers field by field (https://protobuf.dev/programming-guides/encoding/). What is not well-formed
/// throws a <see cref="FormatException"/>.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> rest = message;
    private int wireType;

    /// <summary>The number of the field that <see cref="Next"/> came to.</summary>
    public int Field { get; private set; }

    /// <summary>False at the end. Whoever does not want the field has to <see cref="Skip"/> it.</summary>
    public bool Next()
    {
        if (rest.IsEmpty)
        {
            return false;
        }

        var tag = Varint();
        (Field, wireType) = ((int)Math.Min(tag >> 3, int.MaxValue), (int)(tag & 7));
        return Field > 0 ? true : throw Broken();
    }

    public readonly bool Is(int field, int type) => Field == field && wireType == type;

    public const int Number = 0;
    public const int Fixed = 1;
    public const int Bytes = 2;

    public ulong Varint()
    {
        ulong value = 0;
        for (var index = 0; index < 10; index++)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << (7 * index);
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Broken();
    }

    public ulong Fixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public ReadOnlySpan<byte> Message()
    {
        var length = Varint();
        return length <= (ulong)rest.Length ? Take((int)length) : throw Broken();
    }

    /// <summary>Bytes that are no UTF-8 become the sign for it, and so does NUL.</summary>
    public string Text() => Encoding.UTF8.GetString(Message()).Replace('\0', '\uFFFD');

    /// <summary>A time: later than 2262 counts as that.</summary>
    public long Nanoseconds() => (long)Math.Min(Fixed64(), long.MaxValue);

    public void Skip()
    {
        switch (wireType)
        {
            case Number:
                Varint();
                break;
            case Fixed:
                Take(8);
                break;
            case Bytes:
                Message();
                break;
            case 5:
                Take(4);
                break;
            default:
                throw Broken();
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > rest.Length)
        {
            throw Broken();
        }

        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }

    private static FormatException Broken() => new("the message is broken off or no protocol buffer");
}
