namespace Squero.Experiments;

/// <summary>Tags by which clients say what this server has pages for; named by the module that speaks a client's protocol.</summary>
/// <param name="Name">Repeats the candidate's name.</param>
/// <param name="Note">Markdown for people.</param>
/// <param name="Parent">The 32 digits of the candidate that this one is a part of.</param>
/// <param name="ClaimedJob">The number of a job that is said to have made it.</param>
/// <param name="ClaimedCommit">A commit that it is said to be made from.</param>
public sealed record TagMeanings(string? Name, string? Note, string? Parent, string? ClaimedJob, string? ClaimedCommit)
{
    public static TagMeanings None { get; } = new(null, null, null, null, null);

    /// <summary>Tags that a page shows in a place of their own.</summary>
    public bool HasPlace(string tag) => tag == Name || tag == Note || tag == Parent || tag == ClaimedJob || tag == ClaimedCommit;
}
