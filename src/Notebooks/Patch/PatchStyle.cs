using System.Text;

namespace Squero.Notebooks;

/// <summary>
/// How a whole file is laid out. When a tool wrote the new file in another way than the old one, the patch says so, and
/// what it copies is copied from the old file rewritten in that way: a few words instead of every line.
/// </summary>
internal sealed record PatchStyle(string NewLine, string Indent, string Colon, string Comma, bool Sorted)
{
    /// <summary>Sources and texts of outputs as lists of lines, each as one string, or as a list of that one string.</summary>
    public const string Lines = "lines";
    public const string Whole = "whole";
    public const string Single = "single";

    /// <summary>White space within these lengths alone is a style; a hostile patch gets no others.</summary>
    private const int Longest = 16;

    private static ReadOnlySpan<byte> Space => " \t\r\n"u8;

    /// <summary>In which form texts are written: <see cref="Lines"/>, <see cref="Whole"/> or <see cref="Single"/>; null leaves them as they are.</summary>
    public string? Texts { get; init; }

    /// <summary>How letters beyond ASCII are written: <see cref="JsonLetters.Plain"/> or <see cref="JsonLetters.Escaped"/>; null leaves them as they are.</summary>
    public string? Letters { get; init; }

    public bool IsPlausible => (Texts is null or Lines or Whole or Single) && (Letters is null or JsonLetters.Plain or JsonLetters.Escaped) && IsSpace(NewLine) && IsSpace(Indent) && IsSpace(Colon.Replace(":", "", StringComparison.Ordinal)) && IsSpace(Comma.Replace(",", "", StringComparison.Ordinal))
        && Colon.Count(c => c == ':') == 1 && Comma.Count(c => c == ',') == 1;

    /// <summary>Read off the outermost object.</summary>
    public static PatchStyle Of(ReadOnlySpan<byte> file)
    {
        var walker = new JsonWalker(file, file.StartsWith("\uFEFF"u8) ? 3 : 0);
        var open = walker.Enter((byte)'{') ? walker.At : 0;
        if (open == 0 || !walker.NextKey(out var key))
        {
            return new PatchStyle("\n", " ", ": ", ",", false);
        }

        walker.IsAt((byte)'"');
        var space = Encoding.Latin1.GetString(file[open..key.Start]);
        var colon = Encoding.Latin1.GetString(file[key.End..walker.At]);
        var comma = DeepComma(file, walker) ?? NextComma(file, walker) ?? ",";
        var line = space.LastIndexOf('\n');
        if (line < 0)
        {
            return new PatchStyle("", "", colon, comma, IsSorted(file));
        }

        // Old writers left a space at the end of every line.
        var spaced = comma.StartsWith(", ", StringComparison.Ordinal);
        return new PatchStyle(space.Contains('\r', StringComparison.Ordinal) ? "\r\n" : "\n", space[(line + 1)..], colon, spaced ? ", " : ",", IsSorted(file));
    }

    /// <summary>Nearly always that of the first cell: the cells as a whole need not be walked through.</summary>
    private static string? DeepComma(ReadOnlySpan<byte> file, JsonWalker walker)
    {
        while (walker.IsAt((byte)'[') || walker.IsAt((byte)'{'))
        {
            if (walker.Enter((byte)'[') ? !walker.NextItem() : walker.Enter((byte)'{') && !walker.NextKey(out _))
            {
                return null;
            }
        }

        return NextComma(file, walker);
    }

    /// <summary>What stands between this value and the next key of its object.</summary>
    private static string? NextComma(ReadOnlySpan<byte> file, JsonWalker walker)
    {
        var end = walker.Value().End;
        return !walker.IsBroken && walker.NextKey(out var next) ? Encoding.Latin1.GetString(file[end..next.Start]) : null;
    }

    /// <summary>The form of the first source that tells it; null when none does.</summary>
    public static string? TextsOf(ReadOnlySpan<byte> file)
    {
        var key = "\"source\":"u8;
        for (var at = file.IndexOf(key); at >= 0; at = Next(file, key, at))
        {
            var value = file[(at + key.Length)..].TrimStart(Space);
            if (Form(value) is { } form)
            {
                return form;
            }
        }

        return null;
    }

    /// <summary>A source of one line as a list tells nothing: it is written alike in two forms.</summary>
    private static string? Form(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value[0] != '[')
        {
            return value.StartsWith("\""u8) && !value.StartsWith("\"\""u8) ? Whole : null;
        }

        var first = value[1..].TrimStart(Space);
        if (first.IsEmpty || first[0] != '"')
        {
            return null;
        }

        var item = first[..new JsonWalker(first, 0).Value().End];
        var more = first[item.Length..].TrimStart(Space).StartsWith(","u8);
        return more ? Lines : item[..^1].IndexOf("\\n"u8) is >= 0 and var line && line < item.Length - 3 ? Single : null;
    }

    private static int Next(ReadOnlySpan<byte> file, ReadOnlySpan<byte> key, int at)
    {
        var next = file[(at + key.Length)..].IndexOf(key);
        return next < 0 ? -1 : at + key.Length + next;
    }

    private static bool IsSpace(string text) => text.Length <= Longest && text.All(c => c is ' ' or '\t' or '\r' or '\n');

    // The first object inside the first list, nearly always a cell, speaks for all.
    private static bool IsSorted(ReadOnlySpan<byte> file)
    {
        var walker = new JsonWalker(file, file.StartsWith("\uFEFF"u8) ? 3 : 0);
        if (!walker.Enter((byte)'{'))
        {
            return false;
        }

        var last = default(JsonSlice);
        while (walker.NextKey(out var key))
        {
            if (last.Of(file).SequenceCompareTo(key.Of(file)) > 0)
            {
                return false;
            }

            last = key;
            if (walker.Enter((byte)'['))
            {
                return walker.NextItem() && walker.IsAt((byte)'{') && HasSortedKeys(file, ref walker);
            }

            walker.Value();
        }

        return false;
    }

    private static bool HasSortedKeys(ReadOnlySpan<byte> file, ref JsonWalker walker)
    {
        walker.Enter((byte)'{');
        var last = default(JsonSlice);
        while (walker.NextKey(out var key))
        {
            if (last.Of(file).SequenceCompareTo(key.Of(file)) > 0)
            {
                return false;
            }

            last = key;
            walker.Value();
        }

        return true;
    }
}
