using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Squero.Notebooks;

/// <summary>What conflicts are called: their ids, their sentences, and the markers that people know from git.</summary>
internal static class ConflictText
{
    public static IEnumerable<string> Marked(IEnumerable<string> ours, IEnumerable<string> theirs, MergeLabels labels, string oursNote = "", string theirsNote = "") =>
    [
        Marker('<', labels) + " " + labels.Ours + oursNote,
        .. ours,
        Marker('=', labels),
        .. theirs,
        Marker('>', labels) + " " + labels.Theirs + theirsNote,
    ];

    /// <summary>
    /// Tells a conflict from all others of the same three files. Of lines that collide, only those lines are digested: a
    /// cell may have thousands of conflicts.
    /// </summary>
    public static MergeConflict WithId(MergeConflict conflict)
    {
        var text = new StringBuilder(conflict.Kind.ToString()).Append('\0').Append(conflict.Name);
        var hunk = conflict.Hunk;
        Append(text, conflict.Base, hunk?.BaseLine, hunk?.Base);
        Append(text, conflict.Ours, hunk?.OursLine, hunk?.Ours);
        Append(text, conflict.Theirs, hunk?.TheirsLine, hunk?.Theirs);
        return conflict with { Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 8)) };
    }

    public static string Sentence(MergeConflict conflict, MergeLabels labels)
    {
        var where = conflict.Place < 0 ? "Notebook" : string.Create(CultureInfo.InvariantCulture, $"Cell {conflict.Place + 1}");
        return where + ": " + conflict.Kind switch
        {
            MergeConflictKind.EditEdit when conflict.Base is null => $"{labels.Ours} and {labels.Theirs} added it with different lines.",
            MergeConflictKind.EditEdit => $"{labels.Ours} and {labels.Theirs} {Lines(conflict.Hunk!)}.",
            MergeConflictKind.EditRemove when conflict.Ours is null => $"{labels.Ours} removed it, {labels.Theirs} edited it.",
            MergeConflictKind.EditRemove => $"{labels.Ours} edited it, {labels.Theirs} removed it.",
            MergeConflictKind.CellType => $"{labels.Ours} made it a {Type(conflict.Ours!)} cell, {labels.Theirs} a {Type(conflict.Theirs!)} cell.",
            MergeConflictKind.Attachment => $"{labels.Ours} and {labels.Theirs} replaced the picture `{conflict.Name}`.",
            _ => $"{labels.Ours} and {labels.Theirs} set the metadata `{conflict.Name}` to different values.",
        };
    }

    public static string Type(Cell cell) => cell.Kind.ToString().ToLowerInvariant();

    private static void Append(StringBuilder text, Cell? cell, int? line, IReadOnlyList<string>? lines)
    {
        text.Append('\0').Append(CultureInfo.InvariantCulture, $"{cell?.Index} {line} {lines?.Count}\0");
        text.AppendJoin('\n', lines ?? [cell?.Source ?? ""]);
    }

    private static string Lines(MergeHunk hunk) => hunk.Base.Count switch
    {
        0 => "put different lines at the same place",
        1 => string.Create(CultureInfo.InvariantCulture, $"changed the same line, which was line {hunk.BaseLine + 1} before"),
        _ => string.Create(CultureInfo.InvariantCulture, $"changed the same lines, which were lines {hunk.BaseLine + 1} to {hunk.BaseLine + hunk.Base.Count} before"),
    };

    private static string Marker(char sign, MergeLabels labels) => new(sign, Math.Clamp(labels.MarkerSize, 1, 200));
}
