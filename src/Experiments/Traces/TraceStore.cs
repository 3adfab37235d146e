using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>Traces with their tags and metadata.</summary>
public sealed class TraceStore(Database database)
{
    /// <summary>So many traces are read, linked or deleted by their ids at once.</summary>
    public const int MaxAtOnce = 1000;

    internal const string Columns =
        "t.id, t.uid, t.project_id, t.experiment_id, t.started_ms, t.duration_ms, t.state, t.request_uid, t.request_preview, t.response_preview, t.keeps_spans, t.pipeline_id";

    public Task<Trace?> FindAsync(long projectId, string uid, CancellationToken cancel) =>
        database.ReadAsync(async session => (await FindAsync(session, projectId, [uid])).FirstOrDefault(), cancel);

    /// <summary>Those that exist, in the order of the ids given.</summary>
    public async Task<IReadOnlyList<Trace>> FindManyAsync(long projectId, IReadOnlyCollection<string> uids, CancellationToken cancel)
    {
        var wanted = uids.Distinct(StringComparer.Ordinal).Take(MaxAtOnce).ToList();
        var found = await database.ReadAsync(session => FindAsync(session, projectId, wanted), cancel);
        return [.. found.OrderBy(trace => wanted.IndexOf(trace.Uid))];
    }

    /// <summary>
    /// Keeps a trace as its client describes it. When it is known already, because its spans came first or the call is repeated, the
    /// description counts; spans, and tags that are not named, stay.
    /// </summary>
    public Task<Trace> StartAsync(Trace trace, IReadOnlyList<Assessment> assessments, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                var id = await session.InsertAsync(
                    """
                    INSERT INTO experiments_traces AS known (uid, project_id, experiment_id, started_ms, duration_ms, state, request_uid, request_preview, response_preview, keeps_spans, pipeline_id)
                    VALUES (@Uid, @ProjectId, @ExperimentId, @StartedMs, @DurationMs, @state, @RequestUid, @RequestPreview, @ResponsePreview, @keeps, @PipelineId)
                    ON CONFLICT (project_id, uid) DO UPDATE SET
                        experiment_id = excluded.experiment_id, started_ms = excluded.started_ms, duration_ms = excluded.duration_ms, state = excluded.state,
                        request_uid = excluded.request_uid, request_preview = excluded.request_preview, response_preview = excluded.response_preview,
                        keeps_spans = excluded.keeps_spans
                    RETURNING id
                    """,
                    new
                    {
                        trace.Uid,
                        trace.ProjectId,
                        trace.ExperimentId,
                        trace.StartedMs,
                        trace.DurationMs,
                        state = (int)trace.State,
                        trace.RequestUid,
                        trace.RequestPreview,
                        trace.ResponsePreview,
                        keeps = trace.KeepsSpans ? 1 : 0,
                        trace.PipelineId,
                    });
                await AddNotesAsync(session, id, true, trace.Tags);
                await AddNotesAsync(session, id, false, trace.Metadata);
                foreach (var assessment in assessments)
                {
                    await AssessmentStore.AddAsync(session, assessment with { TraceId = id });
                }

                return (await FindAsync(session, trace.ProjectId, [trace.Uid]))[0];
            },
            cancel);

    /// <summary>Says how a trace ended that was begun before; tags and metadata come on top.</summary>
    public Task<Trace> EndAsync(Trace trace, TraceState state, long durationMs, IReadOnlyList<NamedText> tags, IReadOnlyList<NamedText> metadata, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(
                    "UPDATE experiments_traces SET state = @state, duration_ms = @durationMs WHERE id = @Id", new { trace.Id, state = (int)state, durationMs });
                await AddNotesAsync(session, trace.Id, true, tags);
                await AddNotesAsync(session, trace.Id, false, metadata);
                return (await FindAsync(session, trace.ProjectId, [trace.Uid]))[0];
            },
            cancel);

    public Task SetTagAsync(Trace trace, NamedText tag, CancellationToken cancel) =>
        database.WriteAsync(session => AddNotesAsync(session, trace.Id, true, [tag]), cancel);

    /// <summary>False when there was no such tag.</summary>
    public async Task<bool> DeleteTagAsync(Trace trace, string name, CancellationToken cancel) =>
        await database.WriteAsync(
            session => session.ExecuteAsync("DELETE FROM experiments_trace_notes WHERE trace_id = @Id AND is_tag = 1 AND name = @name", new { trace.Id, name }), cancel) > 0;

    /// <summary>Linking again changes nothing.</summary>
    public Task LinkAsync(IReadOnlyCollection<Trace> traces, Candidate candidate, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                foreach (var trace in traces)
                {
                    await session.ExecuteAsync(
                        "INSERT INTO experiments_trace_links (trace_id, candidate_uid) VALUES (@Id, @Uid) ON CONFLICT DO NOTHING", new { trace.Id, candidate.Uid });
                }
            },
            cancel);

    /// <summary>Deletes for good, oldest first, those of an experiment that began up to a time or are named; returns how many.</summary>
    public Task<int> DeleteAsync(long experimentId, long? untilMs, int take, IReadOnlyCollection<string> uids, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                var ids = untilMs is { } until
                    ? await session.ListAsync<long>(
                        "SELECT id FROM experiments_traces WHERE experiment_id = @experimentId AND started_ms <= @until ORDER BY started_ms, uid LIMIT @take", new { experimentId, until, take })
                    : await session.ListAsync<long>("SELECT id FROM experiments_traces WHERE experiment_id = @experimentId AND uid IN @uids", new { experimentId, uids = uids.ToArray() });
                foreach (var part in ids.Chunk(500))
                {
                    foreach (var table in (string[])["assessments", "trace_links", "spans", "trace_notes"])
                    {
                        await session.ExecuteAsync($"DELETE FROM experiments_{table} WHERE trace_id IN @part", new { part });
                    }

                    await session.ExecuteAsync("DELETE FROM experiments_traces WHERE id IN @part", new { part });
                }

                return ids.Count;
            },
            cancel);

    internal static async Task<IReadOnlyList<Trace>> FindAsync(Session session, long projectId, IReadOnlyCollection<string> uids)
    {
        var found = new List<Trace>();
        foreach (var part in uids.Chunk(500))
        {
            found.AddRange(await WithNotesAsync(
                session, await session.ListAsync<Trace>($"SELECT {Columns} FROM experiments_traces t WHERE t.project_id = @projectId AND t.uid IN @part", new { projectId, part })));
        }

        return found;
    }

    internal static async Task<IReadOnlyList<Trace>> WithNotesAsync(Session session, IReadOnlyList<Trace> traces)
    {
        var notes = new List<NoteRow>();
        foreach (var part in traces.Select(trace => trace.Id).Chunk(500))
        {
            notes.AddRange(await session.ListAsync<NoteRow>(
                "SELECT trace_id, is_tag, name, value FROM experiments_trace_notes WHERE trace_id IN @part ORDER BY trace_id, name", new { part }));
        }

        var of = notes.ToLookup(note => (note.TraceId, note.IsTag), note => new NamedText(note.Name, note.Value));
        return [.. traces.Select(trace => trace with { Tags = [.. of[(trace.Id, true)]], Metadata = [.. of[(trace.Id, false)]] })];
    }

    internal static async Task AddNotesAsync(WriteSession session, long id, bool isTag, IReadOnlyList<NamedText> notes)
    {
        foreach (var note in notes)
        {
            await session.ExecuteAsync(
                """
                INSERT INTO experiments_trace_notes (trace_id, is_tag, name, value) VALUES (@id, @isTag, @Name, @Value)
                ON CONFLICT (trace_id, is_tag, name) DO UPDATE SET value = excluded.value
                """,
                new { id, isTag = isTag ? 1 : 0, note.Name, note.Value });
        }
    }

    private sealed record NoteRow
    {
        public long TraceId { get; init; }

        public bool IsTag { get; init; }

        public string Name { get; init; } = "";

        public string Value { get; init; } = "";
    }
}
