using System.Globalization;

namespace Squero.Repositories;

/// <summary>Reads <c>git diff-tree -z --raw --numstat</c>: first every file's modes and ids, then every file's line counts in the same order.</summary>
internal static class ChangeList
{
    private const string Zeros = "0000000000000000000000000000000000000000";

    public static IReadOnlyList<FileChange> Parse(string output, int limit)
    {
        var fields = output.Split('\0');
        var changes = new List<FileChange>();
        var at = 0;
        while (at < fields.Length && fields[at].StartsWith(':'))
        {
            if (ReadRaw(fields, ref at) is { } change)
            {
                changes.Add(change);
            }
        }

        for (var index = 0; index < changes.Count && at < fields.Length; index++)
        {
            changes[index] = WithCounts(changes[index], fields, ref at);
        }

        return changes.Count > limit ? changes[..limit] : changes;
    }

    private static FileChange? ReadRaw(string[] fields, ref int at)
    {
        var head = fields[at++][1..].Split(' ');
        var renamed = head.Length == 5 && head[4].StartsWith('R');
        if (head.Length != 5 || at + (renamed ? 1 : 0) >= fields.Length)
        {
            at = fields.Length;
            return null;
        }

        var oldPath = fields[at++];
        var newPath = renamed ? fields[at++] : oldPath;
        var kind = head[4][0] switch
        {
            'A' => ChangeKind.Added,
            'D' => ChangeKind.Removed,
            'R' => ChangeKind.Renamed,
            _ => ChangeKind.Modified,
        };
        return new FileChange(
            kind == ChangeKind.Added ? null : oldPath,
            kind == ChangeKind.Removed ? null : newPath,
            kind,
            head[2] == Zeros ? null : head[2],
            head[3] == Zeros ? null : head[3],
            head[0],
            head[1],
            0,
            0,
            false);
    }

    private static FileChange WithCounts(FileChange change, string[] fields, ref int at)
    {
        var parts = fields[at++].Split('\t', 3);
        if (parts.Length != 3)
        {
            return change;
        }

        // A rename leaves the path empty and gives both names in fields of their own.
        at += parts[2].Length == 0 ? 2 : 0;
        return parts[0] == "-"
            ? change with { IsBinary = true }
            : change with { Added = Number(parts[0]), Removed = Number(parts[1]) };
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
