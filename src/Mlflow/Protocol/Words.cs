using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>The protocol's names for states.</summary>
internal static class Words
{
    public const string RunName = "mlflow.runName";
    public const string DataContext = "mlflow.data.context";
    public const string ArtifactScheme = "mlflow-artifacts:/";

    /// <summary>Clients know no lost runs: such a one has failed, for all that they can do.</summary>
    public static string Of(CandidateStatus status) =>
        status == CandidateStatus.Lost ? Of(CandidateStatus.Failed) : status.ToString().ToUpperInvariant();

    /// <summary>By name or number; null when there is no such status.</summary>
    public static CandidateStatus? Status(string word) =>
        word switch
        {
            "RUNNING" or "1" => CandidateStatus.Running,
            "SCHEDULED" or "2" => CandidateStatus.Scheduled,
            "FINISHED" or "3" => CandidateStatus.Finished,
            "FAILED" or "4" => CandidateStatus.Failed,
            "KILLED" or "5" => CandidateStatus.Killed,
            _ => null,
        };

    public static Existence? View(string word) =>
        word switch
        {
            "ACTIVE_ONLY" or "1" => Existence.Active,
            "DELETED_ONLY" or "2" => Existence.Deleted,
            "ALL" or "3" => Existence.All,
            _ => null,
        };

    public static string Lifecycle(bool deleted) => deleted ? "deleted" : "active";

    public static string ArtifactUri(long experimentIid, Candidate candidate) => $"{ArtifactScheme}{experimentIid}/{candidate.Uid}/artifacts";
}
