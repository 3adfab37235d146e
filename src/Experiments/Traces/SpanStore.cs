using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>Spans of one trace as they arrived together, and what their trace is when it is not known yet.</summary>
/// <param name="New">The trace, if these are the first of it: its state says how the root ended, or that none came yet.</param>
/// <param name="CountsNote">The metadata that sums up <paramref name="Counts"/> over all spans, as a JSON object.</param>
/// <param name="Counts">Numbers by name of each span, in the order of the spans.</param>
public sealed record SpanBatch(Trace New, IReadOnlyList<Span> Spans, string CountsNote, IReadOnlyList<IReadOnlyDictionary<string, long>?> Counts);

/// <summary>The steps of traces.</summary>
public sealed class SpanStore(Database database)
{
    public const int MaxPerTrace = 20_000;

    /// <summary>
    /// Keeps spans of some traces; one that comes again replaces itself. All of them are kept, or nothing. Returns the id of the
    /// first trace that belongs to another pipeline than the one whose job sent the spans; null when all is kept.
    /// </summary>
    /// <param name="pipelineId">Of the job that sent them; null for people, who may write to every trace.</param>
    public Task<string?> AddAsync(IReadOnlyList<SpanBatch> batches, long? pipelineId, CancellationToken cancel) =>
        database.WriteAsync<string?>(
            async session =>
            {
                var known = new Dictionary<string, Trace>(StringComparer.Ordinal);
                foreach (var trace in await TraceStore.FindAsync(session, batches[0].New.ProjectId, [.. batches.Select(batch => batch.New.Uid)]))
                {
                    known[trace.Uid] = trace;
                }

                if (pipelineId is not null && known.Values.FirstOrDefault(trace => trace.PipelineId != pipelineId) is { } foreign)
                {
                    return foreign.Uid;
                }

                foreach (var batch in batches)
                {
                    await AddAsync(session, batch, known.GetValueOrDefault(batch.New.Uid));
                }

                return null;
            },
            cancel);

    private static async Task AddAsync(WriteSession session, SpanBatch batch, Trace? known)
    {
        var id = known?.Id ?? await BeginAsync(session, batch.New);
        var uids = batch.Spans.Select(span => span.Uid).ToHashSet(StringComparer.Ordinal);
        var again = await KnownAsync(session, id, uids);
        if (await session.CountAsync("SELECT count(*) FROM experiments_spans WHERE trace_id = @id", new { id }) + uids.Count - again.Count > MaxPerTrace)
        {
            throw Refusal.Invalid($"A trace has at most {MaxPerTrace} spans; {batch.New.Uid} would have more.");
        }

        foreach (var span in batch.Spans)
        {
            await WriteAsync(session, id, span);
        }

        if (known is not null)
        {
            await WidenAsync(session, known, batch.New);
        }

        await CountAsync(session, id, batch, again);
    }

    /// <summary>The root first, then in order of their beginnings; their bodies alone when nothing else is needed.</summary>
    public Task<IReadOnlyList<Span>> ListAsync(Trace trace, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.ListAsync<Span>(
                """
                SELECT uid, parent_uid, name, kind, status, started_ns, ended_ns, body FROM experiments_spans WHERE trace_id = @Id
                ORDER BY CASE WHEN parent_uid IS NULL THEN 0 ELSE 1 END, started_ns, uid
                """,
                new { trace.Id }),
            cancel);

    private static async Task<long> BeginAsync(WriteSession session, Trace trace)
    {
        var id = await session.InsertAsync(
            """
            INSERT INTO experiments_traces (uid, project_id, experiment_id, started_ms, duration_ms, state, request_preview, response_preview, keeps_spans, pipeline_id)
            VALUES (@Uid, @ProjectId, @ExperimentId, @StartedMs, @DurationMs, @state, @RequestPreview, @ResponsePreview, 1, @PipelineId) RETURNING id
            """,
            new
            {
                trace.Uid,
                trace.ProjectId,
                trace.ExperimentId,
                trace.StartedMs,
                trace.DurationMs,
                state = (int)trace.State,
                trace.RequestPreview,
                trace.ResponsePreview,
                trace.PipelineId,
            });
        await TraceStore.AddNotesAsync(session, id, true, trace.Tags);
        return id;
    }

    /// <summary>The trace begins with its first span and ends with its last; the root says how it ended, once.</summary>
    private static Task WidenAsync(WriteSession session, Trace known, Trace seen)
    {
        var started = Math.Min(known.StartedMs, seen.StartedMs);
        var ended = Math.Max(known.StartedMs + (known.DurationMs ?? 0), seen.StartedMs + (seen.DurationMs ?? 0));
        var state = known.State is TraceState.InProgress or TraceState.Unspecified && seen.State != TraceState.InProgress ? seen.State : known.State;
        return session.ExecuteAsync(
            """
            UPDATE experiments_traces SET started_ms = @started, duration_ms = @duration, state = @state,
                request_preview = coalesce(request_preview, @RequestPreview), response_preview = coalesce(response_preview, @ResponsePreview)
            WHERE id = @Id
            """,
            new
            {
                known.Id,
                started,
                duration = seen.DurationMs is null ? known.DurationMs : ended - started,
                state = (int)state,
                seen.RequestPreview,
                seen.ResponsePreview,
            });
    }

    private static Task<int> WriteAsync(WriteSession session, long id, Span span) =>
        session.ExecuteAsync(
            """
            INSERT INTO experiments_spans (trace_id, uid, parent_uid, name, kind, status, started_ns, ended_ns, attributes, content, body)
            VALUES (@id, @Uid, @ParentUid, @Name, @Kind, @Status, @StartedNs, @EndedNs, @Attributes, @Content, @Body)
            ON CONFLICT (trace_id, uid) DO UPDATE SET
                parent_uid = excluded.parent_uid, name = excluded.name, kind = excluded.kind, status = excluded.status, started_ns = excluded.started_ns,
                ended_ns = excluded.ended_ns, attributes = excluded.attributes, content = excluded.content, body = excluded.body
            """,
            new { id, span.Uid, span.ParentUid, span.Name, span.Kind, span.Status, span.StartedNs, span.EndedNs, span.Attributes, span.Content, span.Body });

    private static async Task<HashSet<string>> KnownAsync(WriteSession session, long id, IReadOnlyCollection<string> uids)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in uids.Chunk(500))
        {
            known.UnionWith(await session.ListAsync<string>("SELECT uid FROM experiments_spans WHERE trace_id = @id AND uid IN @part", new { id, part }));
        }

        return known;
    }

    /// <summary>A span that comes again does not count again.</summary>
    private static async Task CountAsync(WriteSession session, long id, SpanBatch batch, HashSet<string> knownUids)
    {
        var fresh = batch.Spans.Zip(batch.Counts).Where(pair => pair.Second is not null && !knownUids.Contains(pair.First.Uid)).Select(pair => pair.Second!).ToList();
        if (fresh.Count == 0)
        {
            return;
        }

        var note = await session.FirstAsync<string>(
            "SELECT value FROM experiments_trace_notes WHERE trace_id = @id AND is_tag = 0 AND name = @CountsNote", new { id, batch.CountsNote });
        await TraceStore.AddNotesAsync(session, id, false, [new NamedText(batch.CountsNote, SpanCounts.Sum(note, fresh))]);
    }
}
