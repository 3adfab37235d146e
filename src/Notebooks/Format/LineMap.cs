namespace Squero.Notebooks;

/// <summary>Byte offsets to 1-based line numbers of the raw file.</summary>
internal sealed class LineMap
{
    private readonly List<int> _breaks = [];

    public LineMap(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; ;)
        {
            var step = bytes[at..].IndexOf((byte)'\n');
            if (step < 0)
            {
                return;
            }

            at += step + 1;
            _breaks.Add(at);
        }
    }

    public int LineOf(int offset)
    {
        var found = _breaks.BinarySearch(offset);
        return (found >= 0 ? found + 1 : ~found) + 1;
    }
}
