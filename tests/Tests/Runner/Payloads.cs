using Squero.RunnerProtocol;

namespace Squero.Tests.Runner;

/// <summary>Jobs for tests, as the server would hand them out.</summary>
internal static class Payloads
{
    public const string JobToken = "glcbt-66_verysecrettoken";
    private static long lastId = 4700;

    public static JobPayload Job(ForgePeer peer, params string[] script)
    {
        var id = Interlocked.Increment(ref lastId);
        return new JobPayload
        {
            Id = id,
            Token = JobToken,
            AllowGitFetch = true,
            JobInfo = new JobOrigin { Id = id, Name = "train", Stage = "train", ProjectName = "vision", ProjectFullPath = "acme/vision" },
            GitInfo = new JobSource
            {
                RepoUrl = $"http://gitlab-ci-token:{JobToken}@{peer.Address.Authority}/acme/vision.git",
                Ref = "main",
                Sha = peer.Repository.Head,
                Refspecs = ["+refs/pipelines/301:refs/pipelines/301", "+refs/heads/main:refs/remotes/origin/main"],
                Depth = 1,
            },
            RunnerInfo = new JobLimits { Timeout = 60 },
            Variables = [new JobVariable { Key = "CI_JOB_TOKEN", Value = JobToken, Masked = true }],
            Steps = [new JobStep { Name = JobStep.Script, Commands = script, When = "on_success" }],
            Features = new JobFeatures { TraceSections = true, FailureReasons = FailureReasons.All, TokenMaskPrefixes = ["glpat-"] },
        };
    }

    public static JobPayload With(this JobPayload job, params JobVariable[] variables) => job with { Variables = [.. job.Variables, .. variables] };

    public static JobPayload AfterScript(this JobPayload job, params string[] commands) =>
        job with { Steps = [.. job.Steps, new JobStep { Name = JobStep.AfterScript, Commands = commands, When = "always", AllowFailure = true }] };
}
