using Squero.Kernel;
using Squero.Pipelines;

namespace Squero.Experiments;

/// <summary>A job is over: what it left running will never end by itself, so it is ended here, truthfully.</summary>
internal sealed class CloseCandidatesOfJob(CandidateEdits edits, JobStore jobs, TimeProvider time) : IHandle<JobFinished>
{
    public async Task HandleAsync(JobFinished fact, CancellationToken cancel)
    {
        var (status, note) = fact.Status switch
        {
            JobStatus.Canceled => (CandidateStatus.Killed, "The job was canceled."),
            JobStatus.Success => (CandidateStatus.Failed, "The job succeeded, but never said that this candidate ended."),
            _ => (CandidateStatus.Failed, "The job failed."),
        };
        var job = await jobs.FindAsync(fact.JobId, cancel);
        await edits.CloseForJobAsync(fact.JobId, status, note, job?.FinishedUs ?? time.NowMicros(), cancel);
    }
}
