namespace Squero.Runner;

/// <summary>One thing to archive: its path relative to the work tree with <c>/</c>.</summary>
internal sealed record SelectedFile(string Relative, string Path, FileKind Kind, int Mode);

/// <summary>
/// Finds the files that an artifact names. Runs when no process of the job is left, and follows no link: a link is
/// archived as one, pipes and devices are passed over.
/// </summary>
internal sealed class ArtifactSelection
{
    private const int MaxDepth = 100;
    private readonly List<SelectedFile> selected = [];
    private readonly List<PathPattern> wanted;
    private readonly List<PathPattern> excluded;
    private readonly HashSet<string> untracked;
    private readonly int limit;

    private ArtifactSelection(List<PathPattern> wanted, List<PathPattern> excluded, HashSet<string> untracked, int limit)
    {
        this.wanted = wanted;
        this.excluded = excluded;
        this.untracked = untracked;
        this.limit = limit;
    }

    public static IReadOnlyList<SelectedFile> Find(
        string root, string insideRoot, IEnumerable<string> paths, IEnumerable<string> exclude, IEnumerable<string> untracked, int limit)
    {
        var selection = new ArtifactSelection(
            [.. paths.Select(path => new PathPattern(path, insideRoot))],
            [.. exclude.Select(path => new PathPattern(path, insideRoot))],
            [.. untracked],
            limit);
        if (Posix.Look(root).Kind == FileKind.Folder)
        {
            selection.Walk(root, "", taken: selection.wanted.Any(pattern => pattern.Matches("")), depth: 0);
        }

        return selection.selected;
    }

    private void Walk(string folder, string prefix, bool taken, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new IOException($"The artifacts' folders are nested deeper than {MaxDepth}.");
        }

        foreach (var path in Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal))
        {
            var relative = prefix + Path.GetFileName(path);
            if (relative != ".git")
            {
                Visit(path, relative, taken, depth);
            }
        }
    }

    private void Visit(string path, string relative, bool taken, int depth)
    {
        var (kind, _, mode) = Posix.Look(path);
        var chosen = taken || wanted.Any(pattern => pattern.Matches(relative));
        if (kind == FileKind.Folder)
        {
            Walk(path, relative + "/", chosen, depth + 1);
            return;
        }

        chosen = (chosen || untracked.Contains(relative)) && !excluded.Any(pattern => pattern.Matches(relative));
        if (!chosen || kind is not (FileKind.Regular or FileKind.Link))
        {
            return;
        }

        if (selected.Count == limit)
        {
            throw new IOException($"The artifacts are more than {limit} files.");
        }

        selected.Add(new SelectedFile(relative, path, kind, mode));
    }
}
