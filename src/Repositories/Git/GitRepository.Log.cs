using System.Globalization;
using System.Text;

namespace Squero.Repositories;

/// <summary>History.</summary>
public sealed partial class GitRepository
{
    private const int MaxCommits = 1000;
    private const int CommitFields = 10;

    // Two NULs in a row begin a commit: no path and no field but an empty one can be that, and the mark's word makes it certain.
    private const string CommitMark = "\0\0squero-commit\0";
    private const string MarkedFormat = "--format=%x00%x00squero-commit%x00%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%s";
    private const string CommitFormat = "--format=%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B";

    /// <summary>Commits reachable from one and not from the other, newest first; at most 1,000 at a time.</summary>
    public async Task<IReadOnlyList<GitCommit>> LogAsync(string from, string? notFrom, int skip, int take, string? path, CancellationToken cancel)
    {
        if (await ResolveAsync(from, cancel) is not { } start || !GitNames.IsPath(path ?? ""))
        {
            return [];
        }

        List<string> arguments =
        [
            "log", "-z", "--no-color", "--no-show-signature", CommitFormat, string.Create(CultureInfo.InvariantCulture, $"--skip={Math.Max(skip, 0)}"),
            string.Create(CultureInfo.InvariantCulture, $"--max-count={Math.Clamp(take, 0, MaxCommits)}"), start,
        ];
        if (!GitNames.IsNothing(notFrom) && await ResolveAsync(notFrom!, cancel) is { } stop)
        {
            arguments.Add("^" + stop);
        }

        arguments.Add("--");
        if (!string.IsNullOrEmpty(path))
        {
            arguments.Add(path);
        }

        return Parse((await git.RunAsync(this.path, arguments, cancel)).Output);
    }

    /// <summary>How many commits are reachable from one and not from the other.</summary>
    public async Task<int> CountAsync(string from, string? notFrom, CancellationToken cancel)
    {
        if (await ResolveAsync(from, cancel) is not { } start)
        {
            return 0;
        }

        List<string> arguments = ["rev-list", "--count", start];
        if (!GitNames.IsNothing(notFrom) && await ResolveAsync(notFrom!, cancel) is { } stop)
        {
            arguments.Add("^" + stop);
        }

        return int.Parse((await git.RequireAsync(path, [.. arguments, "--"], cancel)).Text, CultureInfo.InvariantCulture);
    }

    /// <summary>The newest commits below a folder with the paths each changed (merges: against their first parent).</summary>
    internal async Task<IReadOnlyList<(GitCommit Commit, IReadOnlyList<string> Paths)>> TouchedAsync(string sha, string folder, int take, CancellationToken cancel)
    {
        List<string> arguments =
        [
            "log", "--no-color", "--no-show-signature", "--diff-merges=first-parent", "--name-only", "--no-renames", "-z", MarkedFormat,
            string.Create(CultureInfo.InvariantCulture, $"--max-count={take}"), sha, "--",
        ];
        if (folder.Length > 0)
        {
            arguments.Add(folder);
        }

        var text = Encoding.UTF8.GetString((await git.RunAsync(path, arguments, cancel, limit: 8 * 1024 * 1024)).Output);
        var touched = new List<(GitCommit, IReadOnlyList<string>)>();
        foreach (var record in text.Split(CommitMark, StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = record.Split('\0');
            if (fields.Length > CommitFields)
            {
                touched.Add((Read(fields, 0), [.. fields[CommitFields..].Select(name => name.TrimStart('\n')).Where(name => name.Length > 0)]));
            }
        }

        return touched;
    }

    private static List<GitCommit> Parse(byte[] output)
    {
        var fields = Encoding.UTF8.GetString(output).Split('\0');
        var commits = new List<GitCommit>();
        for (var at = 0; at + CommitFields <= fields.Length; at += CommitFields)
        {
            commits.Add(Read(fields, at));
        }

        return commits;
    }

    private static GitCommit Read(string[] fields, int at) =>
        new(
            fields[at],
            fields[at + 1],
            fields[at + 2].Split(' ', StringSplitOptions.RemoveEmptyEntries),
            fields[at + 3],
            fields[at + 4],
            Time(fields[at + 5]),
            fields[at + 6],
            fields[at + 7],
            Time(fields[at + 8]),
            fields[at + 9]);

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : DateTimeOffset.UnixEpoch;
}
