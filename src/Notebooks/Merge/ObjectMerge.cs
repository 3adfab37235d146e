namespace Squero.Notebooks;

/// <summary>
/// Merges JSON objects key by key: what one side changed is taken, a changed value wins over a removed one, lists of
/// words (tags) are merged as sets, and where both changed a value, the caller says whose counts.
/// </summary>
internal sealed class ObjectMerge(JsonStyle style, bool deep, Func<string, bool> takesTheirs)
{
    /// <summary>Deeper values are taken whole.</summary>
    private const int MaxDepth = 12;

    /// <summary>Ours itself when nothing of theirs comes in.</summary>
    public JsonPart Merge(JsonPart old, JsonPart ours, JsonPart theirs, string indent) =>
        old.Same(theirs) || ours.Same(theirs) ? ours
        : old.Same(ours) && theirs.IsObject ? theirs
        : Merge(old, ours, theirs, indent, null, 0);

    private JsonPart Merge(JsonPart old, JsonPart ours, JsonPart theirs, string indent, string? topKey, int depth)
    {
        var edit = new JsonObjectEdit(ours, style, indent);
        var was = Members(old);
        var others = Members(theirs);
        foreach (var key in was.Keys.Union(others.Keys, StringComparer.Ordinal))
        {
            var (b, o, t) = (was.GetValueOrDefault(key, JsonPart.None), edit[key], others.GetValueOrDefault(key, JsonPart.None));
            if (t.Same(b) || t.Same(o))
            {
                continue;
            }

            if (!o.Same(b))
            {
                Both(edit, key, (b, o, t), indent + style.Indent, topKey ?? key, depth + 1);
            }
            else if (t.IsPresent)
            {
                edit.Set(key, t);
            }
            else
            {
                edit.Remove(key);
            }
        }

        return edit.IsChanged ? JsonPart.Of(edit.ToArray()) : ours;
    }

    private void Both(JsonObjectEdit edit, string key, (JsonPart Base, JsonPart Ours, JsonPart Theirs) part, string indent, string topKey, int depth)
    {
        var (old, ours, theirs) = part;
        if (!theirs.IsPresent)
        {
            return;
        }

        if (deep && depth < MaxDepth && ours.IsObject && theirs.IsObject)
        {
            edit.Set(key, Merge(old, ours, theirs, indent, topKey, depth));
        }
        else if (deep && ours.IsPresent && old.Texts() is { } was && ours.Texts() is { } mine && theirs.Texts() is { } others)
        {
            edit.Set(key, JsonPart.Of(WordList([.. mine.Where(word => others.Contains(word) || !was.Contains(word)), .. others.Except(was).Except(mine)], indent)));
        }
        else if (!ours.IsPresent || takesTheirs(topKey))
        {
            edit.Set(key, theirs);
        }
    }

    private byte[] WordList(List<string> words, string indent)
    {
        var lines = words.ConvertAll(word => (ReadOnlyMemory<byte>)style.Escapes.Quote(word));
        return ListText.Write(lines, style, indent);
    }

    private static Dictionary<string, JsonPart> Members(JsonPart owner)
    {
        var members = new Dictionary<string, JsonPart>(StringComparer.Ordinal);
        foreach (var (name, value) in owner.Members())
        {
            members[name] = value;
        }

        return members;
    }
}
