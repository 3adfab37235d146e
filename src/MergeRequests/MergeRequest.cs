using System.Globalization;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.MergeRequests;

/// <summary>The numbers are stored.</summary>
public enum MergeRequestState
{
    Opened = 1,

    /// <summary>Somebody merges it this instant; nothing else may change it.</summary>
    Merging = 2,
    Merged = 3,
    Closed = 4,
}

/// <summary>
/// A proposed change: what one branch has that another lacks. Every push to the source branch is a
/// <see cref="RequestVersion"/> of it; threads, candidates and pipelines hang on versions. Numbered within its project.
/// </summary>
public sealed record MergeRequest
{
    public const int TitleMax = 255;
    public const int DescriptionMax = 100_000;
    private const string SubjectPrefix = "merge_request:";

    public long Id { get; init; }

    public long ProjectId { get; init; }

    public long Iid { get; init; }

    public string Title { get; init; } = "";

    public string Description { get; init; } = "";

    public string SourceBranch { get; init; } = "";

    public string TargetBranch { get; init; } = "";

    /// <summary>The author.</summary>
    public long PersonId { get; init; }

    public MergeRequestState State { get; init; }

    public bool Draft { get; init; }

    /// <summary>Head of the newest version.</summary>
    public string HeadSha { get; init; } = "";

    public long CreatedUs { get; init; }

    public long UpdatedUs { get; init; }

    public long? MergedUs { get; init; }

    public long? MergedBy { get; init; }

    public long? ClosedUs { get; init; }

    public long? ClosedBy { get; init; }

    /// <summary>Where the target branch stood before the merge.</summary>
    public string? MergedFrom { get; init; }

    /// <summary>Where the merge brought it: a merge commit, or the head after a fast-forward.</summary>
    public string? MergedSha { get; init; }

    public bool IsOpen => State is MergeRequestState.Opened or MergeRequestState.Merging;

    /// <summary>!7, as people write it.</summary>
    public string Label => string.Create(CultureInfo.InvariantCulture, $"!{Iid}");

    /// <summary>What discussions about it are filed under.</summary>
    public string Subject => string.Create(CultureInfo.InvariantCulture, $"{SubjectPrefix}{Id}");

    /// <summary>The id in a discussion's subject; null when that is about something else.</summary>
    internal static long? IdOfSubject(string subject) =>
        subject.StartsWith(SubjectPrefix, StringComparison.Ordinal)
            && long.TryParse(subject.AsSpan(SubjectPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>Its head as a ref that clients may fetch.</summary>
    public string HeadRef => string.Create(CultureInfo.InvariantCulture, $"refs/merge-requests/{Iid}/head");

    /// <summary>The address of its page, or of a tab of it.</summary>
    public string Href(Project project, string tab = "") =>
        project.Area(string.Create(CultureInfo.InvariantCulture, $"merge_requests/{Iid}")) + (tab.Length == 0 ? "" : "/" + tab);

    internal static string CheckTitle(string? title)
    {
        var trimmed = string.Join(' ', (title ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return trimmed.Length switch
        {
            0 => throw Refusal.Invalid("A merge request needs a title."),
            > TitleMax => throw Refusal.Invalid($"The title has {trimmed.Length} characters; at most {TitleMax} fit."),
            _ => Clean(trimmed),
        };
    }

    internal static string CheckDescription(string? description)
    {
        var text = (description ?? "").ReplaceLineEndings("\n").TrimEnd();
        return text.Length > DescriptionMax
            ? throw Refusal.Invalid($"The description has {text.Length} characters; at most {DescriptionMax} fit.")
            : Clean(text);
    }

    /// <summary>A title that begins with "Draft:" says that the change is not ready.</summary>
    internal static bool IsDraft(string title) =>
        title.StartsWith("Draft:", StringComparison.OrdinalIgnoreCase) || title.StartsWith("[Draft]", StringComparison.OrdinalIgnoreCase)
        || title.StartsWith("(Draft)", StringComparison.OrdinalIgnoreCase);

    private static string Clean(string text) =>
        text.Contains('\0', StringComparison.Ordinal) ? throw Refusal.Invalid("The text holds a NUL character.") : text;
}

/// <summary>
/// One push to the source branch. Base is where both branches parted, start where the target stood then, head what was pushed.
/// </summary>
public sealed record RequestVersion
{
    public long Id { get; init; }

    public long RequestId { get; init; }

    /// <summary>From 1.</summary>
    public int Number { get; init; }

    public string BaseSha { get; init; } = "";

    public string StartSha { get; init; } = "";

    public string HeadSha { get; init; } = "";

    public long PersonId { get; init; }

    public long CreatedUs { get; init; }
}

/// <summary>The candidate somebody wants in production when the request is merged. Valid for one head only.</summary>
public sealed record RequestChoice
{
    public long RequestId { get; init; }

    public long CandidateId { get; init; }

    public long CandidateIid { get; init; }

    public string HeadSha { get; init; } = "";

    public string ModelName { get; init; } = "";

    public long PersonId { get; init; }

    public long ChosenUs { get; init; }

    public string Label => string.Create(CultureInfo.InvariantCulture, $"c-{CandidateIid}");

    /// <summary>A push after the choice makes it one for an older version: it deploys nothing until somebody chooses again.</summary>
    public bool IsCurrent(MergeRequest request) => request.State == MergeRequestState.Merged || HeadSha == request.HeadSha;
}
