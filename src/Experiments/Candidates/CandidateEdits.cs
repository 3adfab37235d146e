using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>What happens to a candidate besides logging: status, name, end, deletion.</summary>
public sealed class CandidateEdits(Database database)
{
    /// <summary>Only what is given changes. States that the candidate ended when its status says so.</summary>
    public Task<Candidate> UpdateAsync(Candidate candidate, CandidateStatus? status, long? endedUs, string? name, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                var updated = candidate with { Status = status ?? candidate.Status, EndedUs = endedUs ?? candidate.EndedUs, Name = name ?? candidate.Name };
                await session.ExecuteAsync(
                    "UPDATE experiments_candidates SET status = @status, ended_us = @EndedUs, name = @Name, note = CASE WHEN @ended = 1 THEN NULL ELSE note END WHERE id = @Id",
                    new { updated.Id, status = (int)updated.Status, updated.EndedUs, updated.Name, ended = status is null ? 0 : 1 });
                if (status is CandidateStatus.Finished or CandidateStatus.Failed or CandidateStatus.Killed)
                {
                    await session.PublishAsync(new CandidateFinished(candidate.ProjectId, candidate.Id, status.Value));
                }

                return updated;
            },
            cancel);

    public Task SetDeletedAsync(Candidate candidate, bool deleted, CancellationToken cancel) =>
        database.WriteAsync(
            session => session.ExecuteAsync(
                "UPDATE experiments_candidates SET deleted = @deleted WHERE id = @Id AND deleted < 2", new { candidate.Id, deleted = deleted ? 1 : 0 }),
            cancel);

    /// <summary>False when there was no such tag.</summary>
    public async Task<bool> DeleteTagAsync(Candidate candidate, string name, CancellationToken cancel) =>
        await database.WriteAsync(
            session => session.ExecuteAsync(
                """
                DELETE FROM experiments_tags WHERE candidate_id = @Id
                  AND key_id = (SELECT k.id FROM experiments_keys k WHERE k.project_id = @ProjectId AND k.name = @name)
                """,
                new { candidate.Id, candidate.ProjectId, name }),
            cancel) > 0;

    /// <summary>Ends what a job left running: nobody else will.</summary>
    internal Task CloseForJobAsync(long jobId, CandidateStatus status, string note, long endedUs, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                var open = await session.ListAsync<Candidate>(
                    $"SELECT {CandidateStore.Columns} FROM experiments_candidates c WHERE c.job_id = @jobId AND c.status IN (1, 2) ORDER BY c.id", new { jobId });
                foreach (var candidate in open)
                {
                    await session.ExecuteAsync(
                        "UPDATE experiments_candidates SET status = @status, ended_us = @endedUs, note = @note WHERE id = @Id",
                        new { candidate.Id, status = (int)status, endedUs, note });
                    await session.PublishAsync(new CandidateFinished(candidate.ProjectId, candidate.Id, status));
                }
            },
            cancel);
}
