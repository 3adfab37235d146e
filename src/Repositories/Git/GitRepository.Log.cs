using System.Globalization;
using System.Text;

namespace Squero.Repositories;

/// <summary>History.</summary>
public sealed partial class GitRepository
{
    private const int MaxCommits = 1000;
    private const int CommitFields = 10;
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

    private static List<GitCommit> Parse(byte[] output)
    {
        var fields = Encoding.UTF8.GetString(output).Split('\0');
        var commits = new List<GitCommit>();
        for (var at = 0; at + CommitFields <= fields.Length; at += CommitFields)
        {
            commits.Add(new GitCommit(
                fields[at],
                fields[at + 1],
                fields[at + 2].Split(' ', StringSplitOptions.RemoveEmptyEntries),
                fields[at + 3],
                fields[at + 4],
                Time(fields[at + 5]),
                fields[at + 6],
                fields[at + 7],
                Time(fields[at + 8]),
                fields[at + 9]));
        }

        return commits;
    }

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : DateTimeOffset.UnixEpoch;
}
