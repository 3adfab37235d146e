using Npgsql;
using NpgsqlTypes;

namespace Squero.Experiments;

/// <summary>On a server every statement is a journey: blocks gather, and travel as columns in one.</summary>
internal sealed class PostgresBlocks(NpgsqlConnection connection) : BlockStatements
{
    private const string HeadColumns = "SELECT seq, points, from_ms, to_ms FROM experiments_blocks WHERE candidate_id = $1 AND key_id = $2";

    private const int OldestPage = 2_048;

    private readonly List<(SeriesKey Series, long Seq)> removed = [];
    private readonly List<(SeriesKey Series, long Seq, PackedBlock Block)> added = [];

    public override List<BlockHead> Newest(SeriesKey series) => ReadHeads(HeadColumns + " ORDER BY seq DESC LIMIT 24", series);

    public override List<BlockHead> Heads(SeriesKey series) => ReadHeads(HeadColumns + " ORDER BY from_ms, seq", series);

    public override void ReadBody(SeriesKey series, long seq, List<MetricPoint> into) =>
        ReadBlocks("SELECT body FROM experiments_blocks WHERE candidate_id = $1 AND key_id = $2 AND seq = $3", into, series.Candidate, series.Key, seq);

    public override void ReadBodies(SeriesKey series, long fromStep, long toStep, int maxBlocks, List<MetricPoint> into) =>
        ReadBlocks(
            "SELECT body FROM experiments_blocks WHERE candidate_id = $1 AND key_id = $2 AND to_step >= $3 AND from_step <= $4 ORDER BY seq LIMIT $5",
            into, series.Candidate, series.Key, fromStep, toStep, maxBlocks);

    public override void ReadTail(SeriesKey series, TailSpan span, List<MetricPoint> into)
    {
        using var rows = Read(
            "SELECT step, at_ms, value, is_nan, body FROM experiments_tail WHERE id >= $3 AND id <= $4 AND candidate_id = $1 AND key_id = $2",
            series.Candidate, series.Key, span.First, span.Last);
        while (rows.Next())
        {
            if (rows.IsNull(4))
            {
                into.Add(PointAt(rows, 0));
            }
            else
            {
                PointBlock.Read(rows.Bytes(4), into);
            }
        }
    }

    /// <summary>In pages: what is not wanted any more has been sent all the same.</summary>
    public override IEnumerable<TailRow> Oldest()
    {
        long? last = long.MinValue;
        while (last is { } after)
        {
            last = null;
            using var rows = Read(
                "SELECT id, candidate_id, key_id, step, at_ms, value, is_nan, body FROM experiments_tail WHERE id > $1 ORDER BY id LIMIT $2", after, OldestPage);
            while (rows.Next())
            {
                last = rows.Long(0);
                yield return new TailRow(last.Value, new SeriesKey(rows.Long(1), rows.Long(2)), PointAt(rows, 3), rows.IsNull(7) ? null : rows.Bytes(7));
            }
        }
    }

    public override IEnumerable<(SeriesKey Series, TailSpan Span)> TailSpans()
    {
        using var rows = Read("SELECT candidate_id, key_id, min(id), max(id) FROM experiments_tail GROUP BY candidate_id, key_id");
        while (rows.Next())
        {
            yield return (new SeriesKey(rows.Long(0), rows.Long(1)), new TailSpan(rows.Long(2), rows.Long(3)));
        }
    }

    public override List<long> RemovedInTail()
    {
        var candidates = new List<long>();
        using var rows = Read("SELECT DISTINCT t.candidate_id FROM experiments_tail t JOIN experiments_candidates c ON c.id = t.candidate_id WHERE c.deleted = 2");
        while (rows.Next())
        {
            candidates.Add(rows.Long(0));
        }

        return candidates;
    }

    public override (long Points, long LastId) TailEnds()
    {
        using var rows = Read("SELECT CAST(coalesce(sum(points), 0) AS BIGINT), coalesce(max(id), 0) FROM experiments_tail");
        rows.Next();
        return (rows.Long(0), rows.Long(1));
    }

    public override void RemoveFrom(SeriesKey series, long seq) => removed.Add((series, seq));

    public override void Add(SeriesKey series, long seq, PackedBlock block) => added.Add((series, seq, block));

    public override void Complete(long lastTailId)
    {
        using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Command(
                    """
                    DELETE FROM experiments_blocks old USING unnest($1, $2, $3) AS gone (candidate_id, key_id, seq)
                    WHERE old.candidate_id = gone.candidate_id AND old.key_id = gone.key_id AND old.seq >= gone.seq
                    """,
                    Column(removed.Select(row => row.Series.Candidate)), Column(removed.Select(row => row.Series.Key)), Column(removed.Select(row => row.Seq))),
                Command(
                    """
                    INSERT INTO experiments_blocks (candidate_id, key_id, seq, points, from_step, to_step, from_ms, to_ms, body)
                    SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
                    """,
                    Column(added.Select(row => row.Series.Candidate)), Column(added.Select(row => row.Series.Key)), Column(added.Select(row => row.Seq)),
                    Column(added.Select(row => (long)row.Block.Points)), Column(added.Select(row => row.Block.FromStep)), Column(added.Select(row => row.Block.ToStep)),
                    Column(added.Select(row => row.Block.FromMs)), Column(added.Select(row => row.Block.ToMs)),
                    new NpgsqlParameter { Value = added.Select(row => row.Block.Body).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea }),
                Command("DELETE FROM experiments_tail WHERE id <= $1", new NpgsqlParameter<long> { TypedValue = lastTailId }),
            },
        };
        batch.ExecuteNonQuery();
    }

    private static NpgsqlBatchCommand Command(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(parameters);
        return command;
    }

    private static NpgsqlParameter Column(IEnumerable<long> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };

    private static MetricPoint PointAt(Rows rows, int column) =>
        new(rows.Long(column), rows.Long(column + 1), MetricPoint.FromStored(rows.Real(column + 2), rows.Long(column + 3) == 1));

    private List<BlockHead> ReadHeads(string sql, SeriesKey series)
    {
        using var rows = Read(sql, series.Candidate, series.Key);
        var heads = new List<BlockHead>();
        while (rows.Next())
        {
            heads.Add(new BlockHead(rows.Long(0), rows.Long(1), rows.Long(2), rows.Long(3)));
        }

        return heads;
    }

    private void ReadBlocks(string sql, List<MetricPoint> into, params long[] values)
    {
        using var rows = Read(sql, values);
        while (rows.Next())
        {
            PointBlock.Read(rows.Bytes(0), into);
        }
    }

    private Rows Read(string sql, params long[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        }

        return new Rows(command);
    }

    private sealed class Rows(NpgsqlCommand command) : IDisposable
    {
        private readonly NpgsqlDataReader reader = command.ExecuteReader();

        public bool Next() => reader.Read();

        public bool IsNull(int column) => reader.IsDBNull(column);

        public long Long(int column) => reader.GetInt64(column);

        public double Real(int column) => reader.GetDouble(column);

        public byte[] Bytes(int column) => reader.GetFieldValue<byte[]>(column);

        public void Dispose()
        {
            reader.Dispose();
            command.Dispose();
        }
    }
}
