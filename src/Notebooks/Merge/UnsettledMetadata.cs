namespace Squero.Notebooks;

/// <summary>
/// Metadata has no place for markers. Ours stands where it was; what theirs wants instead is kept beside it, under a key
/// that people delete when they have chosen.
/// </summary>
internal static class UnsettledMetadata
{
    public const string Key = "merge_conflicts";

    public static JsonPart Record(JsonPart merged, JsonPart theirs, IEnumerable<string> keys, JsonStyle style, string indent)
    {
        var edit = new JsonObjectEdit(merged, style, indent);
        var record = new JsonObjectEdit(edit[Key], style, indent + style.Indent);
        foreach (var key in keys)
        {
            record.Set(key, theirs.Member(key));
        }

        edit.Set(Key, JsonPart.Of(record.ToArray()));
        return JsonPart.Of(edit.ToArray());
    }
}
