using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>Prepared once for each pooled connection; everything is written at once.</summary>
internal sealed class SqliteLog(SqliteConnection connection) : LogStatements
{
    private static readonly ConditionalWeakTable<object, SqliteLog> Prepared = [];

    private readonly SqliteStatement nextIid = new(connection, """
        SELECT coalesce(max(n.iid), 0) + 1 FROM (
            SELECT max(iid) AS iid FROM experiments_candidates WHERE project_id = ?1
            UNION ALL SELECT max(iid) FROM experiments_candidates WHERE project_id = -?1
        ) AS n
        """);

    private readonly SqliteStatement addCandidate = new(
        connection,
        """
        INSERT INTO experiments_candidates
            (uid, project_id, experiment_id, iid, name, status, started_us, created_us, person_id, user_name, job_id, pipeline_id, sha, ref)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) RETURNING id
        """);

    private readonly SqliteStatement touch = new(connection, "UPDATE experiments_candidates SET active_us = ?2 WHERE id = ?1 RETURNING status");

    private readonly SqliteStatement addKey = new(
        connection, "INSERT INTO experiments_keys (project_id, name) VALUES (?1, ?2) ON CONFLICT (project_id, name) DO NOTHING");

    private readonly SqliteStatement findKey = new(connection, "SELECT id FROM experiments_keys WHERE project_id = ?1 AND name = ?2");

    private readonly SqliteStatement findParam = new(connection, "SELECT value FROM experiments_params WHERE candidate_id = ?1 AND key_id = ?2");

    private readonly SqliteStatement addParam = new(connection, "INSERT INTO experiments_params (candidate_id, key_id, value, experiment_id) VALUES (?1, ?2, ?3, ?4)");

    private readonly SqliteStatement setTag = new(
        connection,
        """
        INSERT INTO experiments_tags (candidate_id, key_id, value, experiment_id) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (candidate_id, key_id) DO UPDATE SET value = excluded.value
        """);

    private readonly SqliteStatement addPoint = new(
        connection, "INSERT INTO experiments_tail (id, candidate_id, key_id, step, at_ms, value, is_nan) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");

    private readonly SqliteStatement addPacked = new(
        connection, "INSERT INTO experiments_tail (id, candidate_id, key_id, step, at_ms, value, is_nan, points, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");

    private readonly SqliteStatement setLatest = new(
        connection,
        """
        INSERT INTO experiments_latest (candidate_id, key_id, step, at_ms, value, is_nan, is_curve, experiment_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (candidate_id, key_id) DO UPDATE SET
            step = excluded.step, at_ms = excluded.at_ms, value = excluded.value, is_nan = excluded.is_nan,
            is_curve = CASE
                WHEN experiments_latest.is_curve = 1 OR (excluded.step, excluded.at_ms) <> (experiments_latest.step, experiments_latest.at_ms) THEN 1
                ELSE excluded.is_curve END
        WHERE (excluded.step, excluded.at_ms, excluded.value) > (experiments_latest.step, experiments_latest.at_ms, experiments_latest.value)
        """);

    // What came late is no latest value, but can be what makes a curve of a single point.
    private readonly SqliteStatement markCurve = new(
        connection,
        """
        UPDATE experiments_latest SET is_curve = 1
        WHERE candidate_id = ?1 AND key_id = ?2 AND is_curve = 0 AND (?5 = 1 OR (step, at_ms) <> (?3, ?4))
        """);

    public static SqliteLog Of(SqliteConnection connection) => Prepared.GetValue(connection.Handle!, _ => new SqliteLog(connection));

    public override long NextIid(long project) => nextIid.Bind(1, project).Number();

    public override long AddCandidate(Candidate candidate) =>
        addCandidate.Bind(1, candidate.Uid).Bind(2, candidate.ProjectId).Bind(3, candidate.ExperimentId).Bind(4, candidate.Iid).Bind(5, candidate.Name)
            .Bind(6, (long)candidate.Status).Bind(7, candidate.StartedUs).Bind(8, candidate.CreatedUs).Bind(9, candidate.PersonId).Bind(10, candidate.UserName)
            .Bind(11, candidate.JobId).Bind(12, candidate.PipelineId).Bind(13, candidate.Sha).Bind(14, candidate.Ref).Number();

    public override CandidateStatus Touch(long candidate, long nowMicros) => (CandidateStatus)touch.Bind(1, candidate).Bind(2, nowMicros).Number();

    public override long KeyOf(long project, string name)
    {
        addKey.Bind(1, project).Bind(2, name).Run();
        return findKey.Bind(1, project).Bind(2, name).Number();
    }

    public override string? ParamOf(long candidate, long key)
    {
        findParam.Bind(1, candidate).Bind(2, key);
        var value = findParam.Next() ? findParam.Text(0) : null;
        findParam.Reset();
        return value;
    }

    public override void AddParam(Candidate candidate, long key, string value) =>
        addParam.Bind(1, candidate.Id).Bind(2, key).Bind(3, value).Bind(4, candidate.ExperimentId).Run();

    public override void SetTag(Candidate candidate, long key, string value) =>
        setTag.Bind(1, candidate.Id).Bind(2, key).Bind(3, value).Bind(4, candidate.ExperimentId).Run();

    public override void AddPoint(long id, SeriesKey series, MetricPoint point) => Bind(addPoint, id, series, point).Run();

    public override void AddPacked(long id, SeriesKey series, MetricPoint first, int count, byte[] body) =>
        Bind(addPacked, id, series, first).Bind(8, count).Bind(9, body).Run();

    public override void SetLatest(SeriesKey series, LatestPoint latest)
    {
        var point = latest.Point;
        var (isNan, curve) = (double.IsNaN(point.Value), latest.IsCurve ? 1 : 0);
        var changed = setLatest.Bind(1, series.Candidate).Bind(2, series.Key).Bind(3, point.Step).Bind(4, point.AtMs)
            .Bind(5, point.Stored).Bind(6, isNan ? 1 : 0).Bind(7, curve).Bind(8, latest.Experiment).Run();
        if (changed == 0)
        {
            markCurve.Bind(1, series.Candidate).Bind(2, series.Key).Bind(3, point.Step).Bind(4, point.AtMs).Bind(5, curve).Run();
        }
    }

    public override void Complete()
    {
    }

    private static SqliteStatement Bind(SqliteStatement statement, long id, SeriesKey series, MetricPoint point) =>
        statement.Bind(1, id).Bind(2, series.Candidate).Bind(3, series.Key).Bind(4, point.Step).Bind(5, point.AtMs)
            .Bind(6, point.Stored).Bind(7, double.IsNaN(point.Value) ? 1 : 0);
}
