using System.Globalization;

namespace Squero.Notebooks;

/// <summary>Which characters of an old and a new line differ: ranges that a reader sees marked.</summary>
internal static class WordMarks
{
    private const int MaxLine = 2_000;
    private const int MaxCost = 80;

    /// <summary>Empty ranges when the lines have too little in common for marks to help.</summary>
    public static (List<Range> Old, List<Range> New) Between(string old, string now)
    {
        if (old.Length > MaxLine || now.Length > MaxLine)
        {
            return ([], []);
        }

        var before = Words(old);
        var after = Words(now);
        var hunks = LineDiff.Between(before, after, MaxCost);
        List<Range> oldMarks = [], newMarks = [];
        var oldAt = Starts(before);
        var newAt = Starts(after);
        var marked = 0;
        foreach (var hunk in hunks)
        {
            marked += Mark(oldMarks, oldAt, hunk.Before, hunk.RemovedCount);
            marked += Mark(newMarks, newAt, hunk.After, hunk.AddedCount);
        }

        // Mostly different: whole lines are calmer than a piano keyboard of marks.
        return marked * 10 > (old.Length + now.Length) * 7 ? ([], []) : (oldMarks, newMarks);
    }

    private static int Mark(List<Range> marks, int[] starts, int from, int count)
    {
        if (count > 0)
        {
            marks.Add(starts[from]..starts[from + count]);
        }

        return starts[from + count] - starts[from];
    }

    private static List<string> Words(string line)
    {
        var words = new List<string>();
        for (var at = 0; at < line.Length;)
        {
            var end = at + 1;
            if (IsWord(line[at]))
            {
                while (end < line.Length && IsWord(line[end]))
                {
                    end++;
                }
            }
            else if (char.IsHighSurrogate(line[at]) && end < line.Length)
            {
                end++;
            }

            words.Add(line[at..end]);
            at = end;
        }

        return words;
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_' || char.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark;

    private static int[] Starts(List<string> words)
    {
        var starts = new int[words.Count + 1];
        for (var i = 0; i < words.Count; i++)
        {
            starts[i + 1] = starts[i] + words[i].Length;
        }

        return starts;
    }
}
