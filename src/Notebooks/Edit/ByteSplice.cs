using System.Buffers;

namespace Squero.Notebooks;

/// <summary>Replaces parts of a file and keeps every other byte.</summary>
internal sealed class ByteSplice(ReadOnlyMemory<byte> file)
{
    private readonly List<(JsonSlice Where, ReadOnlyMemory<byte> With)> _parts = [];

    /// <summary>Parts must not overlap; an empty part inserts.</summary>
    public void Replace(JsonSlice where, ReadOnlyMemory<byte> with) => _parts.Add((where, with));

    public byte[] ToArray() => ToArray(new JsonSlice(0, file.Length));

    /// <summary>One stretch of the file with what is replaced inside it.</summary>
    public byte[] ToArray(JsonSlice stretch)
    {
        var to = new ArrayBufferWriter<byte>(Math.Max(stretch.Length, 16));
        var at = stretch.Start;
        foreach (var (where, with) in _parts.OrderBy(part => part.Where.Start).Where(part => part.Where.Start >= stretch.Start && part.Where.End <= stretch.End))
        {
            to.Write(file.Span[at..where.Start]);
            to.Write(with.Span);
            at = where.End;
        }

        to.Write(file.Span[at..stretch.End]);
        return to.WrittenSpan.ToArray();
    }
}
