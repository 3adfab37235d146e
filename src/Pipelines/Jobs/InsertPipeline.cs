using System.Text.Json;
using Squero.Kernel;

namespace Squero.Pipelines;

/// <summary>Writes a pipeline and its jobs in one transaction. Nothing starts yet: a chore, or its caller, does that.</summary>
internal sealed class InsertPipeline(JobBoard board)
{
    public const int DefaultTimeoutSeconds = 3600;

    /// <summary>Returns the id; that of the pipeline that is already there when the request's key was used.</summary>
    public Task<long> InsertAsync(
        PipelineRequest request, PipelineContext context, PlannedPipeline? plan, IReadOnlyList<string>? errors, CancellationToken cancel) =>
        board.ChangeAsync(
            async session =>
            {
                if (await FindTwinAsync(session.Sql, request) is { } twin)
                {
                    return twin;
                }

                var id = await InsertRowAsync(session.Sql, request, context, plan, errors);
                if (plan is not null)
                {
                    await InsertJobsAsync(session.Sql, id, request, plan);
                    await AutoCancelAsync(session, id, request, plan.AutoCancel);
                    await session.Sql.PublishAsync(new PipelineToStart(id));
                }

                await session.Sql.PublishAsync(new PipelineCreated(request.ProjectId, id, request.Sha, request.Ref));
                if (plan is null)
                {
                    await session.Sql.PublishAsync(new PipelineFinished(request.ProjectId, id, request.Sha, request.Ref, JobStatus.Failed));
                }

                return id;
            },
            cancel);

    private static async Task<long?> FindTwinAsync(WriteSession session, PipelineRequest request) =>
        request.OnceKey is null
            ? null
            : await session.FirstAsync<long?>("SELECT id FROM pipelines_pipelines WHERE once_key = @OnceKey", new { request.OnceKey });

    private static Task<long> InsertRowAsync(
        WriteSession session, PipelineRequest request, PipelineContext context, PlannedPipeline? plan, IReadOnlyList<string>? errors) =>
        session.InsertAsync(
            """
            INSERT INTO pipelines_pipelines (iid, project_id, ref, ref_kind, sha, before_sha, status, source, person_id, name, created_us, updated_us,
                finished_us, errors, merge_request_iid, context, cancel_on_failure, ref_protected, once_key)
            VALUES ((SELECT COALESCE(max(iid), 0) + 1 FROM pipelines_pipelines WHERE project_id = @ProjectId), @ProjectId, @Ref, @kind, @Sha, @before,
                @status, @Source, @PersonId, @name, @NowMicros, @NowMicros, @finished, @errors, @mergeRequestIid, @context, @cancelOnFailure, @refProtected, @OnceKey)
            RETURNING id
            """,
            new
            {
                request.ProjectId,
                request.Ref,
                kind = (int)context.RefKind,
                request.Sha,
                before = context.Commit.BeforeSha ?? "",
                status = (int)(plan is null ? JobStatus.Failed : JobStatus.Created),
                request.Source,
                request.PersonId,
                name = plan?.Name,
                session.NowMicros,
                finished = plan is null ? session.NowMicros : (long?)null,
                errors = errors is null ? null : string.Join('\n', errors),
                mergeRequestIid = request.MergeRequest?.Iid,
                context = StoredContext.Write(context),
                cancelOnFailure = plan?.AutoCancel.OnJobFailure == "all" ? 1 : 0,
                refProtected = context.RefProtected ? 1 : 0,
                request.OnceKey,
            });

    private static async Task InsertJobsAsync(WriteSession session, long pipelineId, PipelineRequest request, PlannedPipeline plan)
    {
        for (var position = 0; position < plan.Jobs.Count; position++)
        {
            var job = plan.Jobs[position];
            await session.ExecuteAsync(
                """
                INSERT INTO pipelines_jobs (pipeline_id, project_id, position, name, stage, stage_index, status, allow_failure, start_when, created_us,
                    person_id, timeout_seconds, resource_group, tags, plan)
                VALUES (@pipelineId, @ProjectId, @position, @Name, @Stage, @StageIndex, @status, @allowed, @when, @NowMicros,
                    @PersonId, @timeout, @ResourceGroup, @tags, @plan)
                """,
                new
                {
                    pipelineId,
                    request.ProjectId,
                    position,
                    job.Name,
                    job.Stage,
                    job.StageIndex,
                    status = (int)JobStatus.Created,
                    allowed = job.AllowFailure ? 1 : 0,
                    when = (int)job.When,
                    session.NowMicros,
                    request.PersonId,
                    timeout = job.TimeoutSeconds ?? DefaultTimeoutSeconds,
                    job.ResourceGroup,
                    tags = JsonSerializer.Serialize(job.Tags),
                    plan = PlannedJobJson.Write(job),
                });
        }
    }

    /// <summary>A newer commit of the same ref makes older pipelines pointless, unless a job that may not be interrupted has begun.</summary>
    private static async Task AutoCancelAsync(BoardSession session, long newId, PipelineRequest request, AutoCancel rule)
    {
        if (rule.OnNewCommit == "none" || request.Source is not ("push" or "merge_request_event"))
        {
            return;
        }

        var older = await session.Sql.ListAsync<long>(
            """
            SELECT id FROM pipelines_pipelines
            WHERE project_id = @ProjectId AND ref = @Ref AND source = @Source AND sha <> @Sha AND id < @newId AND status NOT IN @over
            """,
            new
            {
                request.ProjectId,
                request.Ref,
                request.Source,
                request.Sha,
                newId,
                over = new[] { JobStatus.Success, JobStatus.Failed, JobStatus.Canceled, JobStatus.Skipped }.Select(status => (int)status).ToArray(),
            });
        foreach (var id in older)
        {
            var jobs = await session.ListAsync(id);
            var mayEnd = rule.OnNewCommit == "interruptible"
                ? jobs.Where(job => job.Planned().Interruptible).ToArray()
                : jobs.All(job => job.Status is JobStatus.Created or JobStatus.Pending or JobStatus.Manual or JobStatus.Scheduled or JobStatus.Skipped
                    or JobStatus.WaitingForResource || job.Planned().Interruptible) ? [.. jobs] : [];
            foreach (var job in mayEnd.Where(job => !job.Status.IsFinished()))
            {
                await CancelJob.CancelAsync(session, (await session.FindAsync(job.Id))!, force: false);
            }
        }
    }
}

/// <summary>A chore: the pipeline is written and must begin, even if the server stopped in between.</summary>
internal sealed record PipelineToStart(long PipelineId);
