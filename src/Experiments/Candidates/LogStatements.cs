using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Squero.Experiments;

/// <summary>The latest point that a transaction brings of a series.</summary>
/// <param name="IsCurve">The series has points of different steps or times.</param>
internal readonly record struct LatestPoint(long Experiment, MetricPoint Point, bool IsCurve);

/// <summary>The statements that log params, points and tags within one transaction, in the engine's own quickest way.</summary>
internal abstract class LogStatements
{
    public static LogStatements Of(DbConnection connection) =>
        connection is SqliteConnection file ? SqliteLog.Of(file) : new PostgresLog((NpgsqlConnection)connection);

    public abstract long NextIid(long project);

    /// <summary>The id of the new row.</summary>
    public abstract long AddCandidate(Candidate candidate);

    /// <summary>Returns how the candidate stands.</summary>
    public abstract CandidateStatus Touch(long candidate, long nowMicros);

    public abstract long KeyOf(long project, string name);

    public abstract string? ParamOf(long candidate, long key);

    public abstract void AddParam(Candidate candidate, long key, string value);

    public abstract void SetTag(Candidate candidate, long key, string value);

    /// <summary>Points and latest values may wait until <see cref="Complete"/>: nothing else in the transaction reads them.</summary>
    public abstract void AddPoint(long id, SeriesKey series, MetricPoint point);

    /// <summary>Several points of a series as one row.</summary>
    public abstract void AddPacked(long id, SeriesKey series, MetricPoint first, int count, byte[] body);

    /// <summary>Once per series and transaction. Replaces the latest value when it is later, and marks a curve whichever is the later.</summary>
    public abstract void SetLatest(SeriesKey series, LatestPoint latest);

    /// <summary>Writes what has waited.</summary>
    public abstract void Complete();
}
