using System.Text;

namespace Squero.Repositories;

/// <summary>
/// What <c>git merge-tree --write-tree -z --messages</c> prints (git-merge-tree(1), OUTPUT): the tree; per conflicted path and
/// stage <c>mode oid stage TAB path</c>; an empty entry; then messages, each a number of paths, the paths, a type and a text.
/// </summary>
internal static class MergeTreeOutput
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static (string TreeOid, IReadOnlyList<ConflictedFile> Entries, IReadOnlyList<string> AutoMerged) Parse(ReadOnlySpan<byte> output)
    {
        var parts = Split(output);
        if (parts.Count == 0)
        {
            throw new FormatException("git merge-tree named no tree.");
        }

        var files = new Dictionary<string, (bool IsText, MergeStage?[] Stages)>(StringComparer.Ordinal);
        var at = 1;
        for (; at < parts.Count && parts[at].Text.Length > 0; at++)
        {
            AddStage(files, parts[at]);
        }

        var words = Messages(parts, at + 1);
        return (
            parts[0].Text.Trim(),
            [.. files.Select(file => Build(file.Key, file.Value.IsText, file.Value.Stages, words.GetValueOrDefault(file.Key) ?? []))],
            [.. words.Where(pair => pair.Value.Contains(ConflictWords.AutoMerging) && !files.ContainsKey(pair.Key) && GitNames.IsPath(pair.Key)).Select(pair => pair.Key)]);
    }

    private static void AddStage(Dictionary<string, (bool IsText, MergeStage?[] Stages)> files, (string Text, bool IsText) part)
    {
        var tab = part.Text.IndexOf('\t', StringComparison.Ordinal);
        var facts = tab < 0 ? [] : part.Text[..tab].Split(' ');
        if (facts.Length != 3 || facts[2] is not ("1" or "2" or "3") || !GitNames.IsSha(facts[1]))
        {
            throw new FormatException("git merge-tree listed a conflict in an unknown form.");
        }

        var path = part.Text[(tab + 1)..];
        if (!files.TryGetValue(path, out var file))
        {
            files[path] = file = (part.IsText, new MergeStage?[3]);
        }

        file.Stages[facts[2][0] - '1'] = new MergeStage(facts[0], facts[1]);
    }

    private static Dictionary<string, List<string>> Messages(List<(string Text, bool IsText)> parts, int at)
    {
        var words = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        while (at < parts.Count && int.TryParse(parts[at].Text, out var count) && count >= 0 && count <= parts.Count - at - 2)
        {
            foreach (var (path, _) in parts.GetRange(at + 1, count))
            {
                (words.TryGetValue(path, out var mine) ? mine : words[path] = []).Add(parts[at + count + 1].Text);
            }

            at += count + 3;
        }

        return words;
    }

    private static ConflictedFile Build(string path, bool isText, MergeStage?[] stages, IReadOnlyList<string> words)
    {
        var file = new ConflictedFile(path, stages[0], stages[1], stages[2]) { Words = words };
        var isContentOnly = isText && GitNames.IsPath(path) && IsRegular(file.Target) && IsRegular(file.Source)
            && (file.Base is null || IsRegular(file.Base)) && file.Mode.Length > 0
            && words.Contains(ConflictWords.Contents) && words.All(word => word is ConflictWords.Contents or ConflictWords.AutoMerging);
        return file with { IsContentOnly = isContentOnly };
    }

    private static bool IsRegular(MergeStage? stage) => stage is { Mode: "100644" or "100755" };

    /// <summary>A name that is no UTF-8 cannot be given back to git from here: it is shown, and left alone.</summary>
    private static List<(string Text, bool IsText)> Split(ReadOnlySpan<byte> output)
    {
        var parts = new List<(string, bool)>();
        while (output.IndexOf((byte)0) is var end && end >= 0)
        {
            parts.Add(Read(output[..end]));
            output = output[(end + 1)..];
        }

        return parts;
    }

    private static (string Text, bool IsText) Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return (Strict.GetString(bytes), true);
        }
        catch (DecoderFallbackException)
        {
            return (Encoding.UTF8.GetString(bytes), false);
        }
    }
}
