using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>A block as it is stored, without its points.</summary>
internal readonly record struct BlockHead(long Seq, long Points, long FromMs, long ToMs);

/// <summary>Points ready to be stored.</summary>
internal sealed record PackedBlock(int Points, long FromStep, long ToStep, long FromMs, long ToMs, byte[] Body)
{
    /// <param name="points">In order of step, none twice.</param>
    public static PackedBlock Of(MetricPoint[] points)
    {
        var (from, to) = (points[0].AtMs, points[0].AtMs);
        foreach (var point in points)
        {
            (from, to) = (Math.Min(from, point.AtMs), Math.Max(to, point.AtMs));
        }

        return new PackedBlock(points.Length, points[0].Step, points[^1].Step, from, to, PointBlock.Write(points));
    }
}

/// <summary>The statements on blocks, prepared once for each pooled connection.</summary>
internal sealed class BlockStatements(SqliteConnection connection)
{
    private static readonly ConditionalWeakTable<object, BlockStatements> Prepared = [];

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
        SELECT step, at_ms, value, is_nan FROM experiments_tail
        WHERE id >= ?3 AND id <= ?4 AND candidate_id = ?1 AND key_id = ?2
        """);

    private readonly SqliteStatement removeFrom = new(
        connection, "DELETE FROM experiments_blocks WHERE candidate_id = ?1 AND key_id = ?2 AND seq >= ?3");

    private readonly SqliteStatement add = new(
        connection,
        """
        INSERT INTO experiments_blocks (candidate_id, key_id, seq, points, from_step, to_step, from_ms, to_ms, body)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """);

    private readonly SqliteStatement removeTail = new(connection, "DELETE FROM experiments_tail WHERE id <= ?1");

    public static BlockStatements Of(SqliteConnection connection) =>
        Prepared.GetValue(connection.Handle!, _ => new BlockStatements(connection));

    /// <summary>The newest blocks, newest first.</summary>
    public List<BlockHead> Newest(SeriesKey series) => ReadHeads(newest, series);

    /// <summary>All blocks in order of their earliest time.</summary>
    public List<BlockHead> Heads(SeriesKey series) => ReadHeads(heads, series);

    public void ReadBody(SeriesKey series, long seq, List<MetricPoint> into)
    {
        body.Bind(1, series.Candidate).Bind(2, series.Key).Bind(3, seq);
        while (body.Next())
        {
            PointBlock.Read(body.Bytes(0), into);
        }
    }

    /// <summary>Points of all blocks that reach into a range of steps, in no order.</summary>
    public void ReadBodies(SeriesKey series, long fromStep, long toStep, int maxBlocks, List<MetricPoint> into)
    {
        bodies.Bind(1, series.Candidate).Bind(2, series.Key).Bind(3, fromStep).Bind(4, toStep).Bind(5, maxBlocks);
        while (bodies.Next())
        {
            PointBlock.Read(bodies.Bytes(0), into);
        }
    }

    public void ReadTail(SeriesKey series, TailSpan span, List<MetricPoint> into)
    {
        tail.Bind(1, series.Candidate).Bind(2, series.Key).Bind(3, span.First).Bind(4, span.Last);
        while (tail.Next())
        {
            into.Add(new MetricPoint(tail.Long(0), tail.Long(1), MetricPoint.FromStored(tail.Real(2), tail.Long(3) == 1)));
        }
    }

    public void RemoveFrom(SeriesKey series, long seq) => removeFrom.Bind(1, series.Candidate).Bind(2, series.Key).Bind(3, seq).Run();

    public void Add(SeriesKey series, long seq, PackedBlock block) =>
        add.Bind(1, series.Candidate).Bind(2, series.Key).Bind(3, seq).Bind(4, block.Points)
            .Bind(5, block.FromStep).Bind(6, block.ToStep).Bind(7, block.FromMs).Bind(8, block.ToMs).Bind(9, block.Body).Run();

    public void RemoveTail(long lastId) => removeTail.Bind(1, lastId).Run();

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
