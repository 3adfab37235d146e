using Squero.Accounts;
using Squero.Pipelines;

namespace Squero.Experiments;

/// <summary>
/// Where a candidate comes from, as a fact: the job behind the caller's own token, looked up here. What a client says in tags
/// is a claim and never becomes an origin.
/// </summary>
public sealed class OriginSource(JobStore jobs)
{
    /// <summary>Null for people, tokens, and jobs that are gone.</summary>
    public async Task<Origin?> FindAsync(Caller caller, CancellationToken cancel) =>
        caller is { Kind: CallerKind.Job, Job: { } identity } && await jobs.FindAsync(identity.ProjectId, identity.JobId, cancel) is { } job
            ? new Origin(job.Id, job.PipelineId, job.Sha, job.Ref)
            : null;
}
