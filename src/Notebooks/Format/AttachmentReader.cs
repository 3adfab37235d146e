namespace Squero.Notebooks;

/// <summary>Reads the pictures pasted into a cell: {"plot.png": {"image/png": "…"}}.</summary>
internal static class AttachmentReader
{
    public static IReadOnlyDictionary<string, IReadOnlyList<MimeValue>> Read(ReadOnlyMemory<byte> bytes, JsonSlice slice)
    {
        if (!slice.IsPresent)
        {
            return Cell.NoAttachments;
        }

        var json = bytes.Span;
        var found = new Dictionary<string, IReadOnlyList<MimeValue>>(StringComparer.Ordinal);
        var walker = new JsonWalker(json[..slice.End], slice.Start);
        walker.Enter((byte)'{');
        while (walker.NextKey(out var key))
        {
            found[JsonText.ReadString(json, key)] = OutputReader.ReadBundle(bytes, ref walker);
        }

        return found;
    }
}
