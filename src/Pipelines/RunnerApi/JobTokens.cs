using Squero.Accounts;

namespace Squero.Pipelines;

/// <summary>A job's token acts for the person who started the job, in the job's own project, while the job is running or canceling.</summary>
internal sealed class JobTokens(JobStore jobs, PersonStore people) : ITokenSource
{
    public async ValueTask<Caller?> FindAsync(string token, CancellationToken cancel)
    {
        if (!token.StartsWith(ClaimJob.TokenPrefix, StringComparison.Ordinal) || await jobs.FindByTokenAsync(token, cancel) is not { } job)
        {
            return null;
        }

        var person = job.PersonId is { } id ? await people.FindAsync(id, cancel) : null;
        return person is { Blocked: true } ? null : new Caller(CallerKind.Job, person, [], new JobIdentity(job.Id, job.PipelineId, job.ProjectId));
    }
}
