using Squero.Accounts;
using Squero.Kernel;
using Squero.Pipelines;
using Squero.Projects;

namespace Squero.MergeRequests;

/// <summary>A merge request in lists of the REST API.</summary>
internal record ApiMergeRequest(
    long Id, long Iid, long ProjectId, string Title, string Description, string State, string? CreatedAt, string? UpdatedAt, string SourceBranch,
    string TargetBranch, ApiPerson? Author, string Sha, string WebUrl, string? MergedAt, ApiPerson? MergedBy, ApiPerson? MergeUser, string? ClosedAt,
    ApiPerson? ClosedBy, IReadOnlyList<ApiPerson> Assignees, ApiPerson? Assignee, IReadOnlyList<ApiPerson> Reviewers, long SourceProjectId,
    long TargetProjectId, IReadOnlyList<string> Labels, bool Draft, bool WorkInProgress, object? Milestone, bool MergeWhenPipelineSucceeds,
    string MergeStatus, string DetailedMergeStatus, string? MergeCommitSha, string? SquashCommitSha, long UserNotesCount, bool? DiscussionLocked,
    bool ShouldRemoveSourceBranch, bool ForceRemoveSourceBranch, ApiReferences References, ApiTimeStats TimeStats, bool Squash, bool SquashOnMerge,
    ApiTaskStatus TaskCompletionStatus, bool HasConflicts, bool BlockingDiscussionsResolved, int Upvotes, int Downvotes, string? PreparedAt,
    bool Imported, string ImportedFrom);

/// <summary>One merge request, with what only its own page knows.</summary>
internal sealed record ApiWholeMergeRequest(
    ApiMergeRequest Plain, bool Subscribed, string ChangesCount, ApiMergePipeline? Pipeline, ApiMergePipeline? HeadPipeline, ApiDiffRefs DiffRefs,
    string? MergeError, bool FirstContribution, ApiMergeRights User, ApiChoice? Choice);

internal sealed record ApiReferences(string Short, string Relative, string Full);

internal sealed record ApiTimeStats(int TimeEstimate, int TotalTimeSpent, string? HumanTimeEstimate, string? HumanTotalTimeSpent);

internal sealed record ApiTaskStatus(int Count, int CompletedCount);

internal sealed record ApiDiffRefs(string BaseSha, string HeadSha, string StartSha);

internal sealed record ApiMergeRights(bool CanMerge);

internal sealed record ApiMergePipeline(long Id, long Iid, long ProjectId, string Sha, string Ref, string Status, string Source, string? CreatedAt, string? UpdatedAt, string WebUrl);

/// <summary>The candidate that goes to production with the merge; not valid when a push came after it.</summary>
internal sealed record ApiChoice(long CandidateId, long CandidateIid, string Candidate, string Model, string Sha, bool Valid, string? ChosenAt);

internal sealed record ApiVersion(
    long Id, string HeadCommitSha, string BaseCommitSha, string StartCommitSha, string? CreatedAt, long MergeRequestId, string State, string RealSize,
    string? PatchIdSha, int Number);
