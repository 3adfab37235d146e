using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Squero.Experiments;

/// <summary>A block as it is stored, without its points.</summary>
internal readonly record struct BlockHead(long Seq, long Points, long FromMs, long ToMs);

/// <summary>A point where it waits to be moved into a block, or several of a series that came together.</summary>
internal readonly record struct TailRow(long Id, SeriesKey Series, MetricPoint Point, byte[]? Body)
{
    public void AddTo(List<MetricPoint> points)
    {
        if (Body is null)
        {
            points.Add(Point);
        }
        else
        {
            PointBlock.Read(Body, points);
        }
    }
}

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

/// <summary>The statements on blocks and tail, in the engine's own quickest way.</summary>
internal abstract class BlockStatements
{
    public static BlockStatements Of(DbConnection connection) =>
        connection is SqliteConnection file ? SqliteBlocks.Of(file) : new PostgresBlocks((NpgsqlConnection)connection);

    /// <summary>The newest blocks, newest first. Full blocks are never touched again, so that a move has to look at no more.</summary>
    public abstract List<BlockHead> Newest(SeriesKey series);

    /// <summary>All blocks in order of their earliest time.</summary>
    public abstract List<BlockHead> Heads(SeriesKey series);

    public abstract void ReadBody(SeriesKey series, long seq, List<MetricPoint> into);

    /// <summary>Points of all blocks that reach into a range of steps, in no order.</summary>
    public abstract void ReadBodies(SeriesKey series, long fromStep, long toStep, int maxBlocks, List<MetricPoint> into);

    public abstract void ReadTail(SeriesKey series, TailSpan span, List<MetricPoint> into);

    /// <summary>The rows of the tail, oldest first; take as many as are wanted.</summary>
    public abstract IEnumerable<TailRow> Oldest();

    /// <summary>Where in the tail each series has rows.</summary>
    public abstract IEnumerable<(SeriesKey Series, TailSpan Span)> TailSpans();

    /// <summary>Candidates that were removed for good while points of theirs were in the tail.</summary>
    public abstract List<long> RemovedInTail();

    /// <summary>How many points the tail holds, and its greatest id (0 when it has none).</summary>
    public abstract (long Points, long LastId) TailEnds();

    /// <summary>Blocks may wait to be removed and added until <see cref="Complete"/>.</summary>
    public abstract void RemoveFrom(SeriesKey series, long seq);

    public abstract void Add(SeriesKey series, long seq, PackedBlock block);

    /// <summary>Removes the tail up to an id and writes what has waited.</summary>
    public abstract void Complete(long lastTailId);
}
