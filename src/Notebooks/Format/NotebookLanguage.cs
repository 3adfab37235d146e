namespace Squero.Notebooks;

/// <summary>Finds the kernel's language in the notebook's metadata.</summary>
internal static class NotebookLanguage
{
    public static string Find(ReadOnlySpan<byte> json, JsonSlice metadata)
    {
        string? spec = null, name = null;
        if (!metadata.IsPresent)
        {
            return "python";
        }

        var walker = new JsonWalker(json[..metadata.End], metadata.Start);
        walker.Enter((byte)'{');
        while (walker.NextKey(out var key))
        {
            var section = key.Of(json);
            if (section.SequenceEqual("\"language_info\""u8))
            {
                name = Member(json, ref walker, "\"name\""u8) ?? name;
            }
            else if (section.SequenceEqual("\"kernelspec\""u8))
            {
                spec = Member(json, ref walker, "\"language\""u8) ?? spec;
            }
            else
            {
                walker.Value();
            }
        }

        var language = (name ?? spec ?? "python").ToLowerInvariant();
        return language.Length is > 0 and <= 40 && language.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '#' or '-') ? language : "python";
    }

    private static string? Member(ReadOnlySpan<byte> json, ref JsonWalker walker, ReadOnlySpan<byte> wanted)
    {
        string? found = null;
        if (!walker.Enter((byte)'{'))
        {
            walker.Value();
            return null;
        }

        while (walker.NextKey(out var key))
        {
            var value = walker.Value();
            if (key.Of(json).SequenceEqual(wanted) && value.IsPresent && json[value.Start] == '"')
            {
                found = JsonText.ReadString(json, value);
            }
        }

        return found;
    }
}
