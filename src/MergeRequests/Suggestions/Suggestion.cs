using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Squero.Discussions;

namespace Squero.MergeRequests;

public enum SuggestionState
{
    /// <summary>The lines are in the newest version as they were when it was made.</summary>
    Applicable,
    Applied,

    /// <summary>The lines say something else by now.</summary>
    Outdated,

    /// <summary>It never could: the sentence says why.</summary>
    Unfit,
}

/// <summary>A suggestion with what it would replace, and whether it still can.</summary>
public sealed record Suggestion(DiscussionThread Thread, Comment Comment, SuggestionBlock Block)
{
    private const int IdsPerComment = 100;

    public SuggestionState State { get; init; }

    /// <summary>Why it cannot be applied, for people.</summary>
    public string? Reason { get; init; }

    /// <summary>The file in the newest version, and the lines there (from 1).</summary>
    public string Path { get; init; } = "";

    public int First { get; init; }

    public int Last { get; init; }

    /// <summary>The cell, when the file is a notebook: from 0, else -1.</summary>
    public int Cell { get; init; } = -1;

    /// <summary>What the lines said when it was made.</summary>
    public IReadOnlyList<string> Was { get; init; } = [];

    /// <summary>The commit that applied it.</summary>
    public string? CommitSha { get; init; }

    /// <summary>What clients call it: made of the comment's id and the place in it, so that it needs no row until it is applied.</summary>
    public long Id => (Comment.Id * IdsPerComment) + Block.Ordinal;

    public static long CommentOf(long id) => id / IdsPerComment;

    /// <summary>Tells it from another text that the comment says after an edit.</summary>
    internal string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{Comment.CreatedUs} {Block.Above} {Block.Below} {Block.Lines.Count} {string.Join('\n', Block.Lines)}"))));
}
