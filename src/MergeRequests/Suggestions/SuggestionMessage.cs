using System.Text;

namespace Squero.MergeRequests;

/// <summary>The message of the commit that applies suggestions: what, where, and who thought of it.</summary>
internal static class SuggestionMessage
{
    private const int LengthMax = 10_000;

    public static string Write(IReadOnlyList<Suggestion> applied, string? wanted, IReadOnlyList<(string Name, string Email)> authors)
    {
        var own = wanted?.ReplaceLineEndings("\n").Trim() ?? "";
        var message = new StringBuilder(own.Length == 0 ? Subject(applied) : own.Length <= LengthMax ? own : own[..LengthMax]).Append('\n');
        for (var i = 0; i < authors.Count; i++)
        {
            message.Append(i == 0 ? "\n" : "").Append("Co-authored-by: ").Append(Clean(authors[i].Name)).Append(" <").Append(Clean(authors[i].Email)).Append(">\n");
        }

        return message.ToString();
    }

    private static string Subject(IReadOnlyList<Suggestion> applied)
    {
        var files = applied.Select(one => one.Path).Distinct(StringComparer.Ordinal).ToList();
        var where = files.Count == 1 ? Clean(files[0]) : $"{files.Count} files";
        return applied.Count == 1 ? $"Apply a suggestion to {where}" : $"Apply {applied.Count} suggestions to {where}";
    }

    // A name must not look like another trailer.
    private static string Clean(string text) => new([.. text.Where(c => !char.IsControl(c) && c is not ('<' or '>'))]);
}
