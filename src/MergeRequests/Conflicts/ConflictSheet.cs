using System.Security.Cryptography;
using System.Text;
using Squero.Notebooks;

namespace Squero.MergeRequests;

/// <summary>One thing to decide, with a key that names it among all files: about a cell of a notebook, or about lines of a text file.</summary>
public sealed record SheetConflict(string Key, JudgedFile File)
{
    public MergeConflict? Conflict { get; init; }

    public TextHunk? Hunk { get; init; }

    /// <summary>A choice that means something here.</summary>
    public bool Allows(MergeChoice choice) => choice != MergeChoice.Both || Hunk is not null || Conflict!.AllowsBoth;
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
    public ReadOnlyMemory<byte> Write(JudgedFile file, IReadOnlyDictionary<string, MergeChoice> choices)
    {
        var mine = Conflicts.Where(conflict => conflict.File == file).ToList();
        return file.Text is { } text
            ? text.Write(mine.Index().Where(one => choices.ContainsKey(one.Item.Key)).ToDictionary(one => one.Index, one => choices[one.Item.Key]))
            : file.Merge!.Write(mine.Where(one => choices.ContainsKey(one.Key)).ToDictionary(one => one.Conflict!.Id, one => choices[one.Key], StringComparer.Ordinal));
    }

    private IEnumerable<SheetConflict> Name()
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var file in Files.Where(file => file.Judgement.State == ConflictState.Undecided))
        {
            foreach (var conflict in file.Text is { } text
                ? text.Hunks.Select(hunk => new SheetConflict(KeyOf(file.File.Path, hunk), file) { Hunk = hunk })
                : file.Merge!.Conflicts.Select(conflict => new SheetConflict(KeyOf(file.File.Path, conflict), file) { Conflict = conflict }))
            {
                var times = seen[conflict.Key] = seen.GetValueOrDefault(conflict.Key) + 1;
                yield return times == 1 ? conflict : conflict with { Key = $"{conflict.Key}-{times}" };
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

    private static string KeyOf(string path, TextHunk hunk) =>
        Hash(string.Join('\0', [path, .. new[] { hunk.Base, hunk.Target, hunk.Source }.Select(lines => string.Join('\n', lines))]))[..16];

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
