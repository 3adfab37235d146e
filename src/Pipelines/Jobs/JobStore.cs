using Squero.Kernel;

namespace Squero.Pipelines;

public sealed class JobStore(Database database)
{
    internal const string Columns =
        """
        j.id, j.pipeline_id, j.project_id, j.name, j.stage, j.stage_index, j.status, j.allow_failure, j.start_when AS "when", j.created_us, j.queued_us,
        j.started_us, j.finished_us, j.failure_reason, j.failure_note, j.exit_code, j.retried, j.runner_id, j.person_id, j.log_size, j.attempt,
        j.after_interruption, j.touched_us, j.due_us, j.timeout_seconds, j.system_id, j.token_hash, j.cancels_gracefully, j.plan, p.sha, p.ref
        """;

    internal const string Tables = "pipelines_jobs j JOIN pipelines_pipelines p ON p.id = j.pipeline_id";

    private readonly Remembered<string, Job> byToken = new(database, "pipelines_jobs", "pipelines_pipelines");

    public Task<Job?> FindAsync(long jobId, CancellationToken cancel) =>
        database.ReadAsync(session => FindAsync(session, jobId), cancel);

    /// <summary>Null when the project has no such job.</summary>
    public async Task<Job?> FindAsync(long projectId, long jobId, CancellationToken cancel) =>
        await FindAsync(jobId, cancel) is { } job && job.ProjectId == projectId ? job : null;

    /// <summary>Jobs by id, for lists that name many; at most 1,000 ids.</summary>
    public async Task<IReadOnlyDictionary<long, Job>> FindAllAsync(IEnumerable<long> ids, CancellationToken cancel)
    {
        var wanted = ids.Distinct().Take(1000).ToArray();
        var jobs = wanted.Length == 0
            ? []
            : await database.ReadAsync(
                session => session.ListAsync<Job>($"SELECT {Columns} FROM {Tables} WHERE j.id IN @wanted", new { wanted }), cancel);
        return jobs.ToDictionary(job => job.Id);
    }

    /// <summary>A project's jobs, newest first.</summary>
    public Task<Page<Job>> ListAsync(long projectId, PageRequest page, IReadOnlyList<JobStatus>? statuses, CancellationToken cancel)
    {
        const string where = "j.project_id = @projectId AND (@any = 1 OR j.status IN @wanted)";
        var parameters = new
        {
            projectId,
            any = statuses is null ? 1 : 0,
            wanted = (statuses ?? [JobStatus.Created]).Select(status => (int)status).ToArray(),
            page.Size,
            page.Skip,
        };
        return database.ReadAsync(
            async session => new Page<Job>(
                await session.ListAsync<Job>($"SELECT {Columns} FROM {Tables} WHERE {where} ORDER BY j.id DESC LIMIT @Size OFFSET @Skip", parameters),
                await session.CountAsync($"SELECT count(*) FROM pipelines_jobs j WHERE {where}", parameters),
                page),
            cancel);
    }

    internal static Task<Job?> FindAsync(Session session, long jobId) =>
        session.FirstAsync<Job>($"SELECT {Columns} FROM {Tables} WHERE j.id = @jobId", new { jobId });

    /// <summary>The job that a token is valid for: running or canceling.</summary>
    internal ValueTask<Job?> FindByTokenAsync(string token, CancellationToken cancel)
    {
        var hash = SecretText.Hash(token);
        return byToken.FindAsync(
            hash,
            session => session.FirstAsync<Job>(
                $"SELECT {Columns} FROM {Tables} WHERE j.token_hash = @hash AND j.status IN @alive",
                new { hash, alive = new[] { (int)JobStatus.Running, (int)JobStatus.Canceling } }),
            cancel);
    }
}
