namespace Squero.Notebooks;

/// <summary>One form of an output (or attachment): its media type and, read when asked for, its content.</summary>
public sealed class MimeValue
{
    private readonly ReadOnlyMemory<byte> _json;

    internal MimeValue(string mime, ReadOnlyMemory<byte> json, JsonSlice value)
    {
        Mime = mime;
        _json = json;
        Value = value;
    }

    /// <summary>Lower case, without parameters it does not need.</summary>
    public string Mime { get; }

    public bool IsPicture => NotebookPicture.IsPicture(Mime);

    /// <summary>Bytes of the value in the file, base64 included.</summary>
    public int RawLength => Value.Length;

    internal JsonSlice Value { get; }

    internal ReadOnlySpan<byte> Json => _json.Span;

    internal bool IsPlainString => Value.Length >= 2 && Json[Value.Start] == '"' && Json[Value.End - 1] == '"';

    /// <summary>The same picture, written as another text.</summary>
    internal bool IsReencodedIn(MimeValue other) => IsPicture && !Value.Of(Json).SequenceEqual(other.Value.Of(other.Json)) && Text() != other.Text();

    public string Text() => JsonText.Read(Json, Value);

    internal bool Means(MimeValue other) => Mime == other.Mime && (IsPicture ? SamePicture(other) : JsonMeaning.Same(Json, Value, other.Json, other.Value));

    // Writers break base64 into lines as they like: that makes no new picture.
    private bool SamePicture(MimeValue other) =>
        Value.Of(Json).SequenceEqual(other.Value.Of(other.Json))
        || NotebookPicture.Fingerprint(this) == NotebookPicture.Fingerprint(other);
}
