using System.Security.Cryptography;
using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>A new attempt. The origin is looked up by the server from the caller's job token, never taken from tags.</summary>
public sealed record NewCandidate(Experiment Experiment, string Name, long StartedUs, long? PersonId, string UserName, IReadOnlyList<NamedText> Tags, Origin? Origin);

public sealed class StartCandidate(Database database)
{
    public Task<Candidate> StartAsync(NewCandidate start, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                var projectId = start.Experiment.ProjectId;
                var candidate = new Candidate
                {
                    Uid = RandomNumberGenerator.GetHexString(32, lowercase: true),
                    ProjectId = projectId,
                    ExperimentId = start.Experiment.Id,
                    Iid = await session.CountAsync("SELECT COALESCE(max(iid), 0) + 1 FROM experiments_candidates WHERE project_id = @projectId", new { projectId }),
                    Name = start.Name,
                    Status = CandidateStatus.Running,
                    StartedUs = start.StartedUs,
                    CreatedUs = session.NowMicros,
                    PersonId = start.PersonId,
                    UserName = start.UserName,
                    JobId = start.Origin?.JobId,
                    PipelineId = start.Origin?.PipelineId,
                    Sha = start.Origin?.Sha,
                    Ref = start.Origin?.Ref,
                };
                candidate = candidate with { Id = await InsertAsync(session, candidate) };
                foreach (var tag in start.Tags)
                {
                    await session.ExecuteAsync(
                        """
                        INSERT INTO experiments_tags (candidate_id, key_id, value) VALUES (@Id, @key, @Value)
                        ON CONFLICT (candidate_id, key_id) DO UPDATE SET value = excluded.value
                        """,
                        new { candidate.Id, key = await KeyNames.InternAsync(session, projectId, tag.Name), tag.Value });
                }

                return candidate;
            },
            cancel);

    private static Task<long> InsertAsync(WriteSession session, Candidate candidate) =>
        session.InsertAsync(
            """
            INSERT INTO experiments_candidates
                (uid, project_id, experiment_id, iid, name, status, started_us, created_us, person_id, user_name, job_id, pipeline_id, sha, ref)
            VALUES (@Uid, @ProjectId, @ExperimentId, @Iid, @Name, @status, @StartedUs, @CreatedUs, @PersonId, @UserName, @JobId, @PipelineId, @Sha, @Ref)
            RETURNING id
            """,
            new
            {
                candidate.Uid,
                candidate.ProjectId,
                candidate.ExperimentId,
                candidate.Iid,
                candidate.Name,
                status = (int)candidate.Status,
                candidate.StartedUs,
                candidate.CreatedUs,
                candidate.PersonId,
                candidate.UserName,
                candidate.JobId,
                candidate.PipelineId,
                candidate.Sha,
                candidate.Ref,
            });
}
