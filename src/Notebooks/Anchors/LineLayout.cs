namespace Squero.Notebooks;

/// <summary>What a formatter changes in a line and its writer did not mean: white space, kinds of quotes, trailing commas.</summary>
internal static class LineLayout
{
    /// <summary>The line without its layout; two lines with the same are one line laid out differently.</summary>
    public static string Bare(string line)
    {
        var kept = new char[line.Length];
        var length = 0;
        foreach (var c in line)
        {
            if (!char.IsWhiteSpace(c))
            {
                kept[length++] = c == '\'' ? '"' : c;
            }
        }

        return new string(kept, 0, length).TrimEnd(',', ';', '\\');
    }
}
