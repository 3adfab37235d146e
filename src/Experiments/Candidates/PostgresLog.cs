using Npgsql;
using NpgsqlTypes;

namespace Squero.Experiments;

/// <summary>On a server every statement is a journey: points and latest values gather, and travel as columns in one.</summary>
internal sealed class PostgresLog(NpgsqlConnection connection) : LogStatements
{
    private const string AddPoints =
        """
        INSERT INTO experiments_tail (id, candidate_id, key_id, step, at_ms, value, is_nan, points, body)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """;

    private const string Later = "(excluded.step, excluded.at_ms, excluded.value) > (known.step, known.at_ms, known.value)";

    // What came late is no latest value, but can be what makes a curve of a single point.
    private const string SetLatestValues =
        $"""
        INSERT INTO experiments_latest AS known (candidate_id, key_id, step, at_ms, value, is_nan, is_curve, experiment_id)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (candidate_id, key_id) DO UPDATE SET
            step = CASE WHEN {Later} THEN excluded.step ELSE known.step END,
            at_ms = CASE WHEN {Later} THEN excluded.at_ms ELSE known.at_ms END,
            value = CASE WHEN {Later} THEN excluded.value ELSE known.value END,
            is_nan = CASE WHEN {Later} THEN excluded.is_nan ELSE known.is_nan END,
            is_curve = CASE WHEN known.is_curve = 1 OR excluded.is_curve = 1 OR (excluded.step, excluded.at_ms) <> (known.step, known.at_ms) THEN 1 ELSE 0 END
        """;

    private readonly PointColumns rows = new();
    private readonly List<long> ids = [];
    private readonly List<long> counts = [];
    private readonly List<byte[]?> bodies = [];
    private readonly PointColumns latest = new();
    private readonly List<long> curves = [];
    private readonly List<long> experiments = [];

    public override long NextIid(long project) =>
        Number(
            """
            SELECT coalesce(max(n.iid), 0) + 1 FROM (
                SELECT max(iid) AS iid FROM experiments_candidates WHERE project_id = $1
                UNION ALL SELECT max(iid) FROM experiments_candidates WHERE project_id = -$1
            ) AS n
            """,
            project);

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

    public override void AddParam(Candidate candidate, long key, string value) =>
        Ask("INSERT INTO experiments_params (candidate_id, key_id, value, experiment_id) VALUES ($1, $2, $3, $4)", candidate.Id, key, value, candidate.ExperimentId);

    public override void SetTag(Candidate candidate, long key, string value) =>
        Ask(
            """
            INSERT INTO experiments_tags (candidate_id, key_id, value, experiment_id) VALUES ($1, $2, $3, $4)
            ON CONFLICT (candidate_id, key_id) DO UPDATE SET value = excluded.value
            """,
            candidate.Id, key, value, candidate.ExperimentId);

    public override void AddPoint(long id, SeriesKey series, MetricPoint point) => AddRow(id, series, point, 1, null);

    public override void AddPacked(long id, SeriesKey series, MetricPoint first, int count, byte[] body) => AddRow(id, series, first, count, body);

    public override void SetLatest(SeriesKey series, LatestPoint latest)
    {
        this.latest.Add(series, latest.Point);
        curves.Add(latest.IsCurve ? 1 : 0);
        experiments.Add(latest.Experiment);
    }

    public override void Complete()
    {
        if (ids.Count == 0)
        {
            return;
        }

        var set = new NpgsqlBatchCommand(SetLatestValues);
        latest.Fill(set.Parameters);
        Add(set.Parameters, curves);
        Add(set.Parameters, experiments);
        using var batch = new NpgsqlBatch(connection) { BatchCommands = { TailRows(), set } };
        batch.ExecuteNonQuery();
    }

    private void AddRow(long id, SeriesKey series, MetricPoint point, int count, byte[]? body)
    {
        ids.Add(id);
        rows.Add(series, point);
        counts.Add(count);
        bodies.Add(body);
    }

    private NpgsqlBatchCommand TailRows()
    {
        var command = new NpgsqlBatchCommand(AddPoints);
        Add(command.Parameters, ids);
        rows.Fill(command.Parameters);
        Add(command.Parameters, counts);
        command.Parameters.Add(new NpgsqlParameter { Value = bodies, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        return command;
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

    private static void Add(NpgsqlParameterCollection parameters, List<long> column) =>
        parameters.Add(new NpgsqlParameter { Value = column, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });

    /// <summary>Points by column.</summary>
    private sealed class PointColumns
    {
        private readonly List<long> candidates = [];
        private readonly List<long> keys = [];
        private readonly List<long> steps = [];
        private readonly List<long> times = [];
        private readonly List<double> values = [];
        private readonly List<long> gaps = [];

        public void Add(SeriesKey series, MetricPoint point)
        {
            candidates.Add(series.Candidate);
            keys.Add(series.Key);
            steps.Add(point.Step);
            times.Add(point.AtMs);
            values.Add(point.Stored);
            gaps.Add(double.IsNaN(point.Value) ? 1 : 0);
        }

        public void Fill(NpgsqlParameterCollection parameters)
        {
            PostgresLog.Add(parameters, candidates);
            PostgresLog.Add(parameters, keys);
            PostgresLog.Add(parameters, steps);
            PostgresLog.Add(parameters, times);
            parameters.Add(new NpgsqlParameter { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Double });
            PostgresLog.Add(parameters, gaps);
        }
    }
}
