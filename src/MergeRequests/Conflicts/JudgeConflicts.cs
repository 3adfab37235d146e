using Squero.Notebooks;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>A conflicted file, how it stands, and its merge by cells where there is one.</summary>
public sealed record JudgedFile(ConflictedFile File, ConflictFile Judgement, MergedNotebook? Merged)
{
    public NotebookMerge? Merge => Merged?.Merge;

    /// <summary>Of a text file.</summary>
    public MarkedText? Text { get; init; }
}

/// <summary>
/// Says of each file in conflict whether its cells can be merged, within bounds: of size, of what one person can decide on one
/// page, and of time.
/// </summary>
internal sealed class JudgeConflicts(NotebookMerges merges, SuspectNotebooks suspects, TimeProvider time)
{
    /// <summary>Conflicts in one merge that can be decided in the browser.</summary>
    public const int CountMax = 200;

    /// <summary>Files in conflict that are looked at.</summary>
    public const int FilesMax = 50;

    /// <summary>Each of the three versions of a notebook.</summary>
    public const int SizeMax = 32 * 1024 * 1024;

    /// <summary>Each version of another text file.</summary>
    public const int TextMax = 2 * 1024 * 1024;

    /// <summary>How a merge would end; waits at most so long for all notebooks together.</summary>
    public async Task<MergeLook> LookAsync(MergeDraft draft, MergeLabels labels, TimeSpan patience, CancellationToken cancel)
    {
        if (draft.Trial is MergeTrial.Conflicting { Entries.Count: 0 })
        {
            return MergeLook.Unrelated;
        }

        var files = (await JudgeAsync(draft, labels, patience, cancel)).Select(file => file.Judgement).ToList();
        return files.Count == 0 ? MergeLook.Clean : new MergeLook(files.TrueForAll(file => !file.Stops), files);
    }

    /// <summary>The same with the merges themselves.</summary>
    public async Task<IReadOnlyList<JudgedFile>> JudgeAsync(MergeDraft draft, MergeLabels labels, TimeSpan patience, CancellationToken cancel)
    {
        var judged = new List<JudgedFile>();
        var started = time.GetTimestamp();
        var count = 0;
        foreach (var entry in await suspects.ListAsync(draft, cancel))
        {
            var file = judged.Count >= FilesMax
                ? ByHand(entry, $"More than {FilesMax} files are in conflict; those after the first {FilesMax} are not merged here.")
                : await JudgeAsync(draft, entry, labels, patience - time.GetElapsedTime(started), cancel);
            count += file.Judgement.Count;
            judged.Add(count <= CountMax ? file : ByHand(entry, $"More than {CountMax} conflicts are too many to be decided here."));
        }

        return judged;
    }

    private async Task<JudgedFile> JudgeAsync(MergeDraft draft, ConflictedFile entry, MergeLabels labels, TimeSpan patience, CancellationToken cancel)
    {
        if (!entry.IsContentOnly)
        {
            return ByHand(entry, entry.Sentence);
        }

        if (!entry.Path.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase))
        {
            return await TextAsync(draft, entry, cancel);
        }

        return await merges.GetAsync(KeyOf(entry, labels), () => ReadAsync(draft, entry, SizeMax, cancel), labels, patience, cancel) switch
        {
            NotebookAttempt.Made made => new JudgedFile(entry, Judge(entry.Path, made.Merged.Merge), made.Merged),
            NotebookAttempt.TooLarge => ByHand(entry, $"It is larger than {SizeMax / 1024 / 1024} MB, too large to be merged here."),
            NotebookAttempt.Failed => ByHand(entry, "The server failed to merge it; its log tells why."),
            _ => new JudgedFile(entry, new ConflictFile(entry.Path, ConflictState.Pending, 0, "It is large and being merged; look again in a moment."), null),
        };
    }

    private static ConflictFile Judge(string path, NotebookMerge merge) => merge switch
    {
        { Fallback: { } reason } => new ConflictFile(path, ConflictState.ByHand, 0, reason),
        { IsClean: true } => new ConflictFile(path, ConflictState.Merged, 0, "Both branches changed it; its cells merge without conflict."),
        { Conflicts.Count: var count } => Undecided(path, count),
    };

    private static ConflictFile Undecided(string path, int count) =>
        new(path, ConflictState.Undecided, count, count == 1 ? "One conflict to decide." : $"{count} conflicts to decide.");

    /// <summary>Of other text git's own verdict stands: what it marked is decided, and nothing else.</summary>
    private static async Task<JudgedFile> TextAsync(MergeDraft draft, ConflictedFile entry, CancellationToken cancel) =>
        await ReadAsync(draft, entry, TextMax, cancel) is { } sides && await draft.MergedAsync(entry.Path, 3 * TextMax, cancel) is { } marked
        && MarkedText.Of(marked, sides.Base, sides.Target, sides.Source) is { } text
            ? new JudgedFile(entry, Undecided(entry.Path, text.Hunks.Count), null) { Text = text }
            : ByHand(entry, entry.Sentence);

    private static async Task<NotebookSides?> ReadAsync(MergeDraft draft, ConflictedFile entry, int limit, CancellationToken cancel)
    {
        var parted = entry.Base is null ? [] : await draft.BytesAsync(entry.Base.Oid, limit, cancel);
        var target = await draft.BytesAsync(entry.Target!.Oid, limit, cancel);
        var source = await draft.BytesAsync(entry.Source!.Oid, limit, cancel);
        return parted is null || target is null || source is null ? null : new NotebookSides(parted, target, source);
    }

    private static JudgedFile ByHand(ConflictedFile entry, string sentence) =>
        new(entry, new ConflictFile(entry.Path, ConflictState.ByHand, 0, sentence), null);

    private static string KeyOf(ConflictedFile entry, MergeLabels labels) =>
        string.Join('\n', entry.Base?.Oid, entry.Target?.Oid, entry.Source?.Oid, labels.Ours, labels.Theirs);
}
