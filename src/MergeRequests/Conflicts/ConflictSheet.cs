using System.Security.Cryptography;
using System.Text;
using Squero.Notebooks;

namespace Squero.MergeRequests;

/// <summary>One thing to decide, with a key that names it among all files.</summary>
public sealed record SheetConflict(string Key, JudgedFile File, MergeConflict Conflict)
{
    /// <summary>A choice that means something here.</summary>
    public bool Allows(MergeChoice choice) => choice != MergeChoice.Both || Conflict.AllowsBoth;
}

/// <summary>
/// All that collides when the source branch takes in the target branch. Keys and the digest are made of what collides, so that a
/// form that was filled in for something else is noticed, and a choice still fits where nothing has changed.
/// </summary>
public sealed record ConflictSheet(string HeadSha, string TargetSha, MergeLabels Labels, IReadOnlyList<JudgedFile> Files)
{
    private IReadOnlyList<SheetConflict>? conflicts;

    /// <summary>In the order of files and cells.</summary>
    public IReadOnlyList<SheetConflict> Conflicts => conflicts ??= [.. Name()];

    /// <summary>Every file can be finished here.</summary>
    public bool IsFinishable => Files.Count > 0 && Files.All(file => file.Judgement.State is ConflictState.Merged or ConflictState.Undecided);

    public bool IsPending => Files.Any(file => file.Judgement.State == ConflictState.Pending);

    /// <summary>Names the contents of all files in conflict.</summary>
    public string Digest => Hash(string.Join('\0', Files.Select(file => $"{file.File.Path}\0{file.File.Base?.Oid}\0{file.File.Target?.Oid}\0{file.File.Source?.Oid}\0{file.File.Mode}")))[..32];

    /// <summary>Those of the choices that fit.</summary>
    public IReadOnlyDictionary<string, MergeChoice> Fitting(IReadOnlyDictionary<string, MergeChoice> choices) =>
        Conflicts.Where(conflict => choices.TryGetValue(conflict.Key, out var choice) && conflict.Allows(choice))
            .ToDictionary(conflict => conflict.Key, conflict => choices[conflict.Key], StringComparer.Ordinal);

    /// <summary>A notebook as it would be: what is not decided yet stands in its cells as git marks conflicts.</summary>
    public ReadOnlyMemory<byte> Write(JudgedFile file, IReadOnlyDictionary<string, MergeChoice> choices) =>
        file.Merge!.Write(Conflicts.Where(conflict => conflict.File == file && choices.ContainsKey(conflict.Key))
            .ToDictionary(conflict => conflict.Conflict.Id, conflict => choices[conflict.Key], StringComparer.Ordinal));

    private IEnumerable<SheetConflict> Name()
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var file in Files.Where(file => file.Judgement.State == ConflictState.Undecided))
        {
            foreach (var conflict in file.Merge!.Conflicts)
            {
                var key = KeyOf(file.File.Path, conflict);
                seen[key] = seen.GetValueOrDefault(key) + 1;
                yield return new SheetConflict(seen[key] == 1 ? key : $"{key}-{seen[key]}", file, conflict);
            }
        }
    }

    /// <summary>
    /// Made of what is to be decided and not of where it stands: another cell in between, or another edit in the same cell, leaves
    /// a decision as good as it was.
    /// </summary>
    private static string KeyOf(string path, MergeConflict conflict)
    {
        var cell = conflict.Ours ?? conflict.Theirs ?? conflict.Base;
        var sides = conflict.Hunk is { } hunk
            ? new[] { hunk.Base, hunk.Ours, hunk.Theirs }.Select(lines => string.Join('\n', lines))
            : new[] { conflict.Base, conflict.Ours, conflict.Theirs }.Select(side => side is null ? "-" : $"{side.Kind}\n{side.Source}");
        return Hash(string.Join('\0', [path, conflict.Kind.ToString(), conflict.Name, cell?.Id ?? "", .. sides]))[..16];
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>Choices as they are written in forms and in the REST API: by the branch whose side stands.</summary>
internal static class ChoiceWords
{
    public const string Prefix = "choice-";

    public static string Of(MergeChoice choice) => choice switch { MergeChoice.Ours => "target", MergeChoice.Theirs => "source", _ => "both" };

    public static MergeChoice? Parse(string? word) =>
        word switch { "target" => MergeChoice.Ours, "source" => MergeChoice.Theirs, "both" => MergeChoice.Both, _ => null };
}
