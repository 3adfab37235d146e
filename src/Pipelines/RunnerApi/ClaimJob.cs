using System.Text.Json;
using Squero.Kernel;
using Squero.Projects;
using Squero.RunnerProtocol;

namespace Squero.Pipelines;

/// <summary>A job that a runner has just got, and the token that is valid while it runs.</summary>
internal sealed record ClaimedJob(Job Job, string Token);

/// <summary>Finds the oldest job that a runner may take and gives it to this runner alone.</summary>
internal sealed class ClaimJob(Database database, JobBoard board, ProjectStore projects, NamespaceStore namespaces, TimeProvider time)
{
    public const string TokenPrefix = "glcbt-";
    private const int QueueScanMax = 5000;

    public async Task<ClaimedJob?> ClaimAsync(Runner runner, JobRequest request, CancellationToken cancel)
    {
        foreach (var row in await QueueAsync(request.JobAge ?? 0, cancel))
        {
            if (runner.Fits(row.TagList, row.RefProtected) && await ServesAsync(runner, row.ProjectId, cancel)
                && await TakeAsync(row.Id, runner, request, cancel) is { } claimed)
            {
                return claimed;
            }
        }

        return null;
    }

    private Task<IReadOnlyList<QueuedJob>> QueueAsync(int ageSeconds, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.ListAsync<QueuedJob>(
                """
                SELECT j.id, j.project_id, j.tags, p.ref_protected FROM pipelines_jobs j JOIN pipelines_pipelines p ON p.id = j.pipeline_id
                WHERE j.status = @pending AND (@age = 0 OR j.queued_us <= @before) ORDER BY j.id LIMIT @max
                """,
                new { pending = (int)JobStatus.Pending, age = ageSeconds, before = time.NowMicros() - (ageSeconds * 1_000_000L), max = QueueScanMax }),
            cancel);

    private async Task<bool> ServesAsync(Runner runner, long projectId, CancellationToken cancel)
    {
        switch (runner.Kind)
        {
            case "project_type":
                return runner.ProjectId == projectId;
            case "group_type":
                var group = await namespaces.FindAsync(runner.GroupId ?? 0, cancel);
                var project = await projects.FindAsync(projectId, cancel);
                return group is not null && project?.FullPath.StartsWith(group.FullPath + "/", StringComparison.OrdinalIgnoreCase) == true;
            default:
                return true;
        }
    }

    /// <summary>Null when another runner was faster.</summary>
    private Task<ClaimedJob?> TakeAsync(long jobId, Runner runner, JobRequest request, CancellationToken cancel)
    {
        var token = SecretText.Create(TokenPrefix);
        return board.ChangeAsync<ClaimedJob?>(
            async session =>
            {
                var taken = await session.Sql.ExecuteAsync(
                    """
                    UPDATE pipelines_jobs SET status = @running, runner_id = @runnerId, system_id = @systemId, token_hash = @hash, started_us = @NowMicros,
                        touched_us = @NowMicros, cancels_gracefully = @graceful,
                        timeout_seconds = CASE WHEN @limit IS NULL OR @limit > timeout_seconds THEN timeout_seconds ELSE @limit END
                    WHERE id = @jobId AND status = @pending
                    """,
                    new
                    {
                        jobId,
                        running = (int)JobStatus.Running,
                        pending = (int)JobStatus.Pending,
                        runnerId = runner.Id,
                        systemId = request.SystemId ?? "",
                        hash = SecretText.Hash(token),
                        session.Sql.NowMicros,
                        limit = runner.TimeoutMax,
                        graceful = request.Info?.Supports(RunnerFeatures.CancelGracefully) == true ? 1 : 0,
                    });
                if (taken == 0)
                {
                    return null;
                }

                var job = (await session.FindAsync(jobId))!;
                session.Touch(job.PipelineId);
                return new ClaimedJob(job, token);
            },
            cancel);
    }

    private sealed record QueuedJob
    {
        public long Id { get; init; }

        public long ProjectId { get; init; }

        public string Tags { get; init; } = "[]";

        public bool RefProtected { get; init; }

        public IReadOnlyCollection<string> TagList => JsonSerializer.Deserialize<string[]>(Tags) ?? [];
    }
}
