using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>What has happened to a table since it was shown: candidates that began, and shown ones that have ended since.</summary>
public sealed record TableNews(int Begun, int Ended)
{
    public bool IsAny => Begun + Ended > 0;
}

/// <summary>Looks up what a table that is being looked at does not show yet. Both questions are answered from an index and stop early.</summary>
public sealed class ReadNews(Database database)
{
    /// <summary>More are not counted.</summary>
    public const int MaxCounted = 1_000;

    /// <summary>The place in a project's candidates after which they are new.</summary>
    public Task<long> NowAsync(long projectId, CancellationToken cancel) =>
        database.ReadAsync(session => session.CountAsync("SELECT coalesce(max(iid), 0) FROM experiments_candidates WHERE project_id = @projectId", new { projectId }), cancel);

    public Task<TableNews> FindAsync(Experiment experiment, long since, IReadOnlyCollection<long> running, CancellationToken cancel) =>
        database.ReadAsync(
            async session =>
            {
                var begun = await session.ListAsync<long>(
                    "SELECT iid FROM experiments_candidates WHERE project_id = @projectId AND iid > @since AND experiment_id = @id AND deleted = 0 LIMIT @take",
                    new { projectId = experiment.ProjectId, id = experiment.Id, since, take = MaxCounted });
                var ended = running.Count == 0 ? 0 : await session.CountAsync(
                    $"SELECT count(*) FROM experiments_candidates WHERE project_id = @projectId AND iid IN @running AND status NOT IN ({(int)CandidateStatus.Running}, {(int)CandidateStatus.Scheduled})",
                    new { projectId = experiment.ProjectId, running });
                return new TableNews(begun.Count, (int)ended);
            },
            cancel);
}
