namespace Squero.Notebooks;

/// <summary>A JSON value somewhere in a file, or none.</summary>
internal readonly record struct JsonPart(ReadOnlyMemory<byte> File, JsonSlice Where)
{
    public static JsonPart None { get; } = new(ReadOnlyMemory<byte>.Empty, default);

    public bool IsPresent => Where.IsPresent;

    public bool IsObject => IsPresent && File.Span[Where.Start] == '{';

    public bool IsText => IsPresent && File.Span[Where.Start] == '"';

    public bool IsList => IsPresent && File.Span[Where.Start] == '[';

    public ReadOnlyMemory<byte> Bytes => File[Where.Start..Where.End];

    public static JsonPart Of(byte[] value) => new(value, new JsonSlice(0, value.Length));

    /// <summary>By meaning; nothing and nothing are the same.</summary>
    public bool Same(JsonPart other) => JsonMeaning.Same(File.Span, Where, other.File.Span, other.Where);

    public JsonPart Member(string name) => new(File, JsonMember.Find(File.Span, Where, name));

    /// <summary>In the order of the file; none when it is no object.</summary>
    public List<(string Name, JsonPart Value)> Members()
    {
        var members = new List<(string, JsonPart)>();
        if (IsObject)
        {
            var walker = new JsonWalker(File.Span[..Where.End], Where.Start);
            walker.Enter((byte)'{');
            while (walker.NextKey(out var key))
            {
                members.Add((JsonText.ReadString(File.Span, key), new JsonPart(File, walker.Value())));
            }
        }

        return members;
    }

    /// <summary>None when it is no list.</summary>
    public List<JsonPart> Items()
    {
        var items = new List<JsonPart>();
        if (IsList)
        {
            var walker = new JsonWalker(File.Span[..Where.End], Where.Start);
            walker.Enter((byte)'[');
            while (walker.NextItem())
            {
                items.Add(new JsonPart(File, walker.Value()));
            }
        }

        return items;
    }

    /// <summary>The texts of a list, or of nothing; null when it is none or holds something else.</summary>
    public List<string>? Texts()
    {
        var items = Items();
        var (file, texts) = (File, IsList || !IsPresent);
        return texts && items.TrueForAll(item => item.IsText) ? items.ConvertAll(item => JsonText.ReadString(file.Span, item.Where)) : null;
    }
}
