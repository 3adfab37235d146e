using Npgsql;
using NpgsqlTypes;

namespace Squero.Experiments;

/// <summary>On a server every statement is a journey: points and latest values gather, and travel as columns in one.</summary>
internal sealed class PostgresLog(NpgsqlConnection connection) : LogStatements
{
    private const string AddPoints =
        """
        INSERT INTO experiments_tail (id, candidate_id, key_id, step, at_ms, value, is_nan)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
        """;

    private const string SetLatestValues =
        """
        INSERT INTO experiments_latest AS known (candidate_id, key_id, step, at_ms, value, is_nan, is_curve)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (candidate_id, key_id) DO UPDATE SET
            step = excluded.step, at_ms = excluded.at_ms, value = excluded.value, is_nan = excluded.is_nan,
            is_curve = CASE
                WHEN known.is_curve = 1 OR (excluded.step, excluded.at_ms) <> (known.step, known.at_ms) THEN 1
                ELSE excluded.is_curve END
        WHERE (excluded.step, excluded.at_ms, excluded.value) > (known.step, known.at_ms, known.value)
        """;

    // What came late is no latest value, but can be what makes a curve of a single point.
    private const string MarkCurves =
        """
        UPDATE experiments_latest known SET is_curve = 1
        FROM unnest($1, $2, $3, $4, $5) AS late (candidate_id, key_id, step, at_ms, is_curve)
        WHERE known.candidate_id = late.candidate_id AND known.key_id = late.key_id AND known.is_curve = 0
          AND (late.is_curve = 1 OR (known.step, known.at_ms) <> (late.step, late.at_ms))
        """;

    private readonly PointColumns points = new();
    private readonly PointColumns latest = new();
    private readonly List<long> curves = [];

    public override long NextIid(long project) =>
        Number("SELECT coalesce(max(iid), 0) + 1 FROM experiments_candidates WHERE project_id = $1", project);

    public override long AddCandidate(Candidate candidate) =>
        Number(
            """
            INSERT INTO experiments_candidates
                (uid, project_id, experiment_id, iid, name, status, started_us, created_us, person_id, user_name, job_id, pipeline_id, sha, ref)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id
            """,
            candidate.Uid, candidate.ProjectId, candidate.ExperimentId, candidate.Iid, candidate.Name, (long)candidate.Status, candidate.StartedUs,
            candidate.CreatedUs, candidate.PersonId, candidate.UserName, candidate.JobId, candidate.PipelineId, candidate.Sha, candidate.Ref);

    public override CandidateStatus Touch(long candidate, long nowMicros) =>
        (CandidateStatus)Number("UPDATE experiments_candidates SET active_us = $2 WHERE id = $1 RETURNING status", candidate, nowMicros);

    public override long KeyOf(long project, string name)
    {
        Ask("INSERT INTO experiments_keys (project_id, name) VALUES ($1, $2) ON CONFLICT (project_id, name) DO NOTHING", project, name);
        return Number("SELECT id FROM experiments_keys WHERE project_id = $1 AND name = $2", project, name);
    }

    public override string? ParamOf(long candidate, long key) =>
        (string?)Ask("SELECT value FROM experiments_params WHERE candidate_id = $1 AND key_id = $2", candidate, key);

    public override void AddParam(long candidate, long key, string value) =>
        Ask("INSERT INTO experiments_params (candidate_id, key_id, value) VALUES ($1, $2, $3)", candidate, key, value);

    public override void SetTag(long candidate, long key, string value) =>
        Ask(
            """
            INSERT INTO experiments_tags (candidate_id, key_id, value) VALUES ($1, $2, $3)
            ON CONFLICT (candidate_id, key_id) DO UPDATE SET value = excluded.value
            """,
            candidate, key, value);

    public override void AddPoint(long id, SeriesKey series, MetricPoint point) => points.Add(id, series, point);

    public override void SetLatest(SeriesKey series, MetricPoint point, bool isCurve)
    {
        latest.Add(0, series, point);
        curves.Add(isCurve ? 1 : 0);
    }

    public override void Complete()
    {
        if (points.Count == 0)
        {
            return;
        }

        using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                points.Fill(new NpgsqlBatchCommand(AddPoints), withIds: true, withValues: true),
                latest.Fill(new NpgsqlBatchCommand(SetLatestValues), withIds: false, withValues: true, curves),
                latest.Fill(new NpgsqlBatchCommand(MarkCurves), withIds: false, withValues: false, curves),
            },
        };
        batch.ExecuteNonQuery();
    }

    private long Number(string sql, params object?[] values) => (long)Ask(sql, values)!;

    private object? Ask(string sql, params object?[] values)
    {
        using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(value switch
            {
                long number => new NpgsqlParameter<long> { TypedValue = number },
                string text => new NpgsqlParameter<string> { TypedValue = text },
                null => new NpgsqlParameter { Value = DBNull.Value },
                _ => throw new ArgumentException($"A statement of the log takes numbers and texts, not {value.GetType()}.", nameof(values)),
            });
        }

        return command.ExecuteScalar();
    }

    /// <summary>Points by column.</summary>
    private sealed class PointColumns
    {
        private readonly List<long> ids = [];
        private readonly List<long> candidates = [];
        private readonly List<long> keys = [];
        private readonly List<long> steps = [];
        private readonly List<long> times = [];
        private readonly List<double> values = [];
        private readonly List<long> gaps = [];

        public int Count => ids.Count;

        public void Add(long id, SeriesKey series, MetricPoint point)
        {
            var isNan = double.IsNaN(point.Value);
            ids.Add(id);
            candidates.Add(series.Candidate);
            keys.Add(series.Key);
            steps.Add(point.Step);
            times.Add(point.AtMs);
            values.Add(isNan ? 0.0 : point.Value);
            gaps.Add(isNan ? 1 : 0);
        }

        public NpgsqlBatchCommand Fill(NpgsqlBatchCommand command, bool withIds, bool withValues, List<long>? last = null)
        {
            if (withIds)
            {
                Add(command, ids);
            }

            Add(command, candidates);
            Add(command, keys);
            Add(command, steps);
            Add(command, times);
            if (withValues)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Double });
                Add(command, gaps);
            }

            if (last is not null)
            {
                Add(command, last);
            }

            return command;
        }

        private static void Add(NpgsqlBatchCommand command, List<long> column) =>
            command.Parameters.Add(new NpgsqlParameter { Value = column, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
    }
}
