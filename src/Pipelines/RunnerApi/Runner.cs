using System.Text.Json;
using Squero.Kernel;

namespace Squero.Pipelines;

/// <summary>Somebody who executes jobs: one token, one or many machines.</summary>
public sealed record Runner
{
    private const int MaxTags = 50;

    public long Id { get; init; }

    /// <summary>instance_type, group_type or project_type.</summary>
    public string Kind { get; init; } = "instance_type";

    public long? ProjectId { get; init; }

    public long? GroupId { get; init; }

    public string Description { get; init; } = "";

    public string ShortToken { get; init; } = "";

    public bool RunUntagged { get; init; }

    public bool Locked { get; init; }

    public bool Paused { get; init; }

    /// <summary>not_protected or ref_protected.</summary>
    public string AccessLevel { get; init; } = "not_protected";

    /// <summary>Seconds; null: the job's own limit.</summary>
    public int? TimeoutMax { get; init; }

    public string Note { get; init; } = "";

    /// <summary>The one inside the server's own process.</summary>
    public bool BuiltIn { get; init; }

    public long? PersonId { get; init; }

    public long CreatedUs { get; init; }

    public long? ContactedUs { get; init; }

    public IReadOnlyList<string> TagList => JsonSerializer.Deserialize<string[]>(Tags) ?? [];

    internal string Tags { get; init; } = "[]";

    /// <summary>Tags as they are stored: trimmed, each once, at most 50. A runner that would run nothing is refused.</summary>
    internal static string TagsOf(IEnumerable<string> words, bool runsUntagged)
    {
        var tags = words.Select(tag => tag.Trim()).Where(tag => tag.Length > 0).Distinct(StringComparer.Ordinal).Take(MaxTags).ToArray();
        return tags.Length > 0 || runsUntagged
            ? JsonSerializer.Serialize(tags)
            : throw Refusal.Invalid("A runner without tags must run untagged jobs, or it would run none.");
    }

    /// <summary>online, offline, stale or never_contacted, as the REST API says it.</summary>
    public string StatusAt(long nowUs) =>
        ContactedUs is not { } contact ? "never_contacted"
        : nowUs - contact < (long)TimeSpan.FromHours(2).TotalMicroseconds ? "online"
        : nowUs - contact < (long)TimeSpan.FromDays(7).TotalMicroseconds ? "offline"
        : "stale";

    /// <summary>Do its tags and settings allow it a job with these tags?</summary>
    public bool Fits(IReadOnlyCollection<string> jobTags, bool refProtected) =>
        !Paused
        && (AccessLevel != "ref_protected" || refProtected)
        && (jobTags.Count == 0 ? RunUntagged : jobTags.All(TagList.Contains));
}
