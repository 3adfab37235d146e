namespace Squero.Repositories;

/// <summary>A commit as stored. Names and mail addresses are what the committer wrote: unchecked text.</summary>
public sealed record GitCommit(
    string Sha,
    string TreeSha,
    IReadOnlyList<string> Parents,
    string AuthorName,
    string AuthorEmail,
    DateTimeOffset AuthoredAt,
    string CommitterName,
    string CommitterEmail,
    DateTimeOffset CommittedAt,
    string Message)
{
    /// <summary>The first line of the message.</summary>
    public string Title
    {
        get
        {
            var text = Message.AsSpan().TrimStart();
            var end = text.IndexOf('\n');
            return (end < 0 ? text : text[..end]).TrimEnd().ToString();
        }
    }

    public string ShortSha => Sha[..8];
}

/// <summary>Who wrote or committed: goes into a commit as it is, angle brackets and line ends taken out.</summary>
public sealed record GitIdentity(string Name, string Email, DateTimeOffset At);

/// <summary>A branch or tag: its short name, its full name, the commit it leads to and, for an annotated tag, its message.</summary>
public sealed record GitRef(string Name, string FullName, string Sha, GitCommit? Commit)
{
    /// <summary>The tag object of an annotated tag; else the same as <see cref="Sha"/>.</summary>
    public string TargetSha { get; init; } = Sha;

    public string? Message { get; init; }
}
