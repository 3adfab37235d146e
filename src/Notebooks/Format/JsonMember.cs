namespace Squero.Notebooks;

/// <summary>Members of JSON objects by name, read in place.</summary>
internal static class JsonMember
{
    /// <summary>An empty slice when there is no such member or the owner is no object.</summary>
    public static JsonSlice Find(ReadOnlySpan<byte> json, JsonSlice owner, string name)
    {
        if (owner.IsPresent)
        {
            var walker = new JsonWalker(json[..owner.End], owner.Start);
            if (walker.Enter((byte)'{'))
            {
                while (walker.NextKey(out var key))
                {
                    var value = walker.Value();
                    if (key.Length - 2 <= name.Length * 3 && JsonText.ReadString(json, key) == name)
                    {
                        return value;
                    }
                }
            }
        }

        return default;
    }

    public static Dictionary<string, JsonSlice> All(ReadOnlySpan<byte> json, JsonSlice owner)
    {
        var members = new Dictionary<string, JsonSlice>(StringComparer.Ordinal);
        if (owner.IsPresent)
        {
            var walker = new JsonWalker(json[..owner.End], owner.Start);
            if (walker.Enter((byte)'{'))
            {
                while (walker.NextKey(out var key))
                {
                    members[JsonText.ReadString(json, key)] = walker.Value();
                }
            }
        }

        return members;
    }
}
