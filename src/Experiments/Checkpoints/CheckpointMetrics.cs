using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>One value measured of a checkpoint by a candidate, on a dataset where one was named.</summary>
public sealed record CheckpointMetric(long CheckpointId, string Name, MetricPoint Point, string CandidateUid, string DatasetName, string DatasetDigest);

/// <summary>Keeps what was measured of checkpoints.</summary>
public sealed class CheckpointMetrics(Database database)
{
    /// <summary>Of one checkpoint at most so many values are shown, the latest ones; all of them count in searches.</summary>
    public const int MaxShown = 1000;

    /// <summary>Logging the same value again changes nothing.</summary>
    public Task AddAsync(IReadOnlyCollection<CheckpointMetric> metrics, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                foreach (var metric in metrics)
                {
                    await session.ExecuteAsync(
                        """
                        INSERT INTO experiments_checkpoint_metrics
                            (checkpoint_id, name, at_ms, step, candidate_uid, dataset_name, dataset_digest, value, is_nan)
                        VALUES (@CheckpointId, @Name, @AtMs, @Step, @CandidateUid, @DatasetName, @DatasetDigest, @value, @isNan) ON CONFLICT DO NOTHING
                        """,
                        new
                        {
                            metric.CheckpointId,
                            metric.Name,
                            metric.Point.AtMs,
                            metric.Point.Step,
                            metric.CandidateUid,
                            metric.DatasetName,
                            metric.DatasetDigest,
                            value = metric.Point.Stored,
                            isNan = double.IsNaN(metric.Point.Value) ? 1 : 0,
                        });
                }
            },
            cancel);

    /// <summary>By checkpoint id, in order of name, time and step.</summary>
    public async Task<ILookup<long, CheckpointMetric>> ForAsync(IReadOnlyCollection<long> checkpointIds, CancellationToken cancel)
    {
        var rows = new List<Row>();
        foreach (var part in checkpointIds.Chunk(500))
        {
            rows.AddRange(await database.ReadAsync(
                session => session.ListAsync<Row>(
                    $"""
                    SELECT checkpoint_id, name, at_ms, step, candidate_uid, dataset_name, dataset_digest, value, is_nan
                    FROM (SELECT m.*, row_number() OVER (PARTITION BY checkpoint_id ORDER BY at_ms DESC, step DESC, name) AS place
                          FROM experiments_checkpoint_metrics m WHERE checkpoint_id IN @part) latest
                    WHERE place <= {MaxShown} ORDER BY checkpoint_id, name, at_ms, step, candidate_uid, dataset_name, value
                    """,
                    new { part }),
                cancel));
        }

        return rows.ToLookup(row => row.CheckpointId, row => row.ToMetric());
    }

    private sealed record Row
    {
        public long CheckpointId { get; init; }

        public string Name { get; init; } = "";

        public long AtMs { get; init; }

        public long Step { get; init; }

        public string CandidateUid { get; init; } = "";

        public string DatasetName { get; init; } = "";

        public string DatasetDigest { get; init; } = "";

        public double Value { get; init; }

        public bool IsNan { get; init; }

        public CheckpointMetric ToMetric() =>
            new(CheckpointId, Name, new MetricPoint(Step, AtMs, MetricPoint.FromStored(Value, IsNan)), CandidateUid, DatasetName, DatasetDigest);
    }
}
