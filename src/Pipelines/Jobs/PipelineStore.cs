using Squero.Kernel;

namespace Squero.Pipelines;

public sealed class PipelineStore(Database database)
{
    internal const string Columns =
        """
        id, iid, project_id, ref, ref_kind, sha, before_sha, status, source, person_id, name, created_us, updated_us, started_us, finished_us,
        errors, merge_request_iid, context
        """;

    /// <summary>Null when the project has no such pipeline.</summary>
    public Task<Pipeline?> FindAsync(long projectId, long id, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.FirstAsync<Pipeline>(
                $"SELECT {Columns} FROM pipelines_pipelines WHERE id = @id AND project_id = @projectId", new { id, projectId }),
            cancel);

    /// <summary>Newest first; filters left null do not filter.</summary>
    public Task<Page<Pipeline>> ListAsync(
        long projectId, PageRequest page, string? refName, string? sha, JobStatus? status, CancellationToken cancel) =>
        ListAsync(new PipelineFilter(projectId) { Ref = refName, Sha = sha, Statuses = status is { } one ? [one] : null }, page, cancel);

    /// <summary>Those of any of the commits, newest first; at most 1,000 commits and 200 pipelines.</summary>
    public async Task<IReadOnlyList<Pipeline>> ForCommitsAsync(long projectId, IReadOnlyCollection<string> shas, CancellationToken cancel)
    {
        var wanted = shas.Distinct(StringComparer.Ordinal).Take(1000).ToArray();
        return wanted.Length == 0
            ? []
            : await database.ReadAsync(
                session => session.ListAsync<Pipeline>(
                    $"SELECT {Columns} FROM pipelines_pipelines WHERE project_id = @projectId AND sha IN @wanted ORDER BY id DESC LIMIT 200",
                    new { projectId, wanted }),
                cancel);
    }

    /// <summary>By stage, then as in the file; retried rows after the ones that took their place. At most 2,000.</summary>
    public Task<IReadOnlyList<Job>> JobsAsync(long pipelineId, bool includeRetried, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.ListAsync<Job>(
                $"""
                SELECT {JobStore.Columns} FROM {JobStore.Tables}
                WHERE j.pipeline_id = @pipelineId AND (@all = 1 OR j.retried = 0)
                ORDER BY j.stage_index, j.position, j.id DESC LIMIT 2000
                """,
                new { pipelineId, all = includeRetried ? 1 : 0 }),
            cancel);

    internal Task<Page<Pipeline>> ListAsync(PipelineFilter filter, PageRequest page, CancellationToken cancel)
    {
        const string where =
            """
            project_id = @ProjectId AND (@Ref IS NULL OR ref = @Ref) AND (@Sha IS NULL OR sha = @Sha) AND (@Source IS NULL OR source = @Source)
            AND (@any = 1 OR status IN @statuses)
            """;
        var parameters = new
        {
            filter.ProjectId,
            filter.Ref,
            filter.Sha,
            filter.Source,
            any = filter.Statuses is null ? 1 : 0,
            statuses = (filter.Statuses ?? [JobStatus.Created]).Select(status => (int)status).ToArray(),
            page.Size,
            page.Skip,
        };
        var order = filter.OldestFirst ? "ASC" : "DESC";
        return database.ReadAsync(
            async session => new Page<Pipeline>(
                await session.ListAsync<Pipeline>(
                    $"SELECT {Columns} FROM pipelines_pipelines WHERE {where} ORDER BY id {order} LIMIT @Size OFFSET @Skip", parameters),
                await session.CountAsync($"SELECT count(*) FROM pipelines_pipelines WHERE {where}", parameters),
                page),
            cancel);
    }
}

/// <summary>Which pipelines of a project; what is null does not filter.</summary>
internal sealed record PipelineFilter(long ProjectId)
{
    public string? Ref { get; init; }

    public string? Sha { get; init; }

    public string? Source { get; init; }

    public IReadOnlyList<JobStatus>? Statuses { get; init; }

    public bool OldestFirst { get; init; }
}
