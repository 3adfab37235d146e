using System.Security.Cryptography;

namespace Squero.Experiments;

/// <summary>A new attempt. The origin is looked up by the server from the caller's job token, never taken from tags.</summary>
public sealed record NewCandidate(Experiment Experiment, string Name, long StartedUs, long? PersonId, string UserName, IReadOnlyList<NamedText> Tags, Origin? Origin);

public sealed class StartCandidate(CandidateLog log)
{
    /// <summary>Returns once the candidate is on the disk. Many at once share a commit, like everything that is logged.</summary>
    public Task<Candidate> StartAsync(NewCandidate start, CancellationToken cancel) =>
        log.StartAsync(start, RandomNumberGenerator.GetHexString(32, lowercase: true), cancel);
}
