using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>Prepared once for each pooled connection; everything is written at once.</summary>
internal sealed class SqliteBlocks(SqliteConnection connection) : BlockStatements
{
    private static readonly ConditionalWeakTable<object, SqliteBlocks> Prepared = [];

    // Full blocks are never touched again, so the newest few are all that a move has to look at.
    private readonly SqliteStatement newest = new(
        connection,
        "SELECT seq, points, from_ms, to_ms FROM experiments_blocks WHERE candidate_id = ?1 AND key_id = ?2 ORDER BY seq DESC LIMIT 24");

    private readonly SqliteStatement body = new(
        connection, "SELECT body FROM experiments_blocks WHERE candidate_id = ?1 AND key_id = ?2 AND seq = ?3");

    private readonly SqliteStatement heads = new(
        connection, "SELECT seq, points, from_ms, to_ms FROM experiments_blocks WHERE candidate_id = ?1 AND key_id = ?2 ORDER BY from_ms, seq");

    private readonly SqliteStatement bodies = new(
        connection,
        "SELECT body FROM experiments_blocks WHERE candidate_id = ?1 AND key_id = ?2 AND to_step >= ?3 AND from_step <= ?4 ORDER BY seq LIMIT ?5");

    private readonly SqliteStatement tail = new(
        connection,
        """
        SELECT step, at_ms, value, is_nan, body FROM experiments_tail
        WHERE id >= ?3 AND id <= ?4 AND candidate_id = ?1 AND key_id = ?2
        """);

    private readonly SqliteStatement oldest = new(
        connection, "SELECT id, candidate_id, key_id, step, at_ms, value, is_nan, body FROM experiments_tail ORDER BY id");

    private readonly SqliteStatement removeFrom = new(
        connection, "DELETE FROM experiments_blocks WHERE candidate_id = ?1 AND key_id = ?2 AND seq >= ?3");

    private readonly SqliteStatement add = new(
        connection,
        """
        INSERT INTO experiments_blocks (candidate_id, key_id, seq, points, from_step, to_step, from_ms, to_ms, body)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """);

    private readonly SqliteStatement removeTail = new(connection, "DELETE FROM experiments_tail WHERE id <= ?1");

    private readonly SqliteStatement spans = new(
        connection, "SELECT candidate_id, key_id, min(id), max(id) FROM experiments_tail GROUP BY candidate_id, key_id");

    private readonly SqliteStatement removed = new(
        connection, "SELECT DISTINCT t.candidate_id FROM experiments_tail t JOIN experiments_candidates c ON c.id = t.candidate_id WHERE c.deleted = 2");

    private readonly SqliteStatement ends = new(connection, "SELECT coalesce(sum(points), 0), coalesce(max(id), 0) FROM experiments_tail");

    public static SqliteBlocks Of(SqliteConnection connection) =>
        Prepared.GetValue(connection.Handle!, _ => new SqliteBlocks(connection));

    public override List<BlockHead> Newest(SeriesKey series) => ReadHeads(newest, series);

    public override List<BlockHead> Heads(SeriesKey series) => ReadHeads(heads, series);

    public override void ReadBody(SeriesKey series, long seq, List<MetricPoint> into)
    {
        body.Bind(1, series.Candidate).Bind(2, series.Key).Bind(3, seq);
        while (body.Next())
        {
            PointBlock.Read(body.Bytes(0), into);
        }
    }

    public override void ReadBodies(SeriesKey series, long fromStep, long toStep, int maxBlocks, List<MetricPoint> into)
    {
        bodies.Bind(1, series.Candidate).Bind(2, series.Key).Bind(3, fromStep).Bind(4, toStep).Bind(5, maxBlocks);
        while (bodies.Next())
        {
            PointBlock.Read(bodies.Bytes(0), into);
        }
    }

    public override void ReadTail(SeriesKey series, TailSpan span, List<MetricPoint> into)
    {
        tail.Bind(1, series.Candidate).Bind(2, series.Key).Bind(3, span.First).Bind(4, span.Last);
        while (tail.Next())
        {
            if (tail.IsNull(4))
            {
                into.Add(PointAt(tail, 0));
            }
            else
            {
                PointBlock.Read(tail.Bytes(4), into);
            }
        }
    }

    public override IEnumerable<TailRow> Oldest()
    {
        try
        {
            while (oldest.Next())
            {
                yield return new TailRow(
                    oldest.Long(0), new SeriesKey(oldest.Long(1), oldest.Long(2)), PointAt(oldest, 3), oldest.IsNull(7) ? null : oldest.Bytes(7).ToArray());
            }
        }
        finally
        {
            oldest.Reset();
        }
    }

    public override IEnumerable<(SeriesKey Series, TailSpan Span)> TailSpans()
    {
        try
        {
            while (spans.Next())
            {
                yield return (new SeriesKey(spans.Long(0), spans.Long(1)), new TailSpan(spans.Long(2), spans.Long(3)));
            }
        }
        finally
        {
            spans.Reset();
        }
    }

    public override List<long> RemovedInTail()
    {
        var candidates = new List<long>();
        while (removed.Next())
        {
            candidates.Add(removed.Long(0));
        }

        return candidates;
    }

    public override (long Points, long LastId) TailEnds()
    {
        ends.Next();
        var found = (ends.Long(0), ends.Long(1));
        ends.Reset();
        return found;
    }

    public override void RemoveFrom(SeriesKey series, long seq) => removeFrom.Bind(1, series.Candidate).Bind(2, series.Key).Bind(3, seq).Run();

    public override void Add(SeriesKey series, long seq, PackedBlock block) =>
        add.Bind(1, series.Candidate).Bind(2, series.Key).Bind(3, seq).Bind(4, block.Points)
            .Bind(5, block.FromStep).Bind(6, block.ToStep).Bind(7, block.FromMs).Bind(8, block.ToMs).Bind(9, block.Body).Run();

    public override void Complete(long lastTailId) => removeTail.Bind(1, lastTailId).Run();

    private static MetricPoint PointAt(SqliteStatement row, int column) =>
        new(row.Long(column), row.Long(column + 1), MetricPoint.FromStored(row.Real(column + 2), row.Long(column + 3) == 1));

    private static List<BlockHead> ReadHeads(SqliteStatement statement, SeriesKey series)
    {
        statement.Bind(1, series.Candidate).Bind(2, series.Key);
        var heads = new List<BlockHead>();
        while (statement.Next())
        {
            heads.Add(new BlockHead(statement.Long(0), statement.Long(1), statement.Long(2), statement.Long(3)));
        }

        return heads;
    }
}
