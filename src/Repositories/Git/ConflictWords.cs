namespace Squero.Repositories;

/// <summary>Git's stable names for conflicts, and what they say in plain words.</summary>
internal static class ConflictWords
{
    public const string Contents = "CONFLICT (contents)";
    public const string AutoMerging = "Auto-merging";

    private static readonly (string Part, string Sentence)[] Known =
    [
        ("modify/delete", "One branch changed it, the other removed it."),
        ("rename/delete", "One branch renamed it, the other removed it."),
        ("rename/rename", "Both branches renamed it, each to another name."),
        ("file/directory", "It is a file in one branch and a folder in the other."),
        ("distinct modes", "It is another kind of file in each branch, such as a link in one of them."),
        ("distinct types", "It is another kind of file in each branch, such as a link in one of them."),
        ("submodule", "Both branches moved a submodule."),
        ("directory rename", "One branch renamed the folder that the other put it into."),
        ("implicit dir", "One branch renamed the folder that the other put it into."),
        ("collision", "Both branches put different files at this place."),
        ("binary", "Both branches changed a binary file."),
    ];

    public static string Explain(IReadOnlyList<string> words) =>
        Known.FirstOrDefault(known => words.Any(word => word.Contains(known.Part, StringComparison.Ordinal))).Sentence
        ?? "Both branches changed it in ways that git cannot bring together.";
}
