namespace Squero.Notebooks;

/// <summary>A JSON value by its place in the file: bytes from Start up to but without End.</summary>
internal readonly record struct JsonSlice(int Start, int End)
{
    public bool IsPresent => End > Start;

    public int Length => End - Start;

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> json) => json[Start..End];
}
