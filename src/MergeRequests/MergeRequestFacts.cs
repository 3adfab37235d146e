namespace Squero.MergeRequests;

/// <summary>Stated in the transaction that opens a merge request.</summary>
public sealed record MergeRequestOpened(long ProjectId, long MergeRequestId, long Iid, long PersonId);

/// <summary>A push made a new version.</summary>
public sealed record VersionAdded(long ProjectId, long MergeRequestId, long Iid, int Number, string HeadSha, long PersonId);

/// <summary>
/// Stated in the transaction that marks a merge request as merged. Sha is where the target branch went; the candidate is
/// the one chosen for exactly the head that was merged, null when there was none.
/// </summary>
public sealed record MergeRequestMerged(
    long ProjectId, long MergeRequestId, long Iid, string Sha, long? ChoiceCandidateId, string? ModelName, long PersonId);
