using System.Globalization;

namespace Squero.Ui;

internal static class Initials
{
    /// <summary>At most two letters: "Ada Lovelace" is AL, "ada" is A.</summary>
    public static string Of(string name)
    {
        var words = name.Split([' ', '.', '-', '_', '@'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            return "?";
        var last = words.Length > 1 && char.IsLetter(words[^1], 0) ? First(words[^1]) : "";
        return (First(words[0]) + last).ToUpperInvariant();
    }

    /// <summary>One of eight colours, always the same for a name.</summary>
    public static int HueOf(string name)
    {
        var sum = 17;
        foreach (var letter in name)
            sum = unchecked((sum * 31) + letter);
        return (int)((uint)sum % 8) + 1;
    }

    private static string First(string word) => StringInfo.GetNextTextElement(word);
}
